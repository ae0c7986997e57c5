import uPlot from 'uplot';
import { type ChartStyle, suspectColour } from './chart-style';
import type { CrashPicture } from './crash-series';
import type { Mark } from './marks';

export interface ChartOptions {
  picture: CrashPicture;
  colours: string[];
  marks: Mark[];
  style: ChartStyle;
  width: number;
  height: number;
  onHover: (index: number | undefined) => void;
}

const FLAG = 18;
/** Flags that would overlap stand in different rows. */
const ROWS = 2;

/** Draws stacked bars: each layer is drawn over the one that holds it and all layers below. */
export function drawCrashChart(parent: HTMLElement, options: ChartOptions): uPlot {
  const { picture, colours, style, width, height, onHover } = options;
  const layers = stack(picture);
  const bars = uPlot.paths.bars!({ size: [0.88, 40], align: 1, gap: 0 });
  const axis = { stroke: style.text, font: style.font, grid: { stroke: style.grid, width: 1 }, ticks: { show: false } };
  const end = picture.starts[0]! + picture.starts.length * picture.bucketSeconds;
  return new uPlot(
    {
      width,
      height,
      padding: [ROWS * (FLAG + 2) + 6, 22, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'UTC'),
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { range: [picture.starts[0]!, end] },
        y: { range: (_self, _low, high) => [0, Math.max(4, high * 1.08)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 64,
          size: 30,
          values: (_self, at) => at.map((seconds) => hourAndMinute(seconds)),
        },
        { ...axis, size: 48, values: (_self, at) => at.map((value) => (Number.isInteger(value) ? String(value) : '')) },
      ],
      series: [
        {},
        ...layers.map((_, index) => ({
          paths: bars,
          fill: colours[colours.length - 1 - index],
          width: 0,
          points: { show: false },
        })),
      ],
      hooks: {
        draw: [(self) => drawMarks(self, options)],
        setCursor: [(self) => onHover(self.cursor.idx ?? undefined)],
      },
    },
    [picture.starts, ...layers],
    parent,
  );
}

/** The layers from the highest to the lowest: the first is the total. */
function stack(picture: CrashPicture): number[][] {
  const heights = picture.starts.map(() => 0);
  const layers = picture.series.map(({ values }) => values.map((value, at) => (heights[at] = heights[at]! + value)));
  return layers.reverse();
}

function drawMarks(self: uPlot, { marks, style }: ChartOptions): void {
  const { ctx, bbox } = self;
  const scale = window.devicePixelRatio;
  ctx.save();
  ctx.font = style.font;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const lastIn = new Array<number>(ROWS).fill(-Infinity);
  for (const mark of marks) {
    const x = Math.round(self.valToPos(Date.parse(mark.at) / 1_000, 'x', true));
    const row = Math.max(
      0,
      lastIn.findIndex((last) => x - last > (FLAG + 2) * scale),
    );
    lastIn[row] = x;
    const y = bbox.top - ((FLAG + 2) * row + FLAG / 2 + 3) * scale;
    const colour = mark.suspect ? suspectColour : style.mark;
    ctx.strokeStyle = colour;
    ctx.lineWidth = (mark.suspect ? 2 : 1.25) * scale;
    ctx.setLineDash(mark.kind === 'withdrawn' ? [5 * scale, 4 * scale] : []);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    drawFlag(ctx, { letter: mark.letter, colour, x, y, scale });
  }
  ctx.restore();
}

function drawFlag(
  ctx: CanvasRenderingContext2D,
  { letter, colour, x, y, scale }: { letter: string; colour: string; x: number; y: number; scale: number },
): void {
  const size = FLAG * scale;
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.roundRect(x - size / 2, y - size / 2, size, size, 4 * scale);
  ctx.fill();
  ctx.fillStyle = '#fff';
  ctx.fillText(letter, x, y + scale);
}

const hourAndMinute = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(11, 16);
