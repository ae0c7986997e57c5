import type { JSX } from 'preact';
import { IncidentPage } from '../pages/incident/incident-page';
import { NowPage } from '../pages/now/now-page';
import { UpdatePage } from '../pages/update/update-page';
import { UpdatesPage } from '../pages/updates/updates-page';

/** The pages that can be chosen from everywhere. */
export const places = [
  { path: '/', name: 'Now' },
  { path: '/updates', name: 'Updates' },
] as const;

/** Which of them a page belongs to. */
export function placeOf(pathname: string): string {
  const [kind] = pathname.split('/').slice(1);
  return places.find(({ path }) => path === `/${kind}`)?.path ?? '/';
}

/** The page of an address; undefined where there is none. */
export function pageAt(pathname: string): JSX.Element | undefined {
  const [kind = '', ...names] = pathname.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent);
  switch (`${kind} ${names.length}`) {
    case ' 0':
      return <NowPage />;
    case 'updates 0':
      return <UpdatesPage />;
    case 'updates 2':
      return <UpdatePage channel={names[0]!} version={names[1]!} />;
    case 'incidents 1':
      return <IncidentPage id={names[0]!} />;
    default:
      return undefined;
  }
}
