import type { ComponentChildren } from 'preact';
import { count } from '../text/format';

export interface Share {
  /** What is shown; also the key. */
  value: string;
  /** What people call it, where that is another name. */
  name?: string;
  hosts: number;
  link?: (text: ComponentChildren) => ComponentChildren;
}

interface Props {
  title: string;
  shares: Share[];
  /** How many values there are, shown or not. */
  total: number;
  what?: string;
}

const MOST = 8;

/** Bars that are a table at the same time: a value, its hosts, and how that compares. */
export function ShareTable({ title, shares, total, what = 'crashed hosts' }: Props) {
  const shown = shares.slice(0, MOST);
  const most = Math.max(1, ...shown.map(({ hosts }) => hosts));
  return (
    <div class="card shares">
      <h2>{title}</h2>
      <p class="quiet">
        {total === 0
          ? 'none'
          : shown.length < total
            ? `${shown.length} of ${count(total)}, most first`
            : `all ${count(total)}`}
        {total > 0 && `, ${what}`}
      </p>
      {shown.length > 0 && (
        <table class="bars" aria-label={title}>
          <thead class="visually-hidden">
            <tr>
              <th scope="col">{title}</th>
              <th scope="col">{what}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((share) => (
              <ShareRow key={share.value} share={share} most={most} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function ShareRow({ share: { value, name, hosts, link = (text) => text }, most }: { share: Share; most: number }) {
  return (
    <tr>
      <th scope="row" class="break">
        {link(
          <>
            {name && <span class="strong">{name} </span>}
            {value}
          </>,
        )}
        <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar-all" width="100" height="6" />
          <rect class="bar-crash" width={(hosts / most) * 100} height="6" />
        </svg>
      </th>
      <td class="number strong">{count(hosts)}</td>
    </tr>
  );
}
