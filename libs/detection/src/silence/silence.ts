/**
 * A sampled host fell silent: by its own pace it has missed three heartbeats, and by its own hours it ought to be alive. As it
 * was known at the review `notedAt` (arrival time). Times are milliseconds since 1970 UTC.
 */
export interface Silence {
  hostId: string;
  orgId: string;
  country: string;
  osBuild: string;
  /** The class of hosts among which it is compared. */
  kind: string;
  lastSignAt: number;
  paceMs: number;
  notedAt: number;
  /** The channels that it runs, in order of their names. */
  channels: readonly string[];
  /** The updates under watch that it had taken, by their keys. */
  applied: ReadonlyMap<string, number>;
  /** It gave a sign of life since: a restart, an outage, a holiday. It does not count any more. */
  cameBack: boolean;
}

/** Of the hosts of one kind that run an update's channel and could fall silent at a review, those that had taken the update. */
export interface SilenceExposure {
  updateKey: string;
  kind: string;
  eligible: number;
  /** For each age of `silenceAges`. */
  treated: readonly number[];
  /** Those of them, whatever the age, that took it within the last hour. */
  recent: number;
}

/** What one review found. */
export interface SilenceRound {
  notedAt: number;
  silences: Silence[];
  exposures: SilenceExposure[];
}

/** A round by update and by kind: each update looks up what is its own. */
export interface SortedRound {
  notedAt: number;
  /** Of each update, in the order of kinds. */
  exposures: ReadonlyMap<string, readonly SilenceExposure[]>;
  ofKind: ReadonlyMap<string, readonly Silence[]>;
}

/** Sorts what a review found, once for all updates. */
export function sortRound({ notedAt, silences, exposures }: SilenceRound): SortedRound {
  const inOrder = [...exposures].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  return {
    notedAt,
    exposures: groupBy(inOrder, ({ updateKey }) => updateKey),
    ofKind: groupBy(silences, ({ kind }) => kind),
  };
}

function groupBy<Each>(all: readonly Each[], nameOf: (each: Each) => string): Map<string, Each[]> {
  const groups = new Map<string, Each[]>();
  for (const each of all) {
    const group = groups.get(nameOf(each));
    if (group) group.push(each);
    else groups.set(nameOf(each), [each]);
  }
  return groups;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Times since applying within which a host counts as treated, half-open; each has the same weight. Ages are kept with what a
 * review found, so they are not a matter of policy.
 */
export const silenceAges: ReadonlyArray<readonly [number, number]> = [
  [0, 15 * MINUTE_MS],
  [0, 4 * HOUR_MS],
  [0, Infinity],
];

/** Applied so long ago counts as recent. */
export const RECENT_MS = HOUR_MS;

/**
 * The silences of one kind and review are dated alike: by the latest last sign among them, and by the latest moment at which
 * the next sign was due. A host was treated when it had applied by then. That is later than the silence began, so the share
 * of treated hosts is rather too high than too low, and ln E too low.
 */
export interface Dated {
  since: number;
  until: number;
}

export function dateOf(silences: ReadonlyArray<Pick<Silence, 'lastSignAt' | 'paceMs'>>): Dated {
  return silences.reduce<Dated>(
    ({ since, until }, { lastSignAt, paceMs }) => ({
      since: Math.max(since, lastSignAt),
      until: Math.max(until, lastSignAt + paceMs),
    }),
    { since: -Infinity, until: -Infinity },
  );
}

/** Was a host that applied at a time treated at a date, within one of the ages? */
export function isOfAge(appliedAt: number, { since, until }: Dated, age: number): boolean {
  if (appliedAt > until) return false;
  const [from, to] = silenceAges[age]!;
  const ago = Math.max(0, since - appliedAt);
  return ago >= from && ago < to;
}
