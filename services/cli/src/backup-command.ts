import { BackupRefused, backUp, closedUntil, connectClickHouse, migrate, restore } from '@ringwatch/clickhouse';
import { clickhouseOf } from '@ringwatch/service-kit';
import type { CommandReader } from './cli';
import { readCliConfig } from './config';
import { type Output, UsageError } from './output';

/** Copying a large store takes its time. */
const TIMEOUT_MS = 6 * 60 * 60_000;

/** `ringwatch backup`. */
export const backupCommand: CommandReader = (args) => {
  const name = onlyName(args);
  return {
    needsKafka: false,
    run: async ({ db, config }, output) =>
      orRefuse(output, async () => {
        const { since } = await backUp(db, config.CLICKHOUSE_DATABASE, name);
        output.out(`backup ${name} of database ${config.CLICKHOUSE_DATABASE} is made; ${completeUntil(since)}\n`);
      }),
  };
};

/** `ringwatch restore`. Connects by itself: what all other commands do first, making the newest schema, would be in the way. */
export const restoreCommand: CommandReader = (args, _now, env) => {
  const name = onlyName(args);
  return {
    kind: 'alone',
    run: (output: Output) =>
      orRefuse(output, async () => {
        const settings = clickhouseOf(readCliConfig(env));
        const server = connectClickHouse({ ...settings, database: 'system' }, { timeoutMs: TIMEOUT_MS });
        await restore(server, settings.database, name).finally(() => server.close());
        await migrate(settings);
        const db = connectClickHouse(settings);
        const since = await closedUntil(db).finally(() => db.close());
        output.out(`backup ${name} is restored into database ${settings.database}; ${completeUntil(since)}\n`);
        if (since > 0)
          output.out('what came later is still in Kafka: set ingest back to that time, docs/operations/rewind.md\n');
      }),
  };
};

function onlyName(args: readonly string[]): string {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0 || name.startsWith('-')) throw new UsageError('wanted one name');
  return name;
}

const completeUntil = (since: number) =>
  since === 0
    ? 'nothing had arrived yet'
    : `it has everything that arrived before ${new Date(since).toISOString().replace('Z', '')} UTC`;

async function orRefuse({ err }: Output, work: () => Promise<void>): Promise<0 | 2> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof BackupRefused)) throw error;
    err(`ringwatch: ${error.message}\n`);
    return 2;
  }
}
