import { pathOf } from '../../frame/address';
import type {
  AggregateRow,
  Aggregates,
  SignatureSummary,
  Status,
  Update,
  UpdateDetail,
  Verdict,
} from '../../read/answers';
import type { Incident } from '../../read/incident-answers';
import { read } from '../../read/read';

/** Everything on the page of one update. */
export interface UpdateView {
  update: UpdateDetail;
  explanation: string;
  /** The version that it replaces, as far as anything is known of it. */
  previous: UpdateDetail | undefined;
  /** Crashed hosts of the whole fleet, bucket by bucket of the curve. */
  fleet: { hosts: number; crashed: AggregateRow[] };
  /** Changes of the incident that blames it, if there ever was one. */
  changes: Incident[];
  /** Other updates that were shipped at about the same time. */
  neighbours: Update[];
}

export async function loadUpdate(path: string, signal: AbortSignal): Promise<UpdateView> {
  const [update, { explanation }, status, { updates }] = await Promise.all([
    read<UpdateDetail>(path, {}, signal),
    read<Verdict>(`${path}/verdict`, {}, signal),
    read<Status>('status', {}, signal),
    read<{ updates: Update[] }>('updates', { limit: 200 }, signal),
  ]);
  const [previous, crashed, changes] = await Promise.all([
    readPrevious(update, updates, signal),
    readFleet(update, signal),
    readChanges(update, signal),
  ]);
  const neighbours = updates.filter((other) => isNeighbour(other, update));
  return { update, explanation, previous, fleet: { hosts: status.hosts, crashed }, changes, neighbours };
}

/** Nothing may be known of the version before: then there is none. */
async function readPrevious({ update_channel: channel, replaces }: Update, known: Update[], signal: AbortSignal) {
  const before = known.find((each) => each.update_channel === channel && each.update_version === replaces);
  if (before === undefined) return undefined;
  return read<UpdateDetail>(pathOf.update(channel, before.update_version).slice(1), {}, signal);
}

async function readFleet(
  { curve, bucket_seconds: seconds }: UpdateDetail,
  signal: AbortSignal,
): Promise<AggregateRow[]> {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return [];
  const until = new Date(Date.parse(last.bucket_start) + seconds * 1_000).toISOString();
  const range = { since: first.bucket_start, until, bucket: `${seconds}s`, limit: 10_000 };
  return (await read<Aggregates>('aggregates', range, signal)).rows;
}

async function readChanges({ update_channel: channel, update_version: version }: Update, signal: AbortSignal) {
  const { incidents } = await read<{ incidents: Incident[] }>('incidents', { channel, limit: 1_000 }, signal);
  const found = incidents.find(({ suspect }) => suspect.update_version === version);
  if (found === undefined) return [];
  const path = `incidents/${encodeURIComponent(found.incident_id)}`;
  return (await read<{ changes: Incident[] }>(path, {}, signal)).changes;
}

const NEAR_MS = 2 * 3_600_000;

function isNeighbour(other: Update, { update_channel: channel, update_version: version, shipped_at: shipped }: Update) {
  if (shipped === null || other.shipped_at === null) return false;
  if (other.update_channel === channel && other.update_version === version) return false;
  return Math.abs(Date.parse(other.shipped_at) - Date.parse(shipped)) <= NEAR_MS;
}

/** Where the crashes that name it are, with rates; and by which failures. Read apart, since it is seldom looked at first. */
export interface UpdateSpread {
  countries: AggregateRow[];
  orgs: AggregateRow[];
  builds: AggregateRow[];
  drivers: AggregateRow[];
  signatures: SignatureSummary[];
}

export async function loadSpread({ update_channel: channel, update_version: version }: Update, signal: AbortSignal) {
  const naming = { update_channel: channel, update_version: version };
  const by = async (dimensions: string, rates = true) => {
    const group_by = `update_channel,update_version,${dimensions}`;
    const answer = await read<Aggregates>(
      'aggregates',
      { ...naming, group_by, rates: String(rates), limit: 100 },
      signal,
    );
    return answer.rows;
  };
  const [countries, orgs, builds, drivers, { signatures }] = await Promise.all([
    by('country'),
    by('org_id'),
    by('os_build'),
    by('driver,driver_version', false),
    read<{ signatures: SignatureSummary[] }>('signatures', { ...naming, limit: 8 }, signal),
  ]);
  return { countries, orgs, builds, drivers, signatures } satisfies UpdateSpread;
}
