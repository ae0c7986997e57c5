import type { ClickHouseClient } from '@clickhouse/client';
import type { Judgement } from '@ringwatch/detection';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

interface Row {
  update_channel: string;
  update_version: string;
  judged_at: number;
  standing: Judgement['standing'];
  statistic: number;
  threshold: number;
  observed: number;
  expected: number;
  ratio: number | null;
  ratio_low: number | null;
  ratio_high: number | null;
  min_relative_risk: number;
  exposed_hosts: number;
}

/** A judgement and the tick (ms since 1970 UTC) at which it was made. */
export type DatedJudgement = Judgement & { judgedAt: number };

/** Notes where updates stand at ticks. The same may be noted again. */
export async function noteJudgements(
  db: ClickHouseClient,
  detector: string,
  judgements: readonly DatedJudgement[],
): Promise<void> {
  if (judgements.length === 0) return;
  const values = judgements.map(({ update, relativeRisk, judgedAt, ...each }) => ({
    detector,
    update_channel: update.channel,
    update_version: update.version,
    judged_at: toDateTime64(judgedAt),
    standing: each.standing,
    statistic: each.statistic,
    threshold: each.threshold,
    observed: each.observed,
    expected: each.expected,
    ratio: relativeRisk?.estimate ?? null,
    ratio_low: relativeRisk?.low ?? null,
    ratio_high: relativeRisk?.high ?? null,
    min_relative_risk: each.minRelativeRisk,
    exposed_hosts: each.exposedHosts,
  }));
  await db.insert({ table: 'judgements', values, format: 'JSONEachRow' });
}

/** Where updates stand, as the detector of this name found it last. */
export async function latestJudgements(
  db: ClickHouseClient,
  updates: readonly Update[],
  detector = 'live',
): Promise<DatedJudgement[]> {
  if (updates.length === 0) return [];
  const rows = await ask<Row>(db, 'decisions/latest-judgements', {
    detector,
    channels: updates.map(({ channel }) => channel),
    versions: updates.map(({ version }) => version),
  });
  return rows.map((row) => ({
    update: { channel: row.update_channel, version: row.update_version },
    judgedAt: row.judged_at,
    standing: row.standing,
    statistic: row.statistic,
    threshold: row.threshold,
    observed: row.observed,
    expected: row.expected,
    relativeRisk: row.ratio === null ? null : { estimate: row.ratio, low: row.ratio_low ?? 0, high: row.ratio_high },
    minRelativeRisk: row.min_relative_risk,
    exposedHosts: row.exposed_hosts,
  }));
}
