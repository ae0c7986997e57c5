import { ConfigError } from '@ringwatch/service-kit';
import { RefusedError } from './api/api-client';
import { incidentsCommand } from './api/incidents-command';
import { queryCommand, topCommand } from './api/query-command';
import { statusCommand } from './api/status-command';
import { updatesCommand } from './api/updates-command';
import { auditCommand } from './audit-command';
import { backtestCommand } from './backtest-command';
import { backupCommand, restoreCommand } from './backup-command';
import { completionCommand } from './completion-command';
import { readCliConfig } from './config';
import { type Connections, UnreachableError, connect } from './connections';
import { deadLettersCommand } from './dead-letters-command';
import { eraseCommand } from './erase-command';
import { notifyCommand } from './notify-command';
import { keysCommand } from './keys-command';
import { type Output, UsageError } from './output';
import { replayCommand } from './replay-command';
import { simulateCommand } from './simulate-command';
import { type Command, usage } from './usage';

/** 0 nothing found, go; 1 findings; 2 wrong usage or settings, or a server that cannot be reached; 3 hold; 4 halt; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/** How to carry out a command: against the running system, or on its own. */
export type Task =
  | { needsKafka: boolean; run: (connections: Connections, output: Output) => Promise<ExitCode> }
  | { kind: 'alone'; run: (output: Output) => Promise<ExitCode> };

export type Environment = Record<string, string | undefined>;

/** A command: reads its arguments at once (@throws UsageError), and says how to carry them out. */
export type CommandReader = (args: readonly string[], now: number, env: Environment) => Task;

const commands: Record<Command, CommandReader> = {
  status: statusCommand,
  top: topCommand,
  query: queryCommand,
  incidents: incidentsCommand,
  updates: updatesCommand,
  simulate: simulateCommand,
  completion: completionCommand,
  audit: auditCommand,
  backtest: backtestCommand,
  replay: replayCommand,
  'dead-letters': deadLettersCommand,
  erase: eraseCommand,
  backup: backupCommand,
  restore: restoreCommand,
  notify: notifyCommand,
  keys: keysCommand,
};

/** Runs the command line; every error is told on `err` and becomes an exit code. */
export async function runCli(args: readonly string[], env: Environment, output: Output): Promise<ExitCode> {
  const [name = '--help', ...rest] = args;
  const command = Object.keys(commands).find((each): each is Command => each === name);
  if (!command || rest.includes('--help') || rest.includes('-h')) {
    if (!command && name !== '--help' && name !== '-h') {
      output.err(`ringwatch: there is no command "${name}"\n\n${usage.general}`);
      return 2;
    }
    output.out(command ? usage[command] : usage.general);
    return 0;
  }
  try {
    const task = commands[command](rest, Date.now(), env);
    if ('kind' in task) return await task.run(output);
    const connections = await connect(readCliConfig(env), task.needsKafka);
    return await task.run(connections, output).finally(() => connections.close());
  } catch (error) {
    return tell(error, command, output);
  }
}

function tell(error: unknown, command: Command, { err }: Output): ExitCode {
  if (error instanceof UsageError || isArgumentError(error))
    err(`ringwatch ${command}: ${error.message}\nTry "ringwatch ${command} --help".\n`);
  else if (error instanceof ConfigError || error instanceof UnreachableError || error instanceof RefusedError)
    err(`ringwatch: ${error.message}\n`);
  else err(`ringwatch ${command} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 2;
}

/** What Node's own parser has to say of arguments. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
