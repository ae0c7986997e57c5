import { Adoption, EvidenceCell, ShippedCell, UpdateName, VerdictCell } from '../../parts/updates-table';
import type { Update } from '../../read/answers';
import { measure, percent } from '../../text/format';
import { type SortKey, type Wish, againstPrevious } from './choose-updates';

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
            {columns.map(({ name, isNumber, sort }) => (
              <th
                key={name}
                scope="col"
                class={isNumber ? 'number' : undefined}
                aria-sort={sort === wish.sort ? 'descending' : undefined}
              >
                {name}
              </th>
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
      <td data-name="Adoption">
        <Adoption update={update} />
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
