import { clock } from '../text/format';
import { Link } from '../frame/link';
import { pathOf } from '../frame/address';
import type { Mark } from './marks';

/** What the flags over a chart stand for. */
export function MarkList({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <ul class="marks" aria-label="Moments of updates in this window">
      {marks.map((mark) => (
        <li key={mark.letter}>
          <span class={mark.suspect ? 'flag suspect' : 'flag'} aria-hidden="true">
            {mark.letter}
          </span>
          <span>
            <time class="tabular strong" dateTime={mark.at}>
              {clock(mark.at)} UTC
            </time>{' '}
            {wordsFor[mark.kind]}{' '}
            {mark.channel !== '' && (
              <>
                <Link to={pathOf.update(mark.channel, mark.version)} class="break">
                  {mark.version}
                </Link>{' '}
                <span class="quiet break">on {mark.channel}</span>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

const wordsFor: Record<Mark['kind'], string> = {
  shipped: 'shipped',
  expanded: 'expanded',
  paused: 'paused',
  withdrawn: 'withdrawn',
  opened: 'incident opened on',
  mitigated: 'incident mitigated on',
};

/** The same as a sentence. */
export function describeMarks(marks: readonly Mark[]): string {
  if (marks.length === 0) return '';
  return ` Marked: ${marks.map((mark) => `${mark.version} ${mark.kind} at ${clock(mark.at)} UTC`).join(', ')}.`;
}
