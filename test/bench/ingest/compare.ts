import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClickHouseClient, rollupDifferences } from '@ringwatch/clickhouse';
import { hoursWithoutCounts } from './rollups';

/** What is wrong with what a peer stored; all zero when it is exact. Each event and each letter counts once. */
export interface Faults {
  missing_events: number;
  extra_events: number;
  wrong_events: number;
  missing_letters: number;
  extra_letters: number;
  other_reasons: number;
  /** Counts of the rollups that say something else than the rows. */
  wrong_counts: number;
  hours_without_counts: number;
}

const question = readFileSync(join(__dirname, 'compare.sql'), 'utf8');

/** Compares a peer's tables with the truth, event by event. */
export async function compareWithTruth(db: ClickHouseClient): Promise<Faults> {
  const answer = await db.query({ query: question, format: 'JSONEachRow' });
  const [faults] = (await answer.json()) as [Omit<Faults, 'wrong_counts' | 'hours_without_counts'>];
  return {
    ...faults,
    wrong_counts: (await rollupDifferences(db)).length,
    hours_without_counts: await hoursWithoutCounts(db),
  };
}

export function isExact(faults: Faults): boolean {
  return Object.values(faults).every((count) => count === 0);
}

/** For people: "exact", or what is wrong. */
export function describeFaults(faults: Faults): string {
  const names: Record<keyof Faults, string> = {
    missing_events: 'events missing',
    extra_events: 'rows that are no events',
    wrong_events: 'events with wrong content',
    missing_letters: 'dead letters missing',
    extra_letters: 'good messages refused',
    other_reasons: 'other reasons',
    wrong_counts: 'wrong counts',
    hours_without_counts: 'hours not rolled up',
  };
  const said = Object.entries(faults).flatMap(([name, count]) =>
    count > 0 ? `${count} ${names[name as keyof Faults]}` : [],
  );
  return said.length === 0 ? 'exact' : said.join(', ');
}
