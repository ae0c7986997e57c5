import { useState } from 'preact/hooks';
import { useAddress } from '../../frame/address';
import { useTitle } from '../../frame/title';
import { Failed, Loading, NothingYet, Stale } from '../../parts/states';
import type { Update } from '../../read/answers';
import { useLive } from '../../read/use-live';
import { count } from '../../text/format';
import { type Wish, filtersIn, inOrder, toCsv, wishOf } from './choose-updates';
import { Filters } from './filters';
import { FullTable } from './full-table';
import { readUpdates, together } from './load-updates';

/** Every update that was announced or applied, to be searched and sorted. */
export function UpdatesPage() {
  const wish = wishOf(useAddress().searchParams);
  const filters = filtersIn(wish);
  const asked = JSON.stringify(filters);
  const [more, setMore] = useState({ asked, pages: 1 });
  const pages = more.asked === asked ? more.pages : 1;
  const isPlain = asked === '{}' && pages === 1;
  const newest = useLive('updates', (signal) => readUpdates({}, 1, signal));
  // Read apart, so that the fields stay where they are while others are looked for.
  const found = useLive(`updates ${asked} ${pages}`, (signal) =>
    isPlain ? Promise.resolve(undefined) : readUpdates(filters, pages, signal),
  );
  useTitle('Updates');
  if (newest.answer === undefined)
    return newest.problem ? <Failed problem={newest.problem} retry={newest.retry} /> : <Loading />;
  if (newest.answer.updates.length === 0) return <NothingYet />;
  const { answer, problem, retry } = isPlain ? newest : found;
  const seen = together(newest.answer.updates, answer?.updates ?? []);
  return (
    <section class="card" aria-labelledby="updates-title">
      {problem && answer && <Stale problem={problem} retry={retry} />}
      <List updates={answer?.updates} seen={seen} wish={wish} isWhole={answer?.next_cursor === null} />
      {answer === undefined && problem && <Failed problem={problem} retry={retry} />}
      {typeof answer?.next_cursor === 'string' && (
        <button type="button" class="button" onClick={() => setMore({ asked, pages: pages + 1 })}>
          Show older ones
        </button>
      )}
      <p class="quiet note">
        Crashed: of 1,000 hosts that applied it, how many crashed within 14 days for any reason, with the exact 95 %
        interval. Against the previous: that rate over the rate of the version that it replaces. Evidence is ln E: an
        innocent update crosses the line once in a million. Under way: neither paused nor withdrawn, and shipped,
        widened or taken by a host within three days.
      </p>
    </section>
  );
}

interface ListProps {
  /** Undefined while they are looked for. */
  updates: Update[] | undefined;
  seen: Update[];
  wish: Wish;
  isWhole: boolean;
}

function List({ updates, seen, wish, isWhole }: ListProps) {
  const shown = updates && inOrder(updates, wish, seen);
  return (
    <>
      <header class="card-head">
        <div class="card-title">
          <h1 id="updates-title">Updates</h1>
          <p class="quiet" role="status">
            {shown && wordsFor(shown.length, isWhole, Object.keys(filtersIn(wish)).length > 0)}
          </p>
        </div>
        <button type="button" class="button" disabled={!shown?.length} onClick={() => download(toCsv(shown ?? []))}>
          Download as CSV
        </button>
      </header>
      <Filters seen={seen} wish={wish} />
      {shown === undefined ? (
        <div class="bone card-bone" />
      ) : shown.length === 0 ? (
        <p class="quiet">No update is like this.</p>
      ) : (
        <FullTable updates={shown} all={seen} wish={wish} />
      )}
    </>
  );
}

function wordsFor(shown: number, isWhole: boolean, isNarrowed: boolean): string {
  const what = `${isWhole ? '' : 'newest '}${shown === 1 ? 'update' : 'updates'}`;
  return `${count(shown)} ${what}${isNarrowed ? (shown === 1 ? ' is like this' : ' are like this') : ''}`;
}

function download(csv: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  link.download = 'updates.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
