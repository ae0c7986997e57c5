import type { ClickHouseClient } from '@clickhouse/client';
import type { KeptLife, KeptSample } from '@ringwatch/detection';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

interface LifeRow {
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  sample_level: number;
  level: number;
  beat_at: number | null;
  least_delay_ms: number | null;
  last_sign_at: number | null;
  stopped_at: number | null;
  intervals: number[];
  known_since: number | null;
  broke_at: number | null;
  newest_day: number;
  hours: number[];
  judged_at: number | null;
}

/** The sample as it was noted last within the window, both ends included, and when; undefined where it was not. */
export async function notedSample(
  db: ClickHouseClient,
  window: { since: number; until: number },
): Promise<(KeptSample & { notedAt: number }) | undefined> {
  const rows = await ask<LifeRow & { noted_ms: number }>(db, 'evidence/noted-sample', { ...window });
  const [first] = rows;
  return first && { notedAt: first.noted_ms, level: first.sample_level, lives: rows.map(toLife) };
}

/** Notes the sample at a full hour of arrival time, for a detector that starts anew. The same may be noted again. */
export async function noteSample(db: ClickHouseClient, { level, lives }: KeptSample, notedAt: number): Promise<void> {
  if (lives.length === 0) return;
  const noted_at = toDateTime64(notedAt);
  const values = lives.map((life) => ({ noted_at, sample_level: level, ...toRow(life) }));
  await db.insert({ table: 'host_lives', values, format: 'JSONEachRow' });
}

/** How many hosts were heard of before an arrival time. */
export async function knownHosts(db: ClickHouseClient, until: number): Promise<number> {
  const [row] = await ask<{ hosts: number }>(db, 'evidence/known-hosts', { until });
  return row?.hosts ?? 0;
}

function toRow(life: KeptLife): Omit<LifeRow, 'sample_level'> {
  return {
    host_id: life.hostId,
    org_id: life.orgId,
    country: life.country,
    os_build: life.osBuild,
    level: life.level,
    beat_at: life.beatAt,
    least_delay_ms: life.leastDelayMs,
    last_sign_at: life.lastSignAt,
    stopped_at: life.stoppedAt,
    intervals: [...life.intervals],
    known_since: life.knownSince,
    broke_at: life.brokeAt,
    newest_day: life.newestDay,
    hours: [...life.hours],
    judged_at: life.judgedAt,
  };
}

function toLife(row: LifeRow): KeptLife {
  return {
    hostId: row.host_id,
    orgId: row.org_id,
    country: row.country,
    osBuild: row.os_build,
    level: row.level,
    beatAt: row.beat_at,
    leastDelayMs: row.least_delay_ms,
    lastSignAt: row.last_sign_at,
    stoppedAt: row.stopped_at,
    intervals: row.intervals,
    knownSince: row.known_since,
    brokeAt: row.broke_at,
    newestDay: row.newest_day,
    hours: row.hours,
    judgedAt: row.judged_at,
  };
}
