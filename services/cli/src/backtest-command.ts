import { parseArgs } from 'node:util';
import { type BacktestProgress, type BacktestResult, InputError, backtest, findInputFiles } from '@ringwatch/backtest';
import { defaultPolicy } from '@ringwatch/detection';
import { PlatformError } from '@ringwatch/platform';
import { describeBacktest } from './backtest-summary';
import type { CommandReader, ExitCode } from './cli';
import { interruptible } from './interruption';
import { type Output, UsageError, progress } from './output';
import { readPolicyFile } from './policy-file';
import { withScratchStore } from './scratch-store';

/** So many refused lines are named one by one; the others are counted. */
const MOST_NAMED = 20;

/** `ringwatch backtest`. */
export const backtestCommand: CommandReader = (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1)
    throw new UsageError(`wanted one folder of recorded events, got "${positionals.join(' ')}"`);
  return { kind: 'alone', run: (output: Output) => run(folder, values, output) };
};

async function run(
  folder: string,
  { policy: policyFile, json }: { policy?: string; json: boolean },
  output: Output,
): Promise<ExitCode> {
  const startedAt = performance.now();
  try {
    const policy = policyFile === undefined ? defaultPolicy : await readPolicyFile(policyFile);
    await findInputFiles(folder); // before anything is started
    const refusals = new Refusals(output.err);
    const result = await interruptible((signal) =>
      withScratchStore(
        (line) => output.err(`${line}\n`),
        (db) =>
          backtest(db, folder, {
            policy,
            signal,
            onChange: (change) => output.out(`${JSON.stringify(change)}\n`),
            onRefused: (refused) => refusals.add(refused),
            onProgress: teller(output.err),
          }),
      ),
    );
    if (!result) {
      output.err('ended before it was done\n');
      return 130;
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    output.err(
      json
        ? `${JSON.stringify(toJson(result, refusals, seconds))}\n`
        : refusals.describe() + describeBacktest(result, seconds),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof PlatformError)) throw error;
    output.err(`ringwatch backtest: ${error.message}\n`);
    return 2;
  }
}

/** Names the first refused lines, and counts all of them by their reason. */
class Refusals {
  readonly byReason: Record<string, number> = {};
  private named = 0;

  constructor(private readonly err: Output['err']) {}

  add({ path, line, reason, field, detail }: Parameters<Parameters<typeof backtest>[2]['onRefused']>[0]): void {
    const why = `${reason} ${field}`.trim();
    this.byReason[why] = (this.byReason[why] ?? 0) + 1;
    if (this.named++ < MOST_NAMED) this.err(`refused ${path}:${line}: ${why}: ${detail}\n`);
    else if (this.named === MOST_NAMED + 1) this.err('more refused lines are only counted\n');
  }

  describe(): string {
    const counted = Object.entries(this.byReason).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return counted.map(([why, lines]) => `refused: ${why}: ${lines} lines\n`).join('');
  }
}

/** Says now and then what is going on, how far it is and how fast it goes. */
function teller(err: Output['err']): (step: BacktestProgress) => void {
  const say = progress(err);
  let phase: BacktestProgress['kind'] = 'loading';
  let startedAt = performance.now();
  let heardAt = startedAt;
  return (step) => {
    if (phase !== step.kind) startedAt = heardAt;
    phase = step.kind;
    heardAt = performance.now();
    const pace = Math.round(step.events / Math.max(0.001, (heardAt - startedAt) / 1_000));
    const share = `${(100 * step.share).toFixed(0)} %`;
    say(
      step.kind === 'loading'
        ? `loading: ${share}, ${step.events} events, ${pace} events/s (${step.path})`
        : `deciding: ${share}, until ${new Date(step.until).toISOString()}, ${pace} events/s`,
    );
  };
}

function toJson(
  { files, lines, arrived, ticks, ticksLookedAt, incidents }: BacktestResult,
  refusals: Refusals,
  seconds: number,
) {
  const iso = (instant: number) => new Date(instant).toISOString();
  return {
    files: files.map(({ path }) => path),
    lines,
    refused: refusals.byReason,
    arrived: arrived ? { first: iso(arrived.first), last: iso(arrived.last) } : null,
    ticks,
    ticks_looked_at: ticksLookedAt,
    seconds,
    incidents: incidents.map(({ incident_id, opened_at, severity, scope, suspect, state, evidence }) => ({
      incident_id,
      opened_at,
      severity,
      scope,
      suspect,
      crashed_hosts: evidence.crashed_hosts,
      exposed_hosts: evidence.exposed_hosts,
      state,
    })),
  };
}
