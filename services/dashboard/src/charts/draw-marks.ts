import type uPlot from 'uplot';
import { suspectColour } from './chart-colours';
import { type ChartStyle } from './chart-style';
import type { Mark } from './marks';
import { type TimeChart, stretch } from './time-chart';

const FLAG = 18;
/** Flags that would overlap stand in different rows. */
const ROWS = 2;

/** How much room the flags need above the chart. */
export const flagRoom = (marks: readonly Mark[], { scale }: ChartStyle) =>
  (marks.length === 0 ? 12 : ROWS * (FLAG + 2) + 6) * scale;

/** Lines at the moments of updates, each with a flag on top; a withdrawal is dashed, a pause dotted. */
export function drawMarks(self: uPlot, marks: readonly Mark[], style: ChartStyle): void {
  const { ctx, bbox } = self;
  const scale = style.scale * window.devicePixelRatio;
  ctx.save();
  ctx.font = style.font;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const lastIn = new Array<number>(ROWS).fill(-Infinity);
  for (const mark of marks) {
    const x = Math.round(self.valToPos(Date.parse(mark.at) / 1_000, 'x', true));
    const free = lastIn.findIndex((last) => x - last > (FLAG + 2) * scale);
    const row = Math.max(0, free);
    lastIn[row] = x;
    const y = bbox.top - ((FLAG + 2) * row + FLAG / 2 + 3) * scale;
    const colour = mark.suspect ? suspectColour : style.mark;
    ctx.strokeStyle = colour;
    ctx.lineWidth = (mark.suspect ? 2 : 1.25) * scale;
    ctx.setLineDash(dashes[mark.kind].map((each) => each * scale));
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    drawFlag(ctx, { letter: mark.letter, colour, x, y, scale });
  }
  ctx.restore();
}

const dashes: Record<Mark['kind'], number[]> = {
  shipped: [],
  expanded: [],
  opened: [],
  paused: [2, 3],
  mitigated: [5, 4],
  withdrawn: [5, 4],
};

interface Flag {
  letter: string;
  colour: string;
  x: number;
  y: number;
  scale: number;
}

function drawFlag(ctx: CanvasRenderingContext2D, { letter, colour, x, y, scale }: Flag): void {
  const size = FLAG * scale;
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.roundRect(x - size / 2, y - size / 2, size, size, 4 * scale);
  ctx.fill();
  ctx.fillStyle = '#fff';
  ctx.fillText(letter, x, y + scale);
}

/** Lines across, each with its name at the left end. */
export function drawLevels(self: uPlot, chart: TimeChart, style: ChartStyle): void {
  const { ctx, bbox } = self;
  const scale = style.scale * window.devicePixelRatio;
  ctx.save();
  ctx.font = style.font;
  ctx.textBaseline = 'bottom';
  for (const level of chart.levels ?? []) {
    const y = Math.round(self.valToPos(chart.stretched ? stretch(level.at) : level.at, 'left', true));
    ctx.strokeStyle = style.text;
    ctx.fillStyle = style.text;
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash([7 * scale, 4 * scale]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(level.label, bbox.left + 6 * scale, y - 3 * scale);
  }
  ctx.restore();
}
