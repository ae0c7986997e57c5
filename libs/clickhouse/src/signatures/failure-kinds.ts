import type { ClickHouseClient } from '@clickhouse/client';
import { type CrashFilters, parametersOf, timesOf } from '../aggregates/crash-selection';
import { ask } from '../ask';

/** Which crashes, and which parameter (1 to 4) tells the kinds of a stop code apart. */
export interface KindSelection {
  filters: CrashFilters;
  since?: Date;
  until?: Date;
  subtypeParameters: ReadonlyMap<number, number>;
}

/** One way to fail: all that a signature is made of. `value` is the parameter that tells kinds apart, else 0. */
export interface FailureKind {
  code: number;
  driver: string;
  value: bigint;
}

/** How often hosts failed in one way. Times are event times, milliseconds since 1970. */
export type CountedKind = FailureKind & { crashes: number; hosts: number; firstMs: number; lastMs: number };

/** One value that failures have in common, and how many. `version` is that of an update. */
export interface KindShare {
  dimension: 'driver_version' | 'update' | 'os_build' | 'country' | 'org_id';
  value: string;
  version: string;
  crashes: number;
  hosts: number;
}

interface Row {
  bugcheck_code: number;
  driver: string;
  value: string;
  crashes: number;
  hosts: number;
  first_ms: number;
  last_ms: number;
}

/** Counts crashes and hosts by the way in which they failed, most crashes first. */
export async function failureKinds(
  db: ClickHouseClient,
  selection: KindSelection,
  maxRows: number,
): Promise<CountedKind[]> {
  const rows = await ask<Row>(db, 'signatures/failure-kinds', { ...parametersFor(selection), max_rows: maxRows });
  return rows.map((row) => ({
    code: row.bugcheck_code,
    driver: row.driver,
    value: BigInt(row.value),
    crashes: row.crashes,
    hosts: row.hosts,
    firstMs: row.first_ms,
    lastMs: row.last_ms,
  }));
}

/** Counts the hosts of groups of ways to fail: a host that failed in two ways of a group is one. */
export async function hostsOfKinds(
  db: ClickHouseClient,
  selection: KindSelection,
  groups: ReadonlyArray<readonly FailureKind[]>,
): Promise<number[]> {
  if (groups.length === 0) return [];
  const kinds = groups.flatMap((group, index) => group.map((kind) => ({ ...kind, index })));
  const rows = await ask<{ kind_group: number; hosts: number }>(db, 'signatures/hosts-of-kinds', {
    ...parametersFor(selection),
    ...kindParameters(kinds),
    kind_groups: kinds.map(({ index }) => index),
  });
  const hosts = new Map(rows.map((row) => [row.kind_group, row.hosts]));
  return groups.map((_, index) => hosts.get(index) ?? 0);
}

/** What the failures of these ways have in common: the values of each dimension with the most hosts. */
export function sharesOfKinds(
  db: ClickHouseClient,
  selection: KindSelection,
  { kinds, most }: { kinds: readonly FailureKind[]; most: number },
): Promise<KindShare[]> {
  return ask<KindShare>(db, 'signatures/shares-of-kinds', {
    ...parametersFor(selection),
    ...kindParameters(kinds),
    most,
  });
}

function parametersFor(selection: KindSelection): Record<string, unknown> {
  const { sinceMs, untilMs } = timesOf(selection);
  return {
    ...parametersOf({ groupBy: [], filters: selection.filters }),
    since_ms: sinceMs,
    until_ms: untilMs,
    subtype_codes: [...selection.subtypeParameters.keys()],
    subtype_parameters: [...selection.subtypeParameters.values()],
  };
}

function kindParameters(kinds: readonly FailureKind[]) {
  return {
    kind_codes: kinds.map(({ code }) => code),
    kind_drivers: kinds.map(({ driver }) => driver),
    kind_values: kinds.map(({ value }) => value),
  };
}
