import type { ClickHouseClient } from '@clickhouse/client';
import type { Silence, SilenceExposure, SilenceRound } from '@ringwatch/detection';
import { updateKey, updateOfKey } from '@ringwatch/rollout';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';
import type { ArrivalWindow } from './read-evidence';

interface SilenceRow {
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  kind: string;
  last_sign_at: number;
  pace_ms: number;
  channels: string[];
  applied: Array<{ update_channel: string; update_version: string; applied_at: number }>;
}

interface ExposureRow {
  update_channel: string;
  update_version: string;
  kind: string;
  eligible: number;
  treated: number[];
  recent: number;
}

/** What reviews found and noted in the window of arrival time, oldest first. */
export async function notedSilences(db: ClickHouseClient, window: ArrivalWindow): Promise<SilenceRound[]> {
  const [silences, exposures] = await Promise.all([
    ask<SilenceRow & { noted_ms: number }>(db, 'evidence/noted-silences', { ...window }),
    ask<ExposureRow & { noted_ms: number }>(db, 'evidence/noted-silence-exposures', { ...window }),
  ]);
  const rounds = new Map<number, SilenceRound>();
  for (const row of silences) {
    const round = rounds.get(row.noted_ms) ?? { notedAt: row.noted_ms, silences: [], exposures: [] };
    rounds.set(row.noted_ms, round);
    round.silences.push(toSilence(row, row.noted_ms));
  }
  // Without the hosts that an erasure took, an exposure says nothing.
  for (const row of exposures) rounds.get(row.noted_ms)?.exposures.push(toExposure(row));
  return [...rounds.values()];
}

/** Notes what reviews found, for a detector that starts anew. The same may be noted again. */
export async function noteSilences(db: ClickHouseClient, rounds: readonly SilenceRound[]): Promise<void> {
  const rowsOf = (of: (round: SilenceRound) => object[]) =>
    rounds.flatMap((round) => of(round).map((row): object => ({ noted_at: toDateTime64(round.notedAt), ...row })));
  const rows = {
    silences: rowsOf(({ silences }) => silences.map(fromSilence)),
    silence_exposures: rowsOf(({ exposures }) => exposures.map(fromExposure)),
  };
  for (const [table, values] of Object.entries(rows)) {
    if (values.length > 0) await db.insert({ table, values, format: 'JSONEachRow' });
  }
}

function toSilence(row: SilenceRow, notedAt: number): Silence {
  const applied = row.applied.map(({ update_channel, update_version, applied_at }): [string, number] => [
    updateKey({ channel: update_channel, version: update_version }),
    applied_at,
  ]);
  return {
    hostId: row.host_id,
    orgId: row.org_id,
    country: row.country,
    osBuild: row.os_build,
    kind: row.kind,
    lastSignAt: row.last_sign_at,
    paceMs: row.pace_ms,
    notedAt,
    channels: row.channels,
    applied: new Map(applied),
    cameBack: false,
  };
}

function fromSilence(silence: Silence): SilenceRow {
  return {
    host_id: silence.hostId,
    org_id: silence.orgId,
    country: silence.country,
    os_build: silence.osBuild,
    kind: silence.kind,
    last_sign_at: silence.lastSignAt,
    pace_ms: silence.paceMs,
    channels: [...silence.channels],
    applied: [...silence.applied].map(([key, applied_at]) => {
      const { channel, version } = updateOfKey(key);
      return { update_channel: channel, update_version: version, applied_at };
    }),
  };
}

function toExposure({ update_channel, update_version, kind, eligible, treated, recent }: ExposureRow): SilenceExposure {
  return {
    updateKey: updateKey({ channel: update_channel, version: update_version }),
    kind,
    eligible,
    treated,
    recent,
  };
}

function fromExposure({ updateKey: key, kind, eligible, treated, recent }: SilenceExposure): ExposureRow {
  const { channel, version } = updateOfKey(key);
  return { update_channel: channel, update_version: version, kind, eligible, treated: [...treated], recent };
}
