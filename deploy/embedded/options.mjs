import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import requirements from '../../libs/platform/process/requirements.cjs';

/** Who listens on which port of 127.0.0.1 unless told otherwise by --<part>-port or RINGWATCH_<PART>_PORT. */
const defaultPorts = {
  kafka: 9092,
  clickhouse: 8123,
  api: 8080,
  ingest: 8081,
  detector: 8082,
  notifier: 8083,
  simulator: 8084,
};
const defaultScenario = 'july-2024';
/** Two hours of July 2024 in two minutes. */
const defaultSpeed = 60;

export const help = `Starts Ringwatch on this machine: Kafka, ClickHouse and the services, then plays a scenario of a bad update
and prints the alert. Goes on running until Ctrl-C. The first run sets up what is missing (some minutes).

  npm start -- [options]

  --scenario NAME     what the simulator plays (default: ${defaultScenario}): a file of services/simulator/scenarios
                      without its ending, or the path of one of your own
  --speed N           how many times faster than in reality (default: ${defaultSpeed}), or max
  --no-scenario       only the platform and the services, for your own events
  --fresh             delete the data of earlier runs first
  --data-dir DIR      where the data is kept (default: .ringwatch/data)
  --free-ports        take free ports instead of the usual ones
${Object.entries(defaultPorts)
  .map(
    ([part, port]) => `  ${`--${part}-port N`.padEnd(20)}(default: ${port}; or RINGWATCH_${part.toUpperCase()}_PORT)`,
  )
  .join('\n')}
  --help              this text

Logs are in .ringwatch/logs. Nothing is left running after Ctrl-C; a second Ctrl-C does not wait for an orderly end.`;

/** Reads the command line and the environment. Throws a PlatformError that says which option is wrong. */
export function readOptions(argv, env) {
  const portOptions = Object.keys(defaultPorts).map((part) => [`${part}-port`, { type: 'string' }]);
  const { values } = parse(argv, {
    scenario: { type: 'string' },
    speed: { type: 'string' },
    'no-scenario': { type: 'boolean' },
    fresh: { type: 'boolean' },
    'data-dir': { type: 'string' },
    'free-ports': { type: 'boolean' },
    help: { type: 'boolean' },
    ...Object.fromEntries(portOptions),
  });
  return {
    help: values.help === true,
    fresh: values.fresh === true,
    dataDir: values['data-dir'] ? fromHere(values['data-dir']) : join(requirements.workFolder, 'data'),
    scenario: values['no-scenario'] ? undefined : scenarioOf(values, fromHere),
    ports: Object.fromEntries(Object.entries(defaultPorts).map(([part, port]) => [part, portOf(part, port)])),
  };

  /** npm changes to the root of the project, and says where the person was. */
  function fromHere(path) {
    return resolve(env.INIT_CWD ?? '.', path);
  }

  function portOf(part, usual) {
    const [option, variable] = [`${part}-port`, `RINGWATCH_${part.toUpperCase()}_PORT`];
    if (values[option] !== undefined) return number(`--${option}`, values[option], 0, 65_535);
    if (env[variable]) return number(variable, env[variable], 0, 65_535);
    return values['free-ports'] ? 0 : usual;
  }
}

function scenarioOf({ scenario = defaultScenario, speed = String(defaultSpeed) }, fromHere) {
  return {
    name: /[\\/]/.test(scenario) ? fromHere(scenario) : scenario,
    speed: speed === 'max' ? speed : number('--speed', speed, 1, 100_000),
  };
}

function parse(args, options) {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw wrong(
      'An option',
      `one of ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(', ')}`,
      error.message,
    );
  }
}

function number(name, text, min, max) {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw wrong(name, `a number from ${min} to ${max}`, `"${text}"`);
}

function wrong(name, wanted, got) {
  return new requirements.PlatformError({ what: `${name} is wrong`, wanted, got, next: 'See "npm start -- --help".' });
}
