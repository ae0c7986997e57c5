import type { AggregateRow, Aggregates, Incident, Status, Update } from './answers';
import { type CrashPicture, type WindowName, toPicture, windowEndingAt, windows } from './crash-series';
import { read } from './read';

/** Everything on the page "Now". The picture is missing while the store holds no event. */
export interface Now {
  status: Status;
  incidents: Incident[];
  updates: Update[];
  picture: CrashPicture | undefined;
  crashedHosts: number;
}

const TOP_SERIES = 6;
const MOST_ROWS = 10_000;
const GROUP = 'driver,update_channel,update_version';
const UNRESOLVED = ['open', 'acknowledged', 'mitigating'];

export async function loadNow(name: WindowName, signal: AbortSignal): Promise<Now> {
  const [status, { incidents }, { updates }] = await Promise.all([
    read<Status>('status', {}, signal),
    read<{ incidents: Incident[] }>('incidents', { state: UNRESOLVED }, signal),
    read<{ updates: Update[] }>('updates', { limit: 50 }, signal),
  ]);
  if (status.newest_event_at === null) return { status, incidents, updates, picture: undefined, crashedHosts: 0 };
  const window = windowEndingAt(status.newest_event_at, name);
  const range = { since: new Date(window.sinceMs).toISOString(), until: new Date(window.untilMs).toISOString() };
  const { bucket } = windows[name];
  const [all, totals, top] = await Promise.all([
    read<Aggregates>('aggregates', range, signal),
    read<Aggregates>('aggregates', { ...range, bucket, limit: MOST_ROWS }, signal),
    read<Aggregates>('aggregates', { ...range, group_by: GROUP, limit: TOP_SERIES }, signal),
  ]);
  const picked = await readSeries(top.rows, { ...range, bucket }, signal);
  const picture = toPicture(window, top.rows, picked, totals.rows);
  return { status, incidents, updates, picture, crashedHosts: all.rows[0]?.hosts ?? 0 };
}

/** Filters name each dimension apart, so a few more groups than the top ones may come; they are left out when drawn. */
async function readSeries(top: AggregateRow[], range: Record<string, string>, signal: AbortSignal) {
  if (top.length === 0) return [];
  const filters = {
    driver: unique(top.map((row) => row.driver!)),
    update_version: unique(top.map((row) => row.update_version!)),
  };
  const { rows } = await read<Aggregates>(
    'aggregates',
    { ...range, ...filters, group_by: GROUP, limit: MOST_ROWS },
    signal,
  );
  return rows;
}

const unique = (values: string[]) => [...new Set(values)];
