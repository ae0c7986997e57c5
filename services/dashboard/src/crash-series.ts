import type { AggregateRow } from './answers';

/** One driver with one update version, or the rest; `values` are crashes per minute, one a bucket. */
export interface CrashSeries {
  label: string;
  driver?: string;
  channel?: string;
  version?: string;
  crashes: number;
  values: number[];
}

/** Crashes over time. `starts` are seconds since 1970; the series add up to `totals`. */
export interface CrashPicture {
  bucketSeconds: number;
  starts: number[];
  totals: number[];
  series: CrashSeries[];
}

export interface CrashWindow {
  sinceMs: number;
  untilMs: number;
  bucketSeconds: number;
}

/** The windows that can be chosen, by their name in the address. */
export const windows = {
  '1h': { hours: 1, bucket: '1m', bucketSeconds: 60 },
  '3h': { hours: 3, bucket: '1m', bucketSeconds: 60 },
  '6h': { hours: 6, bucket: '2m', bucketSeconds: 120 },
  '24h': { hours: 24, bucket: '10m', bucketSeconds: 600 },
} as const;
export type WindowName = keyof typeof windows;

/** The window that ends with the bucket of the newest event: a replay of old events is shown like a day of today. */
export function windowEndingAt(newest: string, name: WindowName): CrashWindow {
  const { hours, bucketSeconds } = windows[name];
  const bucketMs = bucketSeconds * 1_000;
  const untilMs = (Math.floor(Date.parse(newest) / bucketMs) + 1) * bucketMs;
  return { sinceMs: untilMs - hours * 3_600_000, untilMs, bucketSeconds };
}

/** Puts counts per bucket into series: the top ones as they were ranked, and what they leave of the total as `other`. */
export function toPicture(
  { sinceMs, untilMs, bucketSeconds }: CrashWindow,
  top: readonly AggregateRow[],
  perBucket: readonly AggregateRow[],
  totals: readonly AggregateRow[],
): CrashPicture {
  const bucketMs = bucketSeconds * 1_000;
  const size = Math.round((untilMs - sinceMs) / bucketMs);
  const fill = (rows: readonly AggregateRow[]) => {
    const values = new Array<number>(size).fill(0);
    for (const row of rows) {
      const index = Math.round((Date.parse(row.bucket_start!) - sinceMs) / bucketMs);
      if (index >= 0 && index < size) values[index] = (row.crashes * 60) / bucketSeconds;
    }
    return values;
  };
  const series = top.map((row) => ({
    label: labelOf(row),
    driver: row.driver,
    channel: row.update_channel,
    version: row.update_version,
    crashes: row.crashes,
    values: fill(perBucket.filter((one) => sameGroup(one, row))),
  }));
  const all = fill(totals);
  const rest = all.map((value, index) => value - sum(series.map(({ values }) => values[index]!)));
  const restCrashes = sum(totals.map((row) => row.crashes)) - sum(series.map(({ crashes }) => crashes));
  const other = restCrashes > 0 ? [{ label: 'other', crashes: restCrashes, values: rest }] : [];
  return {
    bucketSeconds,
    starts: Array.from({ length: size }, (_, index) => (sinceMs + index * bucketMs) / 1_000),
    totals: all,
    series: [...series, ...other],
  };
}

/** How busy the last minutes are against the hour before them; undefined when the window is too short to say. */
export function nowAgainstBefore(picture: CrashPicture): { now: number; before: number } | undefined {
  const perMinute = 60 / picture.bucketSeconds;
  const recent = Math.max(1, Math.round(5 * perMinute));
  const earlier = Math.round(60 * perMinute);
  const { totals } = picture;
  if (totals.length < recent * 2) return undefined;
  const end = totals.length - recent;
  return { now: mean(totals.slice(end)), before: mean(totals.slice(Math.max(0, end - earlier), end)) };
}

/** What the picture shows, in a sentence, for those who cannot see it. */
export function describePicture(picture: CrashPicture): string {
  const peak = Math.max(0, ...picture.totals);
  if (peak === 0) return 'No crash in this window.';
  const at = new Date(picture.starts[picture.totals.indexOf(peak)]! * 1_000).toISOString().slice(11, 16);
  const first = picture.series[0]!;
  const all = sum(picture.series.map(({ crashes }) => crashes));
  const share = Math.round((first.crashes / all) * 100);
  return `Crashes per minute peak at ${Math.round(peak)} at ${at} UTC; most of them, ${share} %, are ${first.label}.`;
}

function labelOf(row: AggregateRow): string {
  return row.update_version ? `${row.driver} · ${row.update_version}` : row.driver!;
}

function sameGroup(a: AggregateRow, b: AggregateRow): boolean {
  return a.driver === b.driver && a.update_channel === b.update_channel && a.update_version === b.update_version;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);
