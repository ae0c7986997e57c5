import type { Mark } from './marks';

/** One line, one layer of stacked bars, or one band of a chart. Values are one a bucket; null where there is none. */
export interface TimeSeries {
  kind: 'bars' | 'line' | 'band';
  label: string;
  colour: string;
  /** Of a band, its lower edge. */
  values: Array<number | null>;
  /** The upper edge of a band. */
  high?: Array<number | null>;
  axis?: 'left' | 'right';
  dashed?: boolean;
  /** The value holds until the next one. */
  stepped?: boolean;
  /** How one value is written; one decimal by default. */
  write?: (value: number) => string;
  /** Stands in the legend while no bucket is pointed at. */
  summary?: string;
}

/** A line across the chart at one height. */
export interface Level {
  label: string;
  at: number;
}

/** What one chart shows. `starts` are seconds since 1970, one a bucket. */
export interface TimeChart {
  starts: number[];
  bucketSeconds: number;
  series: TimeSeries[];
  levels?: Level[];
  marks: Mark[];
  /** The left axis is stretched near zero, so that 10 and 1,000 can both be seen. */
  stretched?: boolean;
  /** The least that the axes reach up to. */
  atLeast?: { left?: number; right?: number };
  /** Charts of the same name share their pointer. */
  pointer?: string;
}

/** The value of a series at a bucket, in words. */
export function writeValue(series: TimeSeries, at: number, measure: (value: number) => string): string {
  const write = series.write ?? measure;
  const value = series.values[at];
  const high = series.high?.[at];
  if (value === null || value === undefined) return '';
  return series.kind === 'band' && high !== null && high !== undefined
    ? `${write(value)} to ${write(high)}`
    : write(value);
}

/** Bars stand on those before them: the height of each layer's top, in the order of the series. */
export function stackBars(series: readonly TimeSeries[]): Map<TimeSeries, number[]> {
  let heights: number[] = [];
  const tops = new Map<TimeSeries, number[]>();
  for (const each of series.filter(({ kind }) => kind === 'bars')) {
    heights = each.values.map((value, at) => (heights[at] ?? 0) + (value ?? 0));
    tops.set(each, heights);
  }
  return tops;
}

/** How a stretched axis sees a value: close to zero a straight line, far from it a logarithm. */
export const stretch = (value: number) => Math.asinh(value / 2);
