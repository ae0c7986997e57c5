import type { ClickHouseClient } from '@clickhouse/client';
import { driverOfChannel, type Update } from '@ringwatch/rollout';
import { ask } from '../ask';

/** What is known of one update. `shippedAt` and its like are event times; `firstHeardAt` is the arrival that made it known. */
export interface KnownUpdate extends Update {
  firstHeardAt: Date;
  shippedAt: Date | null;
  withdrawnAt: Date | null;
  lastAction: string | null;
  lastActionAt: Date | null;
  firstAppliedAt: Date | null;
  appliedHosts: number;
  driver: string | null;
  title: string | null;
  vendor: string | null;
  replaces: string | null;
  ring: string | null;
  targetFraction: number | null;
}

/** Where a page of updates ended: the next one begins behind it. */
export type UpdatePosition = Update & { firstHeardAt: Date };

/** Which updates; an empty or absent list takes any. */
export interface UpdateFilters {
  channels?: readonly string[];
  /** Images that load them, in lower case. */
  drivers?: readonly string[];
  vendors?: readonly string[];
  /** All of these stand in the channel, version, driver, title or vendor, in any case. */
  words?: readonly string[];
  /** Still under way: neither paused nor withdrawn, and taken by a host, shipped or widened since then. */
  movingSince?: Date;
  verdicts?: VerdictFilter;
}

/** Updates with one of these verdicts, and what a verdict rests on beside the update itself. */
export interface VerdictFilter {
  wanted: readonly string[];
  /** Updates that an unresolved incident blames, and those that it cannot tell from what it blames. */
  blamed: readonly Update[];
  sharing: readonly Update[];
  leastHosts: number;
}

interface Row {
  update_channel: string;
  update_version: string;
  first_heard_ms: number;
  shipped_ms: number | null;
  withdrawn_ms: number | null;
  last_action: string | null;
  last_action_ms: number | null;
  driver: string;
  title: string;
  vendor: string;
  replaces: string;
  ring: string | null;
  target_fraction: number | null;
  first_applied_ms: number | null;
  applied_hosts: number;
}

const latestMs = Date.UTC(2299, 0, 1);

/**
 * Lists updates, newest first (by the arrival that made them known); `only` names some of them, for a look at one. With `orgs`
 * only what hosts of these organisations applied, and only these hosts are counted.
 */
export async function listUpdates(
  db: ClickHouseClient,
  page: {
    after?: UpdatePosition;
    only?: readonly Update[];
    filters?: UpdateFilters;
    orgs?: readonly string[];
    maxRows: number;
  },
): Promise<KnownUpdate[]> {
  const rows = await ask<Row>(db, 'release-history/list-updates', {
    channels: page.only?.map((update) => update.channel) ?? [],
    versions: page.only?.map((update) => update.version) ?? [],
    ...filterParameters(page.filters),
    orgs: page.orgs ?? [],
    heard_until_ms: page.after?.firstHeardAt.getTime() ?? latestMs,
    after_channel: page.after?.channel ?? '',
    after_version: page.after?.version ?? '',
    max_rows: page.maxRows,
  });
  return rows.map(toUpdate);
}

function filterParameters({ verdicts, ...filters }: UpdateFilters = {}): Record<string, unknown> {
  return {
    only_channels: filters.channels ?? [],
    only_drivers: filters.drivers ?? [],
    only_vendors: filters.vendors ?? [],
    words: filters.words ?? [],
    moving_since_ms: filters.movingSince?.getTime() ?? 0,
    only_verdicts: verdicts?.wanted ?? [],
    blamed_channels: verdicts?.blamed.map((update) => update.channel) ?? [],
    blamed_versions: verdicts?.blamed.map((update) => update.version) ?? [],
    sharing_channels: verdicts?.sharing.map((update) => update.channel) ?? [],
    sharing_versions: verdicts?.sharing.map((update) => update.version) ?? [],
    least_hosts: verdicts?.leastHosts ?? 0,
  };
}

function toUpdate(row: Row): KnownUpdate {
  return {
    channel: row.update_channel,
    version: row.update_version,
    firstHeardAt: new Date(row.first_heard_ms),
    shippedAt: instantOf(row.shipped_ms),
    withdrawnAt: instantOf(row.withdrawn_ms),
    lastAction: row.last_action,
    lastActionAt: instantOf(row.last_action_ms),
    firstAppliedAt: instantOf(row.first_applied_ms),
    appliedHosts: row.applied_hosts,
    driver: row.driver || (driverOfChannel(row.update_channel) ?? null),
    title: row.title || null,
    vendor: row.vendor || null,
    replaces: row.replaces || null,
    ring: row.ring,
    targetFraction: row.target_fraction,
  };
}

function instantOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
