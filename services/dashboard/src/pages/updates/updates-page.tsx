import { useMemo, useState } from 'preact/hooks';
import { choose, useAddress } from '../../frame/address';
import { useTitle } from '../../frame/title';
import { SearchForm } from '../../parts/search-form';
import { Select } from '../../parts/select';
import { Failed, Loading, NothingYet, Stale } from '../../parts/states';
import type { Update } from '../../read/answers';
import { read } from '../../read/read';
import { useLive } from '../../read/use-live';
import { count } from '../../text/format';
import { type Wish, columns, narrow, toCsv, wishOf } from './choose-updates';
import { FullTable } from './full-table';

const PAGE = 200;

interface Page {
  updates: Update[];
  next_cursor: string | null;
}

/** Every update that was announced or applied, to be searched and sorted. */
export function UpdatesPage() {
  const { searchParams } = useAddress();
  const [pages, setPages] = useState(1);
  const { answer, problem, retry } = useLive(`updates ${pages}`, (signal) => readPages(pages, signal));
  useTitle('Updates');
  const wish = wishOf(searchParams);
  const shown = useMemo(() => narrow(answer?.updates ?? [], wish), [answer, searchParams.toString()]);
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  if (answer.updates.length === 0) return <NothingYet />;
  return (
    <section class="card" aria-labelledby="updates-title">
      <header class="card-head">
        <div class="card-title">
          <h1 id="updates-title">Updates</h1>
          <p class="quiet" role="status">
            {count(shown.length)} of {count(answer.updates.length)}
            {answer.next_cursor !== null && ' newest'} updates
          </p>
        </div>
        <button type="button" class="button" onClick={() => download(toCsv(shown))}>
          Download as CSV
        </button>
      </header>
      {problem && <Stale problem={problem} retry={retry} />}
      <Filters updates={answer.updates} wish={wish} />
      {shown.length === 0 ? (
        <p class="quiet">No update is like this.</p>
      ) : (
        <FullTable updates={shown} all={answer.updates} wish={wish} />
      )}
      {answer.next_cursor !== null && (
        <button type="button" class="button" onClick={() => setPages(pages + 1)}>
          Show older ones
        </button>
      )}
      <p class="quiet note">
        Crashed: of 1,000 hosts that applied it, how many crashed within 14 days for any reason, with the exact 95 %
        interval. Against the previous: that rate over the rate of the version that it replaces. Evidence is ln E: an
        innocent update crosses the line once in a million.
      </p>
    </section>
  );
}

async function readPages(pages: number, signal: AbortSignal): Promise<Page> {
  const all: Page = { updates: [], next_cursor: null };
  for (let page = 0; page < pages; page += 1) {
    const cursor = all.next_cursor ?? undefined;
    const { updates, next_cursor: next } = await read<Page>('updates', { limit: PAGE, cursor }, signal);
    all.updates.push(...updates);
    all.next_cursor = next;
    if (next === null) break;
  }
  return all;
}

function Filters({ updates, wish }: { updates: Update[]; wish: Wish }) {
  const options = (values: Array<string | null>) =>
    [['', 'any'], ...unique(values).map((each) => [each, each])] as Array<[string, string]>;
  return (
    <div class="filters">
      <SearchForm name="q" label="Search" value={wish.q} />
      <Select
        label="Channel"
        value={wish.channel}
        options={options(updates.map(({ update_channel: channel }) => channel))}
        onChoose={(channel) => choose({ channel })}
      />
      <Select
        label="Vendor"
        value={wish.vendor}
        options={options(updates.map(({ vendor }) => vendor))}
        onChoose={(vendor) => choose({ vendor })}
      />
      <Select label="Verdict" value={wish.verdict} options={verdicts} onChoose={(verdict) => choose({ verdict })} />
      <Select
        label="Sort by"
        value={wish.sort}
        options={columns.map(({ key, name }) => [key, name] as const)}
        onChoose={(sort) => choose({ sort })}
      />
    </div>
  );
}

const verdicts = [
  ['', 'any'],
  ['halt', 'halt'],
  ['hold', 'hold'],
  ['go', 'go'],
] as const;

const unique = (values: Array<string | null>) => [...new Set(values.filter((each): each is string => !!each))].sort();

function download(csv: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  link.download = 'updates.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
