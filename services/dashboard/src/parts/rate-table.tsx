import type { AggregateRow } from '../read/answers';
import { count, measure } from '../text/format';

interface Props {
  title: string;
  /** Counted with rates. */
  rows: AggregateRow[];
  nameOf: (row: AggregateRow) => string;
}

const MOST = 8;

/** Crash rates with their intervals, value by value; a table whose picture shows where intervals part. */
export function RateTable({ title, rows, nameOf }: Props) {
  const shown = [...rows].sort((a, b) => b.hosts - a.hosts).slice(0, MOST);
  const most = Math.max(1, ...shown.map(({ crashed_per_1000_high: high }) => high ?? 0));
  return (
    <div class="card shares">
      <h2>{title}</h2>
      <p class="quiet">
        {shown.length < rows.length
          ? `${shown.length} of ${count(rows.length)}, most hosts first`
          : `all ${count(rows.length)}`}
        ; crashed of 1,000 that have it, with 95 % interval
      </p>
      <table class="bars" aria-label={title}>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">Crashed of 1,000</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <RateRow key={nameOf(row)} row={row} name={nameOf(row)} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RateRow({ row, name, most }: { row: AggregateRow; name: string; most: number }) {
  const { crashed_exposed_hosts: crashed, exposed_hosts: exposed } = row;
  const { crashed_per_1000: rate, crashed_per_1000_low: low, crashed_per_1000_high: high } = row;
  const place = (value: number) => (value / most) * 100;
  return (
    <tr>
      <th scope="row" class="break">
        {name}
        <span class="quiet">
          {' '}
          {count(crashed ?? row.hosts)} of {count(exposed ?? 0)}
        </span>
        <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar-all" width="100" height="6" />
          {rate !== null && rate !== undefined && (
            <>
              <rect class="bar-interval" x={place(low!)} width={Math.max(1, place(high!) - place(low!))} height="6" />
              <rect class="bar-crash" x={Math.min(98.5, place(rate))} width="1.5" height="6" />
            </>
          )}
        </svg>
      </th>
      <td class="number">
        {rate === null || rate === undefined ? (
          <span class="quiet">not known</span>
        ) : (
          <>
            <strong>{measure(rate)}</strong>
            <span class="quiet block">
              {measure(low!)} to {measure(high!)}
            </span>
          </>
        )}
      </td>
    </tr>
  );
}
