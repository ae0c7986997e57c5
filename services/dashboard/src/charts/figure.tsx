import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { choose, useAddress } from '../frame/address';
import { ChartCanvas } from './chart-canvas';
import { ChartTable } from './chart-table';
import { Legend } from './legend';
import { MarkList, describeMarks } from './mark-list';
import type { TimeChart } from './time-chart';

interface Props {
  /** Names the figure in the address while its table is shown. */
  id: string;
  title: string;
  /** What the chart shows, in a sentence: read by those who do not see it, and by everybody else first. */
  sentence: string;
  chart: TimeChart;
  /** What is drawn, and how it was reckoned. */
  note?: ComponentChildren;
  controls?: ComponentChildren;
  height?: number;
}

/** A chart with its sentence, its legend and its table. */
export function Figure({ id, title, sentence, chart, note, controls, height }: Props) {
  const tables = useAddress().searchParams.getAll('table');
  const asTable = tables.includes(id);
  const [pointed, setPointed] = useState<number>();
  const turn = () => choose({ table: asTable ? tables.filter((each) => each !== id) : [...tables, id] });
  return (
    <section class="card figure" aria-labelledby={`${id}-title`}>
      <header class="card-head">
        <div class="card-title">
          <h2 id={`${id}-title`}>{title}</h2>
          <p id={`${id}-sentence`} class="sentence">
            {sentence}
            <span class="visually-hidden">{describeMarks(chart.marks)}</span>
          </p>
        </div>
        <div class="controls">
          {controls}
          <button type="button" class="button" aria-pressed={asTable} onClick={turn}>
            Show as table<span class="visually-hidden">: {title}</span>
          </button>
        </div>
      </header>
      {asTable ? (
        <ChartTable chart={chart} title={title} />
      ) : (
        <ChartCanvas chart={chart} labelledBy={`${id}-sentence`} height={height} onPoint={setPointed} />
      )}
      <Legend chart={chart} pointed={asTable ? undefined : pointed} />
      <MarkList marks={chart.marks} />
      {note && <p class="quiet note">{note}</p>}
    </section>
  );
}
