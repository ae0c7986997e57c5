import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type ErasedId, erase, whereNamed } from '@ringwatch/clickhouse';
import type { CommandReader } from './cli';
import type { Connections } from './connections';
import { type Output, UsageError, table } from './output';

/** Every ingest reads the tombstones again within 5 s, and gives up an insert after 8 s. */
const INGEST_KNOWS_MS = 15_000;

/** `ringwatch erase`. */
export const eraseCommand: CommandReader = (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string' },
      org: { type: 'string' },
      yes: { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { host, org, yes, verify, json } = values;
  if ((host === undefined) === (org === undefined)) throw new UsageError('wanted one of --host ID and --org ID');
  const target: ErasedId = host === undefined ? { kind: 'org', id: org as string } : { kind: 'host', id: host };
  if (target.id === '') throw new UsageError('the id is empty');
  if (!yes && !verify) throw new UsageError('this cannot be undone: say --yes to erase, or --verify to search only');
  return {
    needsKafka: false,
    run: async ({ db }, output) => {
      if (!verify) await eraseTarget(db, target, output);
      output.err('searching every text in the store\n');
      const places = await whereNamed(db, target.id);
      if (json) output.out(`${JSON.stringify({ ...target, erased: !verify, places }, null, 2)}\n`);
      else {
        const rows = places.map(({ table: name, column, rows: count }) => [name, column, count]);
        output.out(table(['still in table', 'column', 'rows'], rows));
        output.out(
          `${target.kind} ${target.id}: ${places.length === 0 ? 'nothing left in the store' : 'still there'}\n`,
        );
      }
      return places.length === 0 ? 0 : 1;
    },
  };
};

async function eraseTarget(db: Connections['db'], target: ErasedId, { err }: Output): Promise<void> {
  await erase(db, target, {
    erasedAt: Date.now(),
    letIngestKnow: async () => {
      err(`waiting ${INGEST_KNOWS_MS / 1_000} s for ingest to know\n`);
      await sleep(INGEST_KNOWS_MS);
    },
    onStep: (step) => err(`erasing: ${step}\n`),
  });
}
