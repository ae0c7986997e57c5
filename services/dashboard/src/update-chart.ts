import uPlot from 'uplot';
import type { CurvePoint } from './answers';
import { type ChartStyle, adoptionColour, suspectColour } from './chart-style';

export interface UpdateChartOptions {
  curve: CurvePoint[];
  bucketSeconds: number;
  style: ChartStyle;
  width: number;
  height: number;
}

/** Adoption as a line against crashes as bars, on one axis of time. */
export function drawUpdateChart(parent: HTMLElement, options: UpdateChartOptions): uPlot {
  const { curve, bucketSeconds, style, width, height } = options;
  const starts = curve.map((point) => Date.parse(point.bucket_start) / 1_000);
  const axis = { stroke: style.text, font: style.font, grid: { stroke: style.grid, width: 1 }, ticks: { show: false } };
  const whole = (_self: uPlot, at: number[]) => at.map((value) => (Number.isInteger(value) ? String(value) : ''));
  const fromNothing =
    (least: number) =>
    (_self: uPlot, _low: number, high: number): [number, number] => [0, Math.max(least, high * 1.08)];
  return new uPlot(
    {
      width,
      height,
      padding: [12, 8, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
      cursor: { show: false },
      scales: {
        x: { range: [starts[0]!, starts.at(-1)! + bucketSeconds] },
        hosts: { range: fromNothing(4) },
        crashes: { range: fromNothing(4) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 72,
          size: 30,
          values: (_self, at) => at.map((one) => timeOf(one, bucketSeconds)),
        },
        { ...axis, scale: 'hosts', size: 52, values: whole },
        { ...axis, scale: 'crashes', side: 1, size: 48, grid: { show: false }, values: whole },
      ],
      series: [
        {},
        {
          scale: 'crashes',
          fill: suspectColour,
          width: 0,
          paths: uPlot.paths.bars!({ size: [0.88, 40], align: 1 }),
          points: { show: false },
        },
        { scale: 'hosts', stroke: adoptionColour, width: 2.5, points: { show: false } },
      ],
    },
    [starts, curve.map((point) => point.crashes), curve.map((point) => point.applied_hosts)],
    parent,
  );
}

function timeOf(seconds: number, bucketSeconds: number): string {
  const text = new Date(seconds * 1_000).toISOString();
  return bucketSeconds < 3_600 ? text.slice(11, 16) : text.slice(5, 10);
}
