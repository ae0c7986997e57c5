import { setTimeout as sleep } from 'node:timers/promises';
import { connectClickHouse, rollupDifferences } from '@ringwatch/clickhouse';
import type { Lane } from './lane';

/** Hours are counted again a while after they changed; what is not by then is read from the raw rows, and not compared. */
const ROLLED_WITHIN_MS = 60_000;

/** Hours with their crashes: as counted, in hours whose counts are up to date, and as stored. */
const HOURS = `SELECT toString(hour) AS hour, changed >= rolled AS is_dirty, counted, stored FROM
  (SELECT hour, max(changed_at) AS changed FROM changed_hours GROUP BY hour) AS changes
  LEFT JOIN (SELECT hour, max(rolled_at) AS rolled FROM rolled_hours GROUP BY hour) AS rolls USING (hour)
  LEFT JOIN (SELECT toStartOfHour(bucket) AS hour, sum(crashes) AS counted FROM crashes_per_5_minutes FINAL
    INNER JOIN (SELECT hour AS rolled_hour, max(rolled_at) AS since FROM rolled_hours GROUP BY hour) AS current
    ON rolled_hour = toStartOfHour(bucket) WHERE rolled_at >= since GROUP BY hour) AS counts USING (hour)
  LEFT JOIN (SELECT toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour, count() AS stored FROM bugchecks FINAL GROUP BY hour)
    AS raw USING (hour)`;

interface Hour {
  hour: string;
  is_dirty: number;
  counted: string;
  stored: string;
}

/** I4: every hour with a row is marked, and the counts of hours that are up to date say what the raw rows say. */
export async function rollupFaults(lane: Lane): Promise<string[]> {
  const hours = await hoursAtRest(lane);
  const clean = hours.filter(({ is_dirty }) => !is_dirty);
  lane.count('hours compared with their counts', clean.length);
  const wrong = clean.filter(({ counted, stored }) => counted !== stored).map((each) => JSON.stringify(each));
  const [unmarked] = await lane.world.ask<{ n: string }>(
    lane.name,
    `SELECT count() AS n FROM bugchecks FINAL WHERE toStartOfHour(toDateTime(occurred_at, 'UTC')) NOT IN (SELECT hour FROM changed_hours)`,
  );
  return [
    ...(wrong.length > 0
      ? [`I4: ${wrong.length} hours whose counts differ from the raw rows, such as ${wrong[0]}`]
      : []),
    ...(Number(unmarked?.n) > 0 ? [`I4: ${unmarked?.n} rows in hours that are not marked as changed`] : []),
    ...(await ownDifferences(lane)),
  ];
}

async function hoursAtRest(lane: Lane): Promise<Hour[]> {
  for (const end = Date.now() + ROLLED_WITHIN_MS; ; await sleep(500)) {
    const hours = await lane.world.ask<Hour>(lane.name, HOURS);
    if (Date.now() > end || hours.every(({ is_dirty }) => !is_dirty)) return hours;
  }
}

/** What the product itself finds. */
async function ownDifferences(lane: Lane): Promise<string[]> {
  const settings = { url: lane.world.platform.clickhouseUrl, database: lane.name, username: 'default', password: '' };
  const db = connectClickHouse(settings);
  try {
    const found = await rollupDifferences(db);
    return found.length === 0
      ? []
      : [`I4: ringwatch finds ${found.length} differences, such as ${JSON.stringify(found[0])}`];
  } finally {
    await db.close();
  }
}
