import type { Aggregates, Status, Update } from '../../read/answers';
import type { Incident } from '../../read/incident-answers';
import { read } from '../../read/read';
import { type CrashPicture, type WindowName, toPicture, windowEndingAt, windows } from './crash-series';

/** What the page "Now" tells beside its picture. */
export interface Now {
  status: Status;
  /** Those under way. */
  incidents: Incident[];
  /** Those that are over, newest first. */
  past: Incident[];
  updates: Update[];
}

export async function loadNow(signal: AbortSignal): Promise<Now> {
  const [status, { incidents: found }, { updates }] = await Promise.all([
    read<Status>('status', {}, signal),
    read<{ incidents: Incident[] }>('incidents', { limit: 50 }, signal),
    read<{ updates: Update[] }>('updates', { limit: 12 }, signal),
  ]);
  const incidents = found.filter(({ state }) => state !== 'resolved');
  return { status, incidents, past: found.filter((each) => !incidents.includes(each)), updates };
}

/** Crashes of one window, and how many hosts they are of. */
export interface CountedPicture {
  picture: CrashPicture;
  crashedHosts: number;
}

const TOP_SERIES = 6;
const MOST_ROWS = 10_000;
const GROUP = 'driver,update_channel,update_version';

/** Undefined while the store holds no event. */
export async function loadPicture(name: WindowName, signal: AbortSignal): Promise<CountedPicture | undefined> {
  const { newest_event_at: newest } = await read<Status>('status', {}, signal);
  if (newest === null) return undefined;
  const window = windowEndingAt(newest, name);
  const range = { since: new Date(window.sinceMs).toISOString(), until: new Date(window.untilMs).toISOString() };
  const grouped = { group_by: GROUP, bucket: windows[name].bucket, top: TOP_SERIES, others: 'true', limit: MOST_ROWS };
  const [total, { rows }] = await Promise.all([
    read<Aggregates>('aggregates', range, signal),
    read<Aggregates>('aggregates', { ...range, ...grouped }, signal),
  ]);
  return { picture: toPicture(window, rows), crashedHosts: total.rows[0]?.hosts ?? 0 };
}
