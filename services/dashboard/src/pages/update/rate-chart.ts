import { adoptionColour, seriesColours, silentColour, suspectColour, usualColour } from '../../charts/chart-colours';
import { poissonQuantile } from '../../charts/expected-band';
import { marksOfActions } from '../../charts/marks';
import type { TimeChart, TimeSeries } from '../../charts/time-chart';
import type { CurvePoint, UpdateDetail } from '../../read/answers';
import { clock, count, dateTime, measure, percent } from '../../text/format';
import type { UpdateView } from './load-update';

/** Buckets of one curve, with the hosts that had the update in each of them on average. */
interface Exposure {
  crashed: number[];
  hosts: number[];
}

/** Room before the first install, so that the moment of shipping can be seen. */
const BUCKETS_BEFORE = 3;
/** The rate of the others is taken over so long before each bucket. */
const MEMORY_SECONDS = 3_600;
/** Of fewer other hosts no rate is told. */
const LEAST_OTHERS = 50;

/** Crash rate against adoption on one axis of time, with what would be expected of hosts without the update. */
export function rateChart({ update, previous, fleet }: UpdateView): TimeChart {
  const { curve, bucket_seconds: seconds } = update;
  const starts = startsOf(update);
  const place = (at: string) => Math.round((Date.parse(at) / 1_000 - starts[0]!) / seconds);
  const own = exposureOf(curve, starts.length, place);
  const fleetCrashed = new Array<number>(starts.length).fill(0);
  for (const row of fleet.crashed) fleetCrashed[place(row.bucket_start!)] = row.hosts;
  const hours = seconds / 3_600;
  const rateOf = (crashed: number, hosts: number) => (hosts === 0 ? null : (crashed * 1_000) / (hosts * hours));
  const rate = own.crashed.map((crashed, at) => rateOf(crashed, own.hosts[at]!));
  const applied = appliedAt(curve, starts.length, place);
  const sinceMs = starts[0]! * 1_000;
  return {
    starts,
    bucketSeconds: seconds,
    pointer: 'update',
    atLeast: { right: 100 },
    marks: marksOfActions(update, update.actions, [sinceMs, sinceMs + starts.length * seconds * 1_000]),
    series: [
      {
        kind: 'line',
        label: 'crash rate of hosts that have it (left)',
        colour: suspectColour,
        values: rate,
        summary: summaryOf(own, hours),
      },
      bandOf(
        own,
        othersPerHost({ own, fleetCrashed, fleetHosts: fleet.hosts }, Math.round(MEMORY_SECONDS / seconds)),
        rateOf,
      ),
      ...previousLine(previous, update, starts.length),
      {
        kind: 'line',
        label: 'adoption (right)',
        colour: adoptionColour,
        axis: 'right',
        values: applied.map((hosts) =>
          update.eligible_hosts === 0 ? null : Math.min(100, (100 * hosts) / update.eligible_hosts),
        ),
        write: (value) => percent(value / 100),
        summary: percent(update.eligible_hosts === 0 ? 0 : update.applied_hosts / update.eligible_hosts),
      },
      ...silenceLine(curve, starts.length, place),
    ],
  };
}

function startsOf({ curve, bucket_seconds: seconds, shipped_at: shipped, actions }: UpdateDetail): number[] {
  const first = Date.parse(curve[0]!.bucket_start) / 1_000;
  const last = Date.parse(curve.at(-1)!.bucket_start) / 1_000;
  const told = actions.map(({ at }) => Date.parse(at) / 1_000);
  const from = Math.min(first, shipped === null ? first : Math.max(Date.parse(shipped) / 1_000, first - 40 * seconds));
  const to = Math.max(last, ...told.filter((at) => at < last + 40 * seconds));
  const start = Math.floor(from / seconds) * seconds - BUCKETS_BEFORE * seconds;
  const size = Math.floor((to - start) / seconds) + 1;
  return Array.from({ length: size }, (_, at) => start + at * seconds);
}

function appliedAt(curve: readonly CurvePoint[], size: number, place: (at: string) => number): number[] {
  const applied = new Array<number>(size).fill(0);
  for (const point of curve) applied[place(point.bucket_start)] = point.applied_hosts;
  const lastPlace = place(curve.at(-1)!.bucket_start);
  return applied.map((hosts, at) => (at > lastPlace ? applied[lastPlace]! : hosts));
}

/** A host that took it within a bucket had it for half of the bucket on average. */
function exposureOf(curve: readonly CurvePoint[], size: number, place: (at: string) => number): Exposure {
  const applied = appliedAt(curve, size, place);
  const crashed = new Array<number>(size).fill(0);
  for (const point of curve) crashed[place(point.bucket_start)] = point.crashed_hosts;
  return { crashed, hosts: applied.map((hosts, at) => (hosts + (applied[at - 1] ?? 0)) / 2) };
}

/** How many of the other hosts crash in one bucket, per host; null where too few are left to tell. */
function othersPerHost(
  { own, fleetCrashed, fleetHosts }: { own: Exposure; fleetCrashed: number[]; fleetHosts: number },
  memory: number,
): Array<number | null> {
  return own.hosts.map((_, at) => {
    let crashed = 0;
    let hosts = 0;
    for (let before = Math.max(0, at - memory); before <= at; before += 1) {
      crashed += Math.max(0, fleetCrashed[before]! - own.crashed[before]!);
      hosts += Math.max(0, fleetHosts - own.hosts[before]!);
    }
    return fleetHosts - own.hosts[at]! < LEAST_OTHERS ? null : crashed / hosts;
  });
}

function bandOf(
  own: Exposure,
  perHost: Array<number | null>,
  rateOf: (crashed: number, hosts: number) => number | null,
): TimeSeries {
  const edge = (probability: number) =>
    own.hosts.map((hosts, at) => {
      const each = perHost[at];
      if (each === null || each === undefined || hosts === 0) return null;
      return rateOf(poissonQuantile(each * hosts, probability), hosts);
    });
  return {
    kind: 'band',
    label: 'expected at the rate of all other hosts (left)',
    colour: usualColour,
    values: edge(0.025),
    high: edge(0.975),
  };
}

/** The version before, as it fared in the same time after its own start. */
function previousLine(previous: UpdateDetail | undefined, update: UpdateDetail, size: number): TimeSeries[] {
  if (previous === undefined || previous.curve.length === 0) return [];
  const seconds = previous.bucket_seconds;
  const first = Date.parse(previous.curve[0]!.bucket_start) / 1_000;
  const ratio = update.bucket_seconds / seconds;
  const own = exposureOf(previous.curve, previous.curve.length, (at) =>
    Math.round((Date.parse(at) / 1_000 - first) / seconds),
  );
  const values = Array.from({ length: size }, (_, at) => {
    const place = Math.round((at - BUCKETS_BEFORE) * ratio);
    const hosts = own.hosts[place];
    return hosts === undefined || hosts === 0 ? null : (own.crashed[place]! * 1_000 * 3_600) / (hosts * seconds);
  });
  const label = `the version before, ${previous.update_version}, from its own start (left)`;
  return [
    { kind: 'line', label, colour: seriesColours[3]!, dashed: true, values, summary: summaryOf(own, seconds / 3_600) },
  ];
}

/** Whether anything is known of silence: of hosts that never beat it is not. */
export const tellsSilence = ({ curve }: UpdateDetail) => typeof curve.at(-1)?.silent_per_1000 === 'number';

/** The share of the hosts that have it and beat which had fallen silent by the end of each bucket. */
function silenceLine(curve: readonly CurvePoint[], size: number, place: (at: string) => number): TimeSeries[] {
  const last = curve.at(-1)?.silent_per_1000;
  if (typeof last !== 'number') return [];
  const values = new Array<number | null>(size).fill(null);
  for (const { bucket_start: start, silent_per_1000: silent } of curve) values[place(start)] = silent ?? null;
  const end = place(curve.at(-1)!.bucket_start);
  const write = (value: number) => percent(value / 1_000);
  return [
    {
      kind: 'line',
      label: 'fell silent after it (right)',
      colour: silentColour,
      axis: 'right',
      dashed: true,
      values: values.map((value, at) => (at > end ? last : value)).map((value) => (value === null ? null : value / 10)),
      write: (value) => write(value * 10),
      summary: write(last),
    },
  ];
}

/** The rate over the whole time. */
function summaryOf({ crashed, hosts }: Exposure, hours: number): string {
  const all = sum(hosts) * hours;
  return all === 0 ? '' : measure((sum(crashed) * 1_000) / all);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What the chart shows, in a sentence. */
export function describeRate({
  update: { curve, eligible_hosts: eligible, applied_hosts: applied },
}: UpdateView): string {
  const last = curve.at(-1);
  if (last === undefined) return 'No host has applied the update.';
  const peak = curve.reduce((most, point) => (point.crashed_hosts > most.crashed_hosts ? point : most));
  const spread = `From ${dateTime(curve[0]!.bucket_start)} UTC ${count(applied)} of ${count(eligible)} hosts applied it`;
  const silence =
    typeof last.silent_per_1000 === 'number' ? ` ${percent(last.silent_per_1000 / 1_000)} of them fell silent.` : '';
  if (peak.crashed_hosts === 0) return `${spread}; none of them crashed.${silence}`;
  return `${spread}; most crashed at ${clock(peak.bucket_start)} UTC, ${count(peak.crashed_hosts)} of ${count(peak.applied_hosts)} that had it.${silence}`;
}
