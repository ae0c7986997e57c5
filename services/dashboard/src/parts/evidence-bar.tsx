import { stretch } from '../charts/time-chart';

/** Evidence beyond this is drawn as this: far over any line. */
const MOST = 3_000;

/** Evidence (ln E) against its line, on an axis that is stretched near zero; the number stands beside it. */
export function EvidenceBar({ statistic, line }: { statistic: number; line: number }) {
  const place = (value: number) => (100 * stretch(Math.min(MOST, Math.max(0, value)))) / stretch(MOST);
  return (
    <svg class="bar evidence" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-all" y="2" width="100" height="6" />
      <rect class={statistic >= line ? 'bar-crash' : 'bar-usual'} y="2" width={place(statistic)} height="6" />
      <rect class="bar-line" x={place(line) - 0.5} width="1" height="10" />
    </svg>
  );
}
