import { clock, dateTime, measure } from '../text/format';
import { type TimeChart, writeValue } from './time-chart';

/** The chart as numbers, newest first; buckets in which nothing happened are left out. */
export function ChartTable({ chart, title }: { chart: TimeChart; title: string }) {
  const isLong = chart.starts.length * chart.bucketSeconds > 86_400;
  const said = chart.series.filter(({ kind }) => kind !== 'band');
  const rows = chart.starts
    .map((start, at) => ({ start, at }))
    .filter(({ at }) => said.some(({ values }) => (values[at] ?? 0) !== 0));
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            {chart.series.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map(({ start, at }) => (
            <tr key={start}>
              <th scope="row" class="tabular">
                {isLong ? dateTime(start * 1_000) : clock(start * 1_000, chart.bucketSeconds < 60)}
              </th>
              {chart.series.map((series) => (
                <td key={series.label} class="number">
                  {writeValue(series, at, measure)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
