import { AdoptionBar, EvidenceCell, ShippedCell, UpdateName, VerdictCell } from '../../parts/updates-table';
import type { Update } from '../../read/answers';
import { choose } from '../../frame/address';
import { count, measure, percent } from '../../text/format';
import { type SortKey, type Wish, againstPrevious, sorts } from './choose-updates';

interface Column {
  name: string;
  isNumber?: boolean;
  /** The order in which this column comes down. */
  sort?: SortKey;
}

const columns: Column[] = [
  { name: 'Update' },
  { name: 'Shipped (UTC)', sort: 'newest' },
  { name: 'Ring' },
  { name: 'Hosts', isNumber: true, sort: 'hosts' },
  { name: 'Adoption', sort: 'adoption' },
  { name: 'Crashed / 1,000', isNumber: true, sort: 'rate' },
  { name: 'Against previous', isNumber: true, sort: 'against' },
  { name: 'Evidence against it', sort: 'evidence' },
  { name: 'Verdict' },
];

/** Updates with everything that is known of them in one line. */
export function FullTable({ updates, all, wish }: { updates: Update[]; all: Update[]; wish: Wish }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of updates">
      <table class="updates">
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.name} column={column} wish={wish} />
            ))}
          </tr>
        </thead>
        <tbody>
          {updates.map((update) => (
            <Row key={`${update.update_channel} ${update.update_version}`} update={update} all={all} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A heading that sorts: the most first, and the other way round when it is pressed again. */
function Heading({ column: { name, isNumber, sort }, wish }: { column: Column; wish: Wish }) {
  const isSorted = sort !== undefined && sort === wish.sort;
  const turned = isSorted && wish.order === 'descending' ? 'ascending' : '';
  return (
    <th scope="col" class={isNumber ? 'number' : undefined} aria-sort={isSorted ? wish.order : undefined}>
      {sort === undefined ? (
        name
      ) : (
        <button
          type="button"
          class="sort"
          title={`Sort: ${turned === '' ? sorts[sort] : 'the other way round'}`}
          onClick={() => choose({ sort: sort === 'newest' ? '' : sort, order: turned })}
        >
          {name}
          {isSorted && <span aria-hidden="true"> {wish.order === 'descending' ? '▾' : '▴'}</span>}
        </button>
      )}
    </th>
  );
}

function Row({ update, all }: { update: Update; all: Update[] }) {
  const {
    crashed_per_1000: rate,
    crashed_per_1000_low: low,
    crashed_per_1000_high: high,
    target_fraction: target,
  } = update;
  const ratio = againstPrevious(update, all);
  return (
    <tr>
      <UpdateName update={update} />
      <ShippedCell update={update} />
      <td data-name="Ring">
        {update.ring ?? 'none told'}
        {target !== null && <span class="quiet block">for {percent(target)}</span>}
      </td>
      <td class="number" data-name="Hosts">
        {count(update.applied_hosts)}
        <span class="quiet block">of {count(update.eligible_hosts)}</span>
      </td>
      <td data-name="Adoption">
        <AdoptionBar update={update} />
      </td>
      <td class="number" data-name="Crashed / 1,000">
        {rate === null ? 'none applied' : measure(rate)}
        {low !== null && low !== undefined && (
          <span class="quiet block">
            {measure(low)} to {measure(high ?? 0)}
          </span>
        )}
      </td>
      <td class="number" data-name="Against previous">
        {ratio === undefined ? <span class="quiet">not known</span> : `${measure(ratio)} ×`}
      </td>
      <EvidenceCell update={update} />
      <VerdictCell update={update} />
    </tr>
  );
}
