import uPlot from 'uplot';
import type { ChartStyle } from './chart-style';
import { drawLevels, drawMarks, flagRoom } from './draw-marks';
import { type TimeChart, type TimeSeries, stackBars, stretch } from './time-chart';

export interface DrawOptions {
  style: ChartStyle;
  width: number;
  height: number;
  onPoint: (bucket: number | undefined) => void;
}

/** Heights that a stretched axis is labelled at. */
const STRETCHED_LABELS = [0, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000];

/** Draws the chart on a canvas: bands lie lowest, then bars, then lines, then the marks. */
export function drawTimeChart(parent: HTMLElement, chart: TimeChart, options: DrawOptions): uPlot {
  const { style, width, height } = options;
  const layers = layersOf(chart, style);
  const end = chart.starts[0]! + chart.starts.length * chart.bucketSeconds;
  return new uPlot(
    {
      width,
      height,
      padding: [flagRoom(chart.marks, style), hasRightAxis(chart) ? 0 : 22, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: false, y: false },
        ...(chart.pointer && { sync: { key: chart.pointer, scales: ['x', null] } }),
      },
      scales: {
        x: { range: [chart.starts[0]!, end] },
        left: { range: rangeOf(chart, chart.atLeast?.left ?? 4) },
        right: { range: (_self, _low, high) => [0, Math.max(chart.atLeast?.right ?? 4, (high ?? 0) * 1.08)] },
      },
      axes: axesOf(chart, style),
      series: [{}, ...layers.map(({ series }) => series)],
      bands: layers.flatMap(({ fill }, at) =>
        fill === undefined ? [] : [{ series: [at + 1, at + 2] as [number, number], fill }],
      ),
      hooks: {
        draw: [(self) => drawLevels(self, chart, style), (self) => drawMarks(self, chart.marks, style)],
        setCursor: [(self) => options.onPoint(self.cursor.idx ?? undefined)],
      },
    },
    [chart.starts, ...layers.map(({ values }) => values)],
    parent,
  );
}

function axesOf(chart: TimeChart, style: ChartStyle): uPlot.Axis[] {
  const axis = { stroke: style.text, font: style.font, grid: { stroke: style.grid, width: 1 }, ticks: { show: false } };
  const scaled = (pixels: number) => pixels * style.scale;
  const seconds = chart.starts.length * chart.bucketSeconds;
  return [
    {
      ...axis,
      grid: { show: false },
      space: scaled(64),
      size: scaled(30),
      values: timesOf(seconds),
    },
    {
      ...axis,
      scale: 'left',
      size: scaled(52),
      ...(chart.stretched ? stretchedLabels(scaled(24)) : { values: plainLabels }),
    },
    {
      ...axis,
      scale: 'right',
      side: 1,
      size: scaled(52),
      show: hasRightAxis(chart),
      grid: { show: false },
      values: plainLabels,
    },
  ];
}

const hasRightAxis = ({ series }: TimeChart) => series.some(({ axis }) => axis === 'right');

/** `fill` is set on the upper edge of a band, whose lower edge is the next layer. */
interface Layer {
  series: uPlot.Series;
  values: Array<number | null>;
  fill?: string;
}

function layersOf(chart: TimeChart, style: ChartStyle): Layer[] {
  const lift: Lift = ({ axis }, values) =>
    chart.stretched && axis !== 'right' ? values.map((value) => (value === null ? null : stretch(value))) : values;
  const tops = stackBars(chart.series);
  const bands = chart.series.filter(({ kind }) => kind === 'band');
  const bars = chart.series.filter(({ kind }) => kind === 'bars').reverse();
  const lines = chart.series.filter(({ kind }) => kind === 'line');
  return [
    ...bands.flatMap((band) => bandLayers(band, lift)),
    ...bars.map((each) => ({ series: barSeries(each), values: lift(each, tops.get(each)!) })),
    ...lines.map((line) => ({ series: lineSeries(line, style), values: lift(line, line.values) })),
  ];
}

/** Values as the axis of their series sees them. */
type Lift = (series: TimeSeries, values: Array<number | null>) => Array<number | null>;

function bandLayers(band: TimeSeries, lift: Lift): Layer[] {
  const edge = { scale: band.axis ?? 'left', stroke: `${band.colour}88`, width: 1, points: { show: false } };
  return [
    { series: edge, values: lift(band, band.high ?? band.values), fill: `${band.colour}40` },
    { series: edge, values: lift(band, band.values) },
  ];
}

const barSeries = ({ axis = 'left', colour }: TimeSeries): uPlot.Series => ({
  scale: axis,
  fill: colour,
  width: 0,
  paths: uPlot.paths.bars!({ size: [0.88, Infinity], align: 1, gap: 0 }),
  points: { show: false },
});

function lineSeries({ axis = 'left', colour, dashed, stepped }: TimeSeries, style: ChartStyle): uPlot.Series {
  return {
    scale: axis,
    stroke: colour,
    width: 2.25 * style.scale,
    ...(dashed && { dash: [6 * style.scale, 5 * style.scale] }),
    ...(stepped && { paths: uPlot.paths.stepped!({ align: 1 }) }),
    points: { show: false },
    spanGaps: false,
  };
}

function rangeOf(chart: TimeChart, least: number): uPlot.Scale.Range {
  const levels = (chart.levels ?? []).map(({ at }) => at * 1.4);
  return (_self, _low, high) => {
    if (!chart.stretched) return [0, Math.max(least, ...levels, (high ?? 0) * 1.08)];
    return [stretch(0), Math.max(stretch(least), ...levels.map(stretch), (high ?? 0) * 1.05)];
  };
}

function stretchedLabels(space: number): Partial<uPlot.Axis> {
  return {
    space,
    splits: (self) => {
      const top = self.scales.left!.max ?? 1;
      const all = STRETCHED_LABELS.filter((value) => stretch(value) <= top);
      const most = Math.max(2, Math.floor(self.height / (space * 1.5)));
      const step = Math.ceil(all.length / most);
      return all.filter((_, at) => at % step === 0).map(stretch);
    },
    values: (_self, at) => at.map((height) => short(Math.round(Math.sinh(height) * 2))),
  };
}

const plainLabels = (_self: uPlot, at: number[]) => at.map(short);

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });
const short = (value: number) => compact.format(value);

/** Hours and minutes within two days, days beyond. */
function timesOf(seconds: number) {
  const [from, to] = seconds > 172_800 ? [5, 10] : [11, 16];
  return (_self: uPlot, at: number[]) => at.map((each) => new Date(each * 1_000).toISOString().slice(from, to));
}
