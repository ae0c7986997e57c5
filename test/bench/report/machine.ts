import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { createRequire } from 'node:module';

/** One line of where it was measured. */
export function describeMachine(): string {
  const { kafkaVersion } = createRequire(__filename)('../../../libs/platform/process/requirements.cjs') as {
    kafkaVersion(): string;
  };
  const commit = textOf('git', ['rev-parse', '--short', 'HEAD']);
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} cores (${model}), ${memory} GiB; Node ${process.versions.node}, Kafka ${kafkaVersion()}; commit ${commit}`;
}

function textOf(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, {
      cwd: __dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
