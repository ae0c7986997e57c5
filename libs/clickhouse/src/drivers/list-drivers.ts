import type { ClickHouseClient } from '@clickhouse/client';
import { aggregateCrashes } from '../aggregates/aggregate-crashes';
import { type CrashAggregate, type CrashSelection, parametersOf, timesOf } from '../aggregates/crash-selection';
import { ask } from '../ask';

/** A driver that crashes blame. Times are event times. */
export interface BlamedDriver {
  driver: string;
  crashes: number;
  hosts: number;
  /** Whether `hosts` is an estimate, with a standard error of 0.3 %. */
  hostsEstimated: boolean;
  versions: number;
  updates: number;
  firstCrashAt: Date;
  lastCrashAt: Date;
}

interface SpanRow {
  driver: string;
  versions: number;
  updates: number;
  first_ms: number;
  last_ms: number;
}

/** No store has as many. */
const MOST_DRIVERS = 100_000;

/** Lists the drivers that crashes of this selection blame, those of most hosts first. */
export async function listDrivers(
  db: ClickHouseClient,
  selection: Pick<CrashSelection, 'filters' | 'since' | 'until' | 'hosts' | 'maxRows'>,
): Promise<BlamedDriver[]> {
  const counted = await aggregateCrashes(db, { ...selection, groupBy: ['driver'], maxRows: MOST_DRIVERS });
  const shown = counted.sort(byHosts).slice(0, selection.maxRows);
  if (shown.length === 0) return [];
  const { sinceMs, untilMs } = timesOf(selection);
  const driver = shown.map(({ values }) => String(values.driver));
  const rows = await ask<SpanRow>(db, 'drivers/driver-spans', {
    ...parametersOf({ groupBy: [], filters: { ...selection.filters, driver } }),
    since_ms: sinceMs,
    until_ms: untilMs,
  });
  const spans = new Map(rows.map((row) => [row.driver, row]));
  return shown.flatMap(({ values, crashes, hosts, hostsEstimated }): BlamedDriver[] => {
    const span = spans.get(String(values.driver));
    // Erased between the two questions.
    if (!span) return [];
    const { driver, versions, updates, first_ms, last_ms } = span;
    const times = { firstCrashAt: new Date(first_ms), lastCrashAt: new Date(last_ms) };
    return [{ driver, crashes, hosts, hostsEstimated, versions, updates, ...times }];
  });
}

function byHosts(a: CrashAggregate, b: CrashAggregate): number {
  return b.hosts - a.hosts || b.crashes - a.crashes || (String(a.values.driver) < String(b.values.driver) ? -1 : 1);
}
