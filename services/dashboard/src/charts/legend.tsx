import { clock, measure } from '../text/format';
import { type TimeChart, type TimeSeries, writeValue } from './time-chart';

/** What each colour means, and its value where the chart is pointed at. */
export function Legend({ chart, pointed }: { chart: TimeChart; pointed: number | undefined }) {
  const at = pointed !== undefined && pointed < chart.starts.length ? pointed : undefined;
  return (
    <div class="legend">
      <p class="quiet tabular">{at === undefined ? 'In this window' : `At ${clock(chart.starts[at]! * 1_000)} UTC`}</p>
      <ul>
        {chart.series.map((series) => (
          <li key={series.label}>
            <Swatch series={series} />
            <span class="break">{series.label}</span>
            <span class="tabular strong">
              {at === undefined ? series.summary : writeValue(series, at, measure) || 'none'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The shape says what kind of drawing it is, so that the colour need not. */
function Swatch({ series: { kind, colour, dashed } }: { series: TimeSeries }) {
  return (
    <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
      {kind === 'line' ? (
        <path d="M0 6h12" stroke={colour} stroke-width="3" stroke-dasharray={dashed ? '4 3' : undefined} />
      ) : (
        <rect width="12" height="12" rx="3" fill={colour} fill-opacity={kind === 'band' ? 0.35 : 1} />
      )}
    </svg>
  );
}
