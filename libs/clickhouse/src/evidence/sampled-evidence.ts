import type { ClickHouseClient } from '@clickhouse/client';
import type { HostSigns, SampledApply, SampledChannel } from '@ringwatch/detection';
import { updateKey } from '@ringwatch/rollout';
import { askColumns } from '../ask';
import type { ArrivalWindow } from './read-evidence';

/** A window of arrival time, and the sample: one host in 2^level. */
export interface SampleWindow extends ArrivalWindow {
  level: number;
}

function valuesOf({ since, until, level }: SampleWindow): Record<string, unknown> {
  return { since, until, parts: 2 ** level };
}

/** The signs of life that came from sampled hosts, by host and minute of arrival; the window's ends are full minutes. */
export async function sampledSigns(db: ClickHouseClient, window: SampleWindow): Promise<HostSigns[]> {
  const columns = await askColumns<{
    host_id: string[];
    org_id: string[];
    country: string[];
    os_build: string[];
    level: number[];
    minute: number[];
    beats: number[][];
    least_delay_ms: Array<number | null>;
    installed_at: Array<number | null>;
    stopped_at: Array<number | null>;
  }>(db, 'evidence/sampled-signs', valuesOf(window));
  if (!columns) return [];
  return columns.host_id.map((hostId, row) => ({
    hostId,
    orgId: columns.org_id[row]!,
    country: columns.country[row]!,
    osBuild: columns.os_build[row]!,
    level: columns.level[row]!,
    receivedAt: columns.minute[row]!,
    beats: columns.beats[row]!,
    leastDelayMs: columns.least_delay_ms[row]!,
    installedAt: columns.installed_at[row]!,
    stoppedAt: columns.stopped_at[row]!,
  }));
}

/** Sampled hosts that took an update for the first time. */
export async function sampledApplies(db: ClickHouseClient, window: SampleWindow): Promise<SampledApply[]> {
  const columns = await askColumns<{
    update_channel: string[];
    update_version: string[];
    host_id: string[];
    level: number[];
    received_at: number[];
    occurred_at: number[];
  }>(db, 'evidence/sampled-applies', valuesOf(window));
  if (!columns) return [];
  return columns.host_id.map((hostId, row) => ({
    hostId,
    level: columns.level[row]!,
    updateKey: updateKey({ channel: columns.update_channel[row]!, version: columns.update_version[row]! }),
    receivedAt: columns.received_at[row]!,
    occurredAt: columns.occurred_at[row]!,
  }));
}

/** Sampled hosts that were first known to run a channel. */
export async function sampledChannels(db: ClickHouseClient, window: SampleWindow): Promise<SampledChannel[]> {
  const columns = await askColumns<{
    update_channel: string[];
    host_id: string[];
    level: number[];
    received_at: number[];
  }>(db, 'evidence/sampled-channels', valuesOf(window));
  if (!columns) return [];
  return columns.host_id.map((hostId, row) => ({
    hostId,
    level: columns.level[row]!,
    channel: columns.update_channel[row]!,
    receivedAt: columns.received_at[row]!,
  }));
}
