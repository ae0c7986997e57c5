/** One line or cloud of a chart. */
export interface Series {
  name: string;
  points: ReadonlyArray<readonly [number, number]>;
  kind: 'line' | 'dots' | 'steps';
  color: string;
  dashed?: boolean;
}

export interface Axis {
  title: string;
  from: number;
  to: number;
  log?: boolean;
  ticks?: ReadonlyArray<readonly [number, string]>;
}

export interface Chart {
  title: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
  /** Vertical lines with a word. */
  marks?: ReadonlyArray<readonly [number, string]>;
}

export const colors = { ink: '#1f2933', guilty: '#c2410c', innocent: '#2563eb', line: '#6b7280', light: '#d1d5db' };

const WIDTH = 760;
const HEIGHT = 400;
const MARGIN = { left: 70, right: 20, top: 40, bottom: 80 };

/** A chart as an SVG file: plain strings, so that the same figures give the same bytes. */
export function drawChart(chart: Chart): string {
  const x = scale(chart.x, MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(chart.y, HEIGHT - MARGIN.bottom, MARGIN.top);
  const parts = [
    text(MARGIN.left, 22, chart.title, 'font-size="15" font-weight="600"'),
    ...ticksOf(chart.x).map(
      ([value, label]) =>
        line(x(value), MARGIN.top, x(value), HEIGHT - MARGIN.bottom, colors.light) +
        text(x(value), HEIGHT - MARGIN.bottom + 16, label, 'text-anchor="middle"'),
    ),
    ...ticksOf(chart.y).map(
      ([value, label]) =>
        line(MARGIN.left, y(value), WIDTH - MARGIN.right, y(value), colors.light) +
        text(MARGIN.left - 6, y(value) + 4, label, 'text-anchor="end"'),
    ),
    ...chart.series.map((series) => drawSeries(series, x, y)),
    ...(chart.marks ?? []).map(
      ([value, word]) =>
        line(x(value), MARGIN.top, x(value), HEIGHT - MARGIN.bottom, colors.ink, true) +
        text(x(value) + 4, MARGIN.top + 12, word),
    ),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - MARGIN.bottom + 34, chart.x.title, 'text-anchor="middle"'),
    `<text transform="translate(16 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(chart.y.title)}</text>`,
    ...legend(chart.series),
  ];
  return svg(WIDTH, HEIGHT, parts);
}

/** A drawing of any parts. */
export function svg(width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${colors.ink}">\n<rect width="${width}" height="${height}" fill="#ffffff"/>\n${parts.join('\n')}\n</svg>\n`;
}

export function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${short(x)}" y="${short(y)}"${more ? ` ${more}` : ''}>${escape(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, color: string, dashed = false, width = 1): string {
  return `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" stroke="${color}" stroke-width="${width}"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`;
}

function scale({ from, to, log }: Axis, low: number, high: number): (value: number) => number {
  const at = log ? Math.log : (value: number) => value;
  return (value) => {
    const part = (at(Math.max(value, log ? from : -Infinity)) - at(from)) / (at(to) - at(from));
    return low + Math.min(1, Math.max(0, part)) * (high - low);
  };
}

function ticksOf({ from, to, log, ticks }: Axis): ReadonlyArray<readonly [number, string]> {
  if (ticks) return ticks;
  if (log) {
    const powers = Array.from({ length: 40 }, (_, k) => 10 ** (k - 20)).filter(
      (each) => each >= from * 0.999 && each <= to * 1.001,
    );
    return powers.map((each) => [
      each,
      each >= 0.01 && each <= 1e5 ? String(Number(each.toPrecision(1))) : each.toExponential(0),
    ]);
  }
  const step = niceStep((to - from) / 6);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step + 1.0001) }, (_, k) => first + k * step).map((each) => [
    each,
    String(Number(each.toPrecision(6))),
  ]);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power;
}

function drawSeries(
  { points, kind, color, dashed }: Series,
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  if (kind === 'dots') {
    return points
      .map(([a, b]) => `<circle cx="${short(x(a))}" cy="${short(y(b))}" r="2.5" fill="${color}" fill-opacity="0.55"/>`)
      .join('');
  }
  const path = points.map(([a, b], index) => {
    const [px, py] = [short(x(a)), short(y(b))];
    if (index === 0) return `M${px} ${py}`;
    return kind === 'steps' ? `H${px}V${py}` : `L${px} ${py}`;
  });
  return `<path d="${path.join('')}" fill="none" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="6 4"' : ''}/>`;
}

function legend(series: readonly Series[]): string[] {
  let x = MARGIN.left;
  return series
    .filter(({ name }) => name !== '')
    .map(({ name, color, dashed }) => {
      const drawn = line(x, HEIGHT - 14, x + 20, HEIGHT - 14, color, dashed, 3) + text(x + 26, HEIGHT - 10, name);
      x += 44 + name.length * 6.6;
      return drawn;
    });
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
