import type { ClickHouseClient } from '@clickhouse/client';
import type {
  AppliedHosts,
  Crash,
  EligibleHosts,
  HostApply,
  HostChannel,
  KnownUpdate,
  VendorAction,
} from '@ringwatch/detection';
import type { Update } from '@ringwatch/rollout';
import { type Signature, driverName, signatureOf } from '@ringwatch/signature';
import { ask } from '../ask';

/** A half-open interval of arrival time, milliseconds since 1970 UTC. */
export interface ArrivalWindow {
  since: number;
  until: number;
}

interface UpdateRow {
  update_channel: string;
  update_version: string;
}

interface TimedRow {
  received_at: number;
  occurred_at: number;
}

/** Up to which arrival time everything is stored, and how many partitions say so. */
export async function arrivalUntil(db: ClickHouseClient): Promise<{ closedUntil: number; partitions: number }> {
  const [row] = await ask<{ closed_until: number; partitions: number }>(db, 'evidence/arrival-until', {});
  return { closedUntil: row?.closed_until ?? 0, partitions: row?.partitions ?? 0 };
}

/** Updates that were first heard of in the window. */
export async function knownUpdates(db: ClickHouseClient, window: ArrivalWindow): Promise<KnownUpdate[]> {
  const rows = await ask<UpdateRow & TimedRow>(db, 'evidence/known-updates', { ...window });
  return rows.map((row) => ({ update: updateOf(row), ...timesOf(row) }));
}

/** What vendors did with releases. */
export async function vendorActions(db: ClickHouseClient, window: ArrivalWindow): Promise<VendorAction[]> {
  type Row = UpdateRow & TimedRow & { action: VendorAction['action']; driver: string; content_sha256: string };
  const rows = await ask<Row>(db, 'evidence/vendor-actions', { ...window });
  return rows.map(({ content_sha256, ...row }) => ({
    update: updateOf(row),
    action: row.action,
    driver: row.driver,
    ...(content_sha256 === '' ? {} : { contentSha256: content_sha256 }),
    ...timesOf(row),
  }));
}

/**
 * Hosts that applied an update for the first time: counted, and one by one where `isKnown` says so. The arrival of a single
 * one is told to the second, its start.
 */
export async function appliedHosts(
  db: ClickHouseClient,
  window: ArrivalWindow,
  isKnown: (hostId: string) => boolean,
): Promise<{ applied: AppliedHosts[]; hostApplies: HostApply[] }> {
  type Row = UpdateRow & TimedRow & { os_build: string; country: string; host_ids: string[]; applied_at: number[] };
  const rows = await ask<Row>(db, 'evidence/applied-hosts', { ...window });
  const applied = rows.map((row) => ({
    update: updateOf(row),
    osBuild: row.os_build,
    country: row.country,
    hosts: row.host_ids.length,
    ...timesOf(row),
  }));
  const hostApplies = rows.flatMap((row) =>
    row.host_ids.flatMap((hostId, index): HostApply[] =>
      isKnown(hostId)
        ? [{ hostId, update: updateOf(row), receivedAt: row.received_at, occurredAt: row.applied_at[index]! }]
        : [],
    ),
  );
  return { applied, hostApplies };
}

/** A window for which it does not matter when exactly something was that came before: in arrival and in event time. */
export interface FlooredWindow extends ArrivalWindow {
  receivedFloor: number;
  occurredFloor: number;
}

/** Hosts that were first known to run one of the channels, counted. */
export async function eligibleHosts(
  db: ClickHouseClient,
  channels: readonly string[],
  { since, until, receivedFloor, occurredFloor }: FlooredWindow,
): Promise<EligibleHosts[]> {
  if (channels.length === 0) return [];
  const floors = { received_floor: receivedFloor, occurred_floor: occurredFloor };
  const rows = await ask<KindRow>(db, 'evidence/eligible-hosts', { channels, since, until, ...floors });
  return rows.flatMap((row) => {
    const { update_channel: channel, os_build: osBuild, country, received_at: receivedAt } = row;
    return stepsOf(row, (occurredAt, hosts) => ({ channel, osBuild, country, receivedAt, occurredAt, hosts }));
  });
}

/**
 * All hosts that had taken the updates by a tick, counted, and those that took others in the window. Of others it is not told
 * when or by whom, and of each kind of hosts only the last arrival.
 */
export async function adoptedUpdates(
  db: ClickHouseClient,
  updates: readonly Update[],
  window: ArrivalWindow,
): Promise<AppliedHosts[]> {
  const named = { channels: updates.map(({ channel }) => channel), versions: updates.map(({ version }) => version) };
  const [rows, others] = await Promise.all([
    ask<KindRow & UpdateRow>(db, 'evidence/adopted-updates', { ...named, until: window.until }),
    ask<UpdateRow & { hosts: number; received_at: number }>(db, 'evidence/adopted-others', { ...named, ...window }),
  ]);
  const told = others.map((row): AppliedHosts => {
    const { received_at: receivedAt, hosts } = row;
    return { update: updateOf(row), osBuild: '', country: '', receivedAt, occurredAt: receivedAt, hosts };
  });
  const taken = rows.flatMap((row) => {
    const { os_build: osBuild, country, received_at: receivedAt } = row;
    const update = updateOf(row);
    return stepsOf(row, (occurredAt, hosts): AppliedHosts => {
      return { update, osBuild, country, receivedAt, occurredAt, hosts };
    });
  });
  return [...taken, ...told];
}

/** Hosts of one kind that did something for the first time, by bins of event time: two lists of the same length. */
interface KindRow {
  update_channel: string;
  os_build: string;
  country: string;
  received_at: number;
  occurred_at: number[];
  hosts: number[];
}

function stepsOf<Step>({ occurred_at, hosts }: KindRow, stepOf: (occurredAt: number, hosts: number) => Step): Step[] {
  return occurred_at.map((occurredAt, index) => stepOf(occurredAt, hosts[index]!));
}

/**
 * Stops, host by host, with their copies. Copies of what had arrived before the window are only left out of what happened before
 * `toldLateBefore` (event time, ms since 1970).
 */
export async function crashes(
  db: ClickHouseClient,
  window: ArrivalWindow & { toldLateBefore: number },
): Promise<Crash[]> {
  type Row = TimedRow & {
    event_id: string;
    host_id: string;
    org_id: string;
    country: string;
    os_build: string;
    stratum_country: string;
    stratum_os_build: string;
    bugcheck_code: number;
    parameters: string[];
    fault_offset: string | null;
    driver: string;
    driver_version: string;
    update_channel: string;
  };
  const rows = await ask<Row>(db, 'evidence/crashes', {
    since: window.since,
    until: window.until,
    told_late_before: window.toldLateBefore,
  });
  return rows.map((row) => ({
    eventId: row.event_id,
    hostId: row.host_id,
    orgId: row.org_id,
    country: row.country,
    osBuild: row.os_build,
    stratumCountry: row.stratum_country,
    stratumOsBuild: row.stratum_os_build,
    stopCode: row.bugcheck_code,
    signature: failureOf(row),
    driver: driverName(row.driver),
    driverVersion: row.driver_version,
    channel: row.update_channel,
    receivedAt: row.received_at,
    occurredAt: row.occurred_at,
  }));
}

function failureOf(row: {
  bugcheck_code: number;
  parameters: string[];
  fault_offset: string | null;
  driver: string;
}): Signature {
  return signatureOf({
    bugcheck_code: row.bugcheck_code,
    bugcheck_parameters: row.parameters.map(BigInt),
    driver: row.driver,
    fault_offset: row.fault_offset === null ? null : BigInt(row.fault_offset),
  });
}

/** Updates that hosts had applied whose crash arrived in the window. */
export async function hostApplies(db: ClickHouseClient, window: ArrivalWindow): Promise<HostApply[]> {
  const rows = await ask<UpdateRow & TimedRow & { host_id: string }>(db, 'evidence/host-applies', { ...window });
  return rows.map((row) => ({ hostId: row.host_id, update: updateOf(row), ...timesOf(row) }));
}

/** Channels that hosts were known to run whose crash arrived in the window. */
export async function hostChannels(
  db: ClickHouseClient,
  channels: readonly string[],
  window: ArrivalWindow,
): Promise<HostChannel[]> {
  if (channels.length === 0) return [];
  const rows = await ask<HostChannelRow>(db, 'evidence/host-channels', { channels, ...window });
  return rows.map(toHostChannel);
}

/** All hosts that were known before `until` (arrival time, ms since 1970) to run one of the channels: for channels of few hosts. */
export async function hostsOnChannels(
  db: ClickHouseClient,
  channels: readonly string[],
  until: number,
): Promise<HostChannel[]> {
  if (channels.length === 0) return [];
  return (await ask<HostChannelRow>(db, 'evidence/hosts-on-channels', { channels, until })).map(toHostChannel);
}

type HostChannelRow = TimedRow & { host_id: string; update_channel: string };

function toHostChannel(row: HostChannelRow): HostChannel {
  return { hostId: row.host_id, channel: row.update_channel, ...timesOf(row) };
}

function updateOf(row: UpdateRow): { channel: string; version: string } {
  return { channel: row.update_channel, version: row.update_version };
}

function timesOf(row: TimedRow): { receivedAt: number; occurredAt: number } {
  return { receivedAt: row.received_at, occurredAt: row.occurred_at };
}
