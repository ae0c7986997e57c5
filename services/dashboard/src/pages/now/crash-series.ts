import { seriesColours, suspectColour, usualColour } from '../../charts/chart-colours';
import { expectedBand } from '../../charts/expected-band';
import type { Mark } from '../../charts/marks';
import type { TimeChart } from '../../charts/time-chart';
import type { AggregateRow } from '../../read/answers';
import { groupRows } from '../../read/group-rows';
import type { Incident } from '../../read/incident-answers';
import { count, measure } from '../../text/format';

/** One driver with one update version, or the rest; `counts` are crashes, one a bucket. */
export interface CrashSeries {
  label: string;
  driver?: string;
  channel?: string;
  version?: string;
  crashes: number;
  counts: number[];
}

/** Crashes over time. `starts` are seconds since 1970. */
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
  '6h': { hours: 6, bucket: '1m', bucketSeconds: 60 },
  '24h': { hours: 24, bucket: '1m', bucketSeconds: 60 },
} as const;
export type WindowName = keyof typeof windows;

/** The window that ends with the bucket of the newest event: a replay of old events is shown like a day of today. */
export function windowEndingAt(newest: string, name: WindowName): CrashWindow {
  const { hours, bucketSeconds } = windows[name];
  const bucketMs = bucketSeconds * 1_000;
  const untilMs = (Math.floor(Date.parse(newest) / bucketMs) + 1) * bucketMs;
  return { sinceMs: untilMs - hours * 3_600_000, untilMs, bucketSeconds };
}

/** Puts counts by bucket and group into series, largest first; `other` rows, all that is beside the largest, come last. */
export function toPicture(
  { sinceMs, untilMs, bucketSeconds }: CrashWindow,
  rows: readonly AggregateRow[],
): CrashPicture {
  const bucketMs = bucketSeconds * 1_000;
  const size = Math.round((untilMs - sinceMs) / bucketMs);
  const fill = (group: readonly AggregateRow[]) => {
    const counts = new Array<number>(size).fill(0);
    for (const row of group) {
      const at = Math.round((Date.parse(row.bucket_start!) - sinceMs) / bucketMs);
      if (at >= 0 && at < size) counts[at] = row.crashes;
    }
    return counts;
  };
  const groups = groupRows(rows, (row) =>
    row.other ? OTHER : JSON.stringify([row.driver, row.update_channel, row.update_version]),
  );
  const isOther = ({ driver }: CrashSeries) => Number(driver === undefined);
  const series = [...groups.values()]
    .map((group) => toSeries(group[0]!, fill(group)))
    .sort((a, b) => isOther(a) - isOther(b) || b.crashes - a.crashes);
  const totals = Array.from({ length: size }, (_, at) => sum(series.map(({ counts }) => counts[at]!)));
  const starts = totals.map((_, index) => (sinceMs + index * bucketMs) / 1_000);
  return { bucketSeconds, starts, totals, series };
}

const OTHER = 'other';

function toSeries(row: AggregateRow, counts: number[]): CrashSeries {
  const crashes = sum(counts);
  if (row.other) return { label: OTHER, crashes, counts };
  const { driver, update_channel: channel, update_version: version } = row;
  return { label: version ? `${driver} · ${version}` : driver!, driver, channel, version, crashes, counts };
}

const MEMORY_SECONDS = 3_600;

/** The picture as a chart: a layer a series, and the band in which the total would lie on a usual day. */
export function chartOfPicture(picture: CrashPicture, marks: Mark[], incidents: readonly Incident[]): TimeChart {
  const { starts, bucketSeconds } = picture;
  const perMinute = (crashes: number | null) => (crashes === null ? null : (crashes * 60) / bucketSeconds);
  const isUsual = (at: number) => !incidents.some((incident) => coversBucket(incident, starts[at]!, bucketSeconds));
  const band = expectedBand(picture.totals, isUsual, MEMORY_SECONDS / bucketSeconds);
  const colours = coloursOf(picture, incidents);
  const layers = picture.series.map((series, index) => ({
    kind: 'bars' as const,
    label: series.label,
    colour: colours[index]!,
    values: series.counts.map(perMinute),
    summary: count(series.crashes),
  }));
  const expected = {
    kind: 'band' as const,
    label: 'expected by the hour before',
    colour: usualColour,
    values: band.low.map(perMinute),
    high: band.high.map(perMinute),
    summary: rangeAtEnd(band.low.map(perMinute), band.high.map(perMinute)),
  };
  return {
    starts,
    bucketSeconds,
    marks,
    series: band.high.some((high) => high !== null) ? [...layers, expected] : layers,
  };
}

/** What the time between the first crash and the end of an incident shows is not usual. */
function coversBucket(
  { first_crash_at: first, opened_at: opened, resolved_at: end }: Incident,
  start: number,
  seconds: number,
) {
  const from = Date.parse(first ?? opened) / 1_000;
  return start + seconds > from && (end === null || start < Date.parse(end) / 1_000);
}

function rangeAtEnd(low: Array<number | null>, high: Array<number | null>): string {
  const [from, to] = [low.at(-1), high.at(-1)];
  return from === null || from === undefined || to === null || to === undefined
    ? ''
    : `${measure(from)} to ${measure(to)}/min`;
}

function coloursOf(picture: CrashPicture, incidents: readonly Incident[]): string[] {
  const isBlamed = ({ channel, version, driver }: CrashSeries) =>
    incidents.some(({ suspect }) =>
      suspect.update_version === ''
        ? suspect.driver === driver
        : (suspect.update_channel === channel && suspect.update_version === version) ||
          (suspect.update_channel === `driver:${driver}` && suspect.driver_version === version),
    );
  let next = 0;
  return picture.series.map((series) => {
    if (series.driver === undefined) return usualColour;
    return isBlamed(series) ? suspectColour : seriesColours[next++ % seriesColours.length]!;
  });
}

/** How busy the last minutes are against the hour before them; undefined when the window is too short to say. */
export function nowAgainstBefore(picture: CrashPicture): { now: number; before: number } | undefined {
  const perMinute = 60 / picture.bucketSeconds;
  const recent = Math.max(1, Math.round(5 * perMinute));
  const earlier = Math.round(60 * perMinute);
  const { totals } = picture;
  if (totals.length < recent * 2) return undefined;
  const end = totals.length - recent;
  return {
    now: mean(totals.slice(end)) * perMinute,
    before: mean(totals.slice(Math.max(0, end - earlier), end)) * perMinute,
  };
}

/** What the picture shows, in a sentence. */
export function describePicture(picture: CrashPicture): string {
  const peak = Math.max(0, ...picture.totals);
  if (peak === 0) return 'No crash in this window.';
  const at = new Date(picture.starts[picture.totals.indexOf(peak)]! * 1_000).toISOString().slice(11, 16);
  const first = picture.series[0]!;
  const all = sum(picture.totals);
  const share = Math.round((first.crashes / all) * 100);
  const pace = count((peak * 60) / picture.bucketSeconds);
  return `Crashes per minute peak at ${pace} at ${at} UTC; most of them, ${share} %, are ${first.label}.`;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);
