import type { JSX } from 'preact';
import { DeliveriesPage } from '../pages/deliveries/deliveries-page';
import { DriverPage } from '../pages/driver/driver-page';
import { DriversPage } from '../pages/drivers/drivers-page';
import { ExplorePage } from '../pages/explore/explore-page';
import { HealthPage } from '../pages/health/health-page';
import { IncidentPage } from '../pages/incident/incident-page';
import { NowPage } from '../pages/now/now-page';
import { UpdatePage } from '../pages/update/update-page';
import { UpdatesPage } from '../pages/updates/updates-page';

/** The pages that can be chosen from everywhere. */
export const places = [
  { path: '/', name: 'Now' },
  { path: '/updates', name: 'Updates' },
  { path: '/drivers', name: 'Drivers' },
  { path: '/explore', name: 'Explore' },
  { path: '/deliveries', name: 'Deliveries' },
  { path: '/health', name: 'Health' },
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
    case 'drivers 0':
      return <DriversPage />;
    case 'drivers 1':
      return <DriverPage name={names[0]!} />;
    case 'explore 0':
      return <ExplorePage />;
    case 'deliveries 0':
      return <DeliveriesPage />;
    case 'health 0':
      return <HealthPage />;
    default:
      return undefined;
  }
}
