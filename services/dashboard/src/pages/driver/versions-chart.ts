import { seriesColours, usualColour } from '../../charts/chart-colours';
import type { TimeChart } from '../../charts/time-chart';
import { groupRows } from '../../read/group-rows';
import type { DriverDetail } from '../../read/operation-answers';
import { count } from '../../text/format';

const REST = 'all other versions';

/** Crashes over time, a layer a version, most crashes lowest. */
export function versionsChart({ curve, bucket_seconds: seconds }: DriverDetail): TimeChart {
  const places = curve.map(({ bucket_start: at }) => Date.parse(at) / 1_000);
  const start = Math.min(...places);
  const size = curve.length === 0 ? 0 : (Math.max(...places) - start) / seconds + 1;
  const groups = [...groupRows(curve, ({ driver_version: version }) => version ?? REST)].map(([label, rows]) => {
    const values = new Array<number>(size).fill(0);
    for (const row of rows) values[(Date.parse(row.bucket_start) / 1_000 - start) / seconds] = row.crashes;
    return { label: label || 'no version told', values, crashes: rows.reduce((total, row) => total + row.crashes, 0) };
  });
  const isRest = (label: string) => Number(label === REST);
  groups.sort((a, b) => isRest(a.label) - isRest(b.label) || b.crashes - a.crashes);
  return {
    starts: Array.from({ length: size }, (_, at) => start + at * seconds),
    bucketSeconds: seconds,
    marks: [],
    series: groups.map(({ label, values, crashes }, at) => ({
      kind: 'bars',
      label,
      values,
      colour: label === REST ? usualColour : seriesColours[at % seriesColours.length]!,
      write: count,
      summary: count(crashes),
    })),
  };
}

export function describeVersions({ driver, by_version: versions, crashes }: DriverDetail): string {
  const [first] = versions;
  if (first === undefined) return `No crash in this time blames ${driver}.`;
  const share = Math.round((first.crashes / crashes) * 100);
  return `${count(crashes)} crashes blame ${driver}; ${share} % of them its version ${first.driver_version || 'that nobody told'}.`;
}
