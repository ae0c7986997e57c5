import type { CurvePoint, SilencePoint } from '@ringwatch/clickhouse';
import { Problem } from './problem';
import { per1000 } from './share';

/** Widths that a person can read, from a minute to thirty days, in seconds. */
const widths = [60, 300, 900, 3_600, 10_800, 21_600, 86_400, 604_800, 2_592_000];
/** As many points as a chart can show well. */
const WANTED_POINTS = 400;
const MAX_POINTS = 10_000;

/** The narrowest width that draws `[from, to]` in at most 400 points. */
export function bucketFor(from: Date | null, to: Date | null): number {
  const seconds = from === null || to === null ? 0 : (to.getTime() - from.getTime()) / 1_000;
  return widths.find((width) => seconds / width <= WANTED_POINTS) ?? widths.at(-1)!;
}

/**
 * The curve on one time axis with no gaps: how many hosts had applied the update at the end of each bucket, and the crashes
 * of such hosts within it; beside them how many hosts of the detector's sample had applied it and how many of these had fallen
 * silent, null where no such host ever beat. @throws Problem 400 when the bucket is too narrow for the time that the update has lived.
 */
export function adoptionCurve(points: readonly CurvePoint[], silence: readonly SilencePoint[], bucketSeconds: number) {
  if (points.length === 0) return [];
  const starts = [...points, ...silence].map(({ bucketStart }) => bucketStart.getTime());
  const first = starts.reduce((earliest, start) => Math.min(earliest, start));
  const last = starts.reduce((latest, start) => Math.max(latest, start));
  const count = (last - first) / (bucketSeconds * 1_000) + 1;
  if (count > MAX_POINTS) throw tooNarrow(count);
  const at = new Map(points.map((point) => [point.bucketStart.getTime(), point]));
  const silenceAt = new Map(silence.map((point) => [point.bucketStart.getTime(), point]));
  let [applied, sampled, silent] = [0, 0, 0];
  return Array.from({ length: count }, (_, index) => {
    const startMs = first + index * bucketSeconds * 1_000;
    const point = at.get(startMs);
    applied += point?.newlyApplied ?? 0;
    sampled += silenceAt.get(startMs)?.newlyApplied ?? 0;
    silent += silenceAt.get(startMs)?.newlySilent ?? 0;
    const rate = per1000(point?.crashedHosts ?? 0, applied);
    return {
      bucket_start: new Date(startMs),
      applied_hosts: applied,
      crashes: point?.crashes ?? 0,
      crashed_hosts: point?.crashedHosts ?? 0,
      crashed_per_1000: rate?.estimate ?? null,
      crashed_per_1000_low: rate?.low ?? null,
      crashed_per_1000_high: rate?.high ?? null,
      sampled_hosts: silence.length === 0 ? null : sampled,
      silent_hosts: silence.length === 0 ? null : silent,
      silent_per_1000: sampled === 0 ? null : (1_000 * silent) / sampled,
    };
  });
}

function tooNarrow(count: number): Problem {
  const message = `wanted a width that gives at most ${MAX_POINTS} points, got ${count}`;
  return new Problem('invalid_request', `bucket: ${message}`, {
    errors: [{ path: 'bucket', code: 'too_small', message }],
  });
}
