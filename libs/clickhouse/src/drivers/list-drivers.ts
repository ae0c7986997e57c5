import type { ClickHouseClient } from '@clickhouse/client';
import { aggregateCrashes, isRolled } from '../aggregates/aggregate-crashes';
import { type CrashAggregate, type CrashSelection, parametersOf, timesOf } from '../aggregates/crash-selection';
import { planLevels } from '../aggregates/plan-levels';
import { ask } from '../ask';
import { hourStates } from '../rollups/hour-states';

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
  const driver = shown.map(({ values }) => String(values.driver));
  const rows = await spansOf(db, { ...selection, filters: { ...selection.filters, driver } });
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

async function spansOf(
  db: ClickHouseClient,
  selection: Pick<CrashSelection, 'filters' | 'since' | 'until'>,
): Promise<SpanRow[]> {
  const { sinceMs, untilMs } = timesOf(selection);
  const { filters } = selection;
  const values = { ...parametersOf({ groupBy: [], filters }), since_ms: sinceMs, until_ms: untilMs };
  if (!isRolled({ groupBy: [], filters })) return ask<SpanRow>(db, 'drivers/driver-spans', values);
  const plan = planLevels(await hourStates(db, sinceMs, untilMs), { sinceMs, untilMs, bucketSeconds: 0 });
  if (!plan) return ask<SpanRow>(db, 'drivers/driver-spans', values);
  return ask<SpanRow>(db, 'drivers/driver-spans-by-level', {
    ...values,
    whole_hours: plan.whole.map(({ startMs }) => startMs / 1_000),
    whole_rolled_us: plan.whole.map(({ rolledUs }) => rolledUs),
    // What is cut by the range is an hour at each end.
    raw_hours: [...plan.fine.map(({ startMs }) => startMs), ...plan.raw].map((ms) => ms / 1_000),
  });
}

function byHosts(a: CrashAggregate, b: CrashAggregate): number {
  return b.hosts - a.hosts || b.crashes - a.crashes || (String(a.values.driver) < String(b.values.driver) ? -1 : 1);
}
