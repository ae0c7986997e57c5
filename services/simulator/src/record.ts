import { parseArgs } from 'node:util';
import { play } from '@ringwatch/fleet';
import { ConfigError, runMain } from '@ringwatch/service-kit';
import { writeRecordFiles } from './record-files';
import { knownScenarios, loadScenario } from './scenario-files';

const USAGE = `usage: node record.js SCENARIO FOLDER [--seed TEXT] [--hosts N] [--gzip] [--shift-ms N]
Writes a scenario as bugchecks.jsonl, updates.jsonl, installs.jsonl and heartbeats.jsonl, with its own dates.
Scenarios: ${knownScenarios().join(', ')}, or the path of a file.`;

runMain(async () => {
  const { folder, scenario, seed, hosts, gzip, shiftMs } = readArguments();
  const options = { seed, shiftMs, ...(hosts === undefined ? {} : { fleetSize: hosts }) };
  const written = await writeRecordFiles(play(loadScenario(scenario), options), folder, { gzip });
  process.stdout.write(`${JSON.stringify({ scenario, seed, folder, ...written })}\n`);
});

function readArguments() {
  const { values, positionals } = parse();
  const [scenario, folder] = positionals;
  if (scenario === undefined || folder === undefined || positionals.length > 2) throw new ConfigError(USAGE);
  return {
    scenario,
    folder,
    seed: values.seed,
    gzip: values.gzip,
    hosts: values.hosts === undefined ? undefined : wholeNumber('--hosts', values.hosts),
    shiftMs: wholeNumber('--shift-ms', values['shift-ms']),
  };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: 'string', default: '1' },
        hosts: { type: 'string' },
        gzip: { type: 'boolean', default: false },
        'shift-ms': { type: 'string', default: '0' },
      },
    });
  } catch (cause) {
    throw new ConfigError(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`, { cause });
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new ConfigError(`${name}: wanted a whole number, got ${JSON.stringify(text)}`);
  return value;
}
