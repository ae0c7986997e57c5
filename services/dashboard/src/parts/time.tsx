import { clock, dateTime, localTime } from '../text/format';

/** A time in UTC; the reader's own time stands behind it. */
export function Time({ at, dated = false, seconds = false }: { at: string; dated?: boolean; seconds?: boolean }) {
  return (
    <time class="tabular" dateTime={at} title={`${localTime(at)} where you are`}>
      {dated ? dateTime(at) : clock(at, seconds)}
    </time>
  );
}
