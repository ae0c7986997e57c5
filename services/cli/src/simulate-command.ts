import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CommandReader, Environment, ExitCode } from './cli';
import { type Output, UsageError } from './output';

/** Beside this program, where the projects are built. */
const simulator = join(__dirname, '..', '..', 'simulator', 'dist', 'main.js');

const settings = {
  seed: 'SIMULATOR_SEED',
  speed: 'SIMULATOR_SPEED',
  hosts: 'SIMULATOR_FLEET_HOSTS',
  dates: 'SIMULATOR_DATES',
} as const;

/** `ringwatch simulate`: plays a made-up fleet into the topics, by the simulator as it is started everywhere. */
export const simulateCommand: CommandReader = (args, _now, env) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      speed: { type: 'string' },
      hosts: { type: 'string' },
      dates: { type: 'string' },
      broker: { type: 'string' },
    },
  });
  const [scenario = 'july-2024', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`wanted one scenario, got "${positionals.join(' ')}"`);
  const chosen: Environment = { SIMULATOR_SCENARIO: scenario, HTTP_PORT: '0' };
  for (const [option, name] of Object.entries(settings)) {
    const value = values[option as keyof typeof settings];
    if (value !== undefined) chosen[name] = value;
  }
  if (values.broker !== undefined) chosen['KAFKA_BROKERS'] = values.broker;
  return { kind: 'alone', run: (output: Output) => play({ ...env, ...chosen }, output) };
};

function play(env: Environment, { err }: Output): Promise<ExitCode> {
  if (!existsSync(simulator)) {
    err(`ringwatch simulate: wanted the built simulator at ${simulator}, got nothing; npm run build builds it\n`);
    return Promise.resolve(2);
  }
  const child = spawn(process.execPath, [simulator], { env, stdio: 'inherit' });
  // Ctrl-C reaches the simulator by itself, and it ends cleanly.
  const passOn = () => child.kill('SIGTERM');
  process.once('SIGTERM', passOn);
  return new Promise((done) => {
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', passOn);
      done(signal ? 130 : code === 0 ? 0 : 2);
    });
  });
}
