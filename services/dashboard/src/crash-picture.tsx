import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { drawCrashChart } from './crash-chart';
import { type CrashPicture, type WindowName, describePicture, windows } from './crash-series';
import { CrashTable } from './crash-table';
import { clock, count, measure } from './format';
import { Link } from './link';
import type { Mark } from './marks';
import { chartStyle, suspectColour, useWidth } from './chart-style';
import { useTheme } from './theme';

/** Safe for colour-blind eyes (Okabe and Ito), like the suspect's own. */
const REST_COLOUR = '#999999';
const COLOURS = ['#0072b2', '#009e73', '#e69f00', '#cc79a7', '#56b4e9', '#8a6d3b'];

interface Props {
  picture: CrashPicture;
  marks: Mark[];
  window: WindowName;
}

/** Crashes per minute with the moments at which updates were shipped and withdrawn. */
export function CrashPictureView({ picture, marks, window: chosen }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [hovered, setHovered] = useState<number>();
  const colours = useMemo(() => coloursOf(picture, marks), [picture, marks]);
  return (
    <section class="card" aria-labelledby="crashes-title">
      <header class="card-head">
        <div>
          <h2 id="crashes-title">Crashes per minute</h2>
          <p class="quiet">by driver and update version, {windowText(picture)}</p>
        </div>
        <div class="controls">
          <nav class="segments" aria-label="Time window">
            {(Object.keys(windows) as WindowName[]).map((name) => (
              <Link key={name} to={`/?window=${name}`} current={name === chosen}>
                {name}
              </Link>
            ))}
          </nav>
          <button type="button" class="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Show as chart' : 'Show as table'}
          </button>
        </div>
      </header>
      {asTable ? (
        <CrashTable picture={picture} />
      ) : (
        <Canvas picture={picture} marks={marks} colours={colours} onHover={setHovered} />
      )}
      <Legend picture={picture} colours={colours} hovered={asTable ? undefined : hovered} />
      <MarkList marks={marks} />
    </section>
  );
}

function Canvas(props: { picture: CrashPicture; marks: Mark[]; colours: string[]; onHover: (index?: number) => void }) {
  const { picture, marks, colours, onHover } = props;
  const place = useRef<HTMLDivElement>(null);
  const { shown } = useTheme();
  const width = useWidth(place);

  useEffect(() => {
    if (width === 0) return undefined;
    const height = width < 520 ? 220 : 320;
    const style = chartStyle(place.current!);
    const chart = drawCrashChart(place.current!, { picture, marks, colours, style, width, height, onHover });
    return () => chart.destroy();
  }, [picture, marks, colours, width, shown]);

  const moments = marks.map((mark) => `${mark.version} ${mark.kind} at ${clock(mark.at)} UTC`).join(', ');
  const label = `${describePicture(picture)}${moments ? ` Marked: ${moments}.` : ''}`;
  return <div ref={place} class="chart" role="img" aria-label={label} />;
}

function Legend({ picture, colours, hovered }: { picture: CrashPicture; colours: string[]; hovered?: number }) {
  return (
    <div class="legend">
      <p class="quiet tabular">
        {hovered === undefined ? 'In this window' : `At ${clock(picture.starts[hovered]! * 1_000)} UTC`}
      </p>
      <ul>
        {picture.series.map((series, index) => (
          <li key={series.label}>
            <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
              <rect width="12" height="12" rx="3" fill={colours[index]} />
            </svg>
            <span class="break">{series.label}</span>
            <span class="tabular strong">
              {hovered === undefined ? count(series.crashes) : `${measure(series.values[hovered] ?? 0)}/min`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MarkList({ marks }: { marks: Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <ul class="marks" aria-label="Updates shipped and withdrawn in this window">
      {marks.map((mark) => (
        <li key={mark.letter}>
          <span class={mark.suspect ? 'flag suspect' : 'flag'} aria-hidden="true">
            {mark.letter}
          </span>
          <span>
            <time class="tabular strong" dateTime={mark.at}>
              {clock(mark.at)} UTC
            </time>{' '}
            {mark.kind} <span class="break">{mark.version}</span> <span class="quiet break">on {mark.channel}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function coloursOf(picture: CrashPicture, marks: readonly Mark[]): string[] {
  const suspects = marks.filter((mark) => mark.suspect);
  const blamed = picture.series.findIndex(({ channel, version }) =>
    suspects.some((mark) => mark.channel === channel && mark.version === version),
  );
  let next = 0;
  return picture.series.map(({ driver }, index) => {
    if (driver === undefined) return REST_COLOUR;
    return index === Math.max(0, blamed) ? suspectColour : COLOURS[next++ % COLOURS.length]!;
  });
}

function windowText({ starts, bucketSeconds }: CrashPicture): string {
  const end = starts.at(-1)! + bucketSeconds;
  return `${new Date(starts[0]! * 1_000).toISOString().slice(0, 10)} ${clock(starts[0]! * 1_000)} to ${clock(end * 1_000)} UTC`;
}
