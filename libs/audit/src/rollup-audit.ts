import {
  type ClickHouseClient,
  type RollupDifference,
  markChangedHours,
  rollupDifferences,
} from '@ringwatch/clickhouse';
import type { Finding } from './findings';

/** A block is stored a moment before its hours are marked. */
const SECOND_LOOK_AFTER_MS = 3_000;

/**
 * The audit of the counts of crashes: each counted hour against the raw rows. What differs after a second look is told and,
 * unless `repair` is false, its hour marked, so that it is read from raw at once and counted again.
 */
export async function auditRollups(options: {
  db: ClickHouseClient;
  onFinding: (finding: Finding) => void;
  repair?: boolean;
}): Promise<void> {
  const { db, onFinding, repair = true } = options;
  const first = await rollupDifferences(db);
  if (first.length === 0) return;
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_AFTER_MS));
  const hours = first.map(({ bucket }) => bucket.getTime());
  const seen = new Set(first.map(nameOf));
  const standing = (await rollupDifferences(db, { hours })).filter((each) => seen.has(nameOf(each)));
  for (const each of standing) {
    const { rolled, stored } = each;
    const detail = `${nameOf(each)}: ${rolled.crashes} crashes on ${rolled.hosts} hosts counted, ${stored.crashes} on ${stored.hosts} stored${repair ? '; marked to be counted again' : ''}`;
    onFinding({ kind: 'rollup_differs', topic: 'bugchecks', partition: -1, offset: -1, detail });
  }
  if (repair)
    await markChangedHours(
      db,
      standing.map(({ bucket }) => bucket.getTime()),
    );
}

function nameOf(difference: RollupDifference): string {
  const { levelSeconds, bucket, driver, driverVersion, updateChannel, updateVersion } = difference;
  return `${bucket.toISOString()}+${levelSeconds}s ${JSON.stringify([driver, driverVersion, updateChannel, updateVersion])}`;
}
