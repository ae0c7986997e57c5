import type { HostSample, SampledHost } from './host-sample';
import {
  type Dated,
  RECENT_MS,
  type Silence,
  type SilenceExposure,
  type SilenceRound,
  isOfAge,
  dateOf,
  silenceAges,
} from './silence';

/** An update under watch. */
export interface Watched {
  key: string;
  channel: string;
}

/**
 * One review: which sampled hosts have fallen silent, and among whom. All that could have fallen silent, whether they did or
 * not, are the hosts of the same kind whose own pace and hours say that they ought to be alive; of them it is counted, for each
 * update, how many run its channel and how many had taken it. Undefined where nobody fell silent, as at most reviews.
 */
export function findSilences(sample: HostSample, updates: readonly Watched[], now: number): SilenceRound | undefined {
  const silent: SampledHost[] = [];
  for (const host of sample.all()) if (host.life.fallsDue(now) && host.life.isExpected(now)) silent.push(host);
  if (silent.length === 0) return undefined;
  const byKind = sortByKind(silent, now);
  const kinds = kindsOf(byKind);
  const eligible = countEligible(sample, kinds, new Set(silent), now);
  const applied = new Map(silent.map((host) => [host, new Map<string, number>()]));
  const concernedOn = kindsByChannel(byKind);
  const exposures = updates.flatMap((update) => {
    const concerned = concernedOn.get(update.channel);
    if (!concerned) return [];
    const counted = countTreated(sample, update.key, kinds, applied);
    return kinds
      .filter(({ name }) => concerned.has(name))
      .map(({ name, number }): SilenceExposure => {
        const inAll = eligible[number]!.get(update.channel) ?? 0;
        return { updateKey: update.key, kind: name, eligible: inAll, ...counted[number]! };
      });
  });
  return {
    notedAt: now,
    silences: [...byKind]
      .flatMap(([kind, hosts]) => hosts.map((host) => silenceOf(host, applied.get(host)!, { kind, now })))
      .sort(byName),
    exposures,
  };
}

interface Kind extends Dated {
  name: string;
  number: number;
}

type ByKind = ReadonlyMap<string, readonly SampledHost[]>;

/** Hosts that fell silent, by kind; kinds in the order of their names. */
function sortByKind(silent: readonly SampledHost[], now: number): ByKind {
  const groups = new Map<string, SampledHost[]>();
  for (const host of silent) {
    const kind = host.life.kind(now);
    const group = groups.get(kind);
    if (group) group.push(host);
    else groups.set(kind, [host]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function kindsOf(byKind: ByKind): Kind[] {
  return [...byKind].map(([name, hosts], number) => {
    const dated = dateOf(hosts.map(({ life }) => ({ lastSignAt: life.lastSignAt, paceMs: life.paceMs()! })));
    return { name, number, ...dated };
  });
}

/** On which channels hosts of which kinds fell silent. */
function kindsByChannel(byKind: ByKind): Map<string, Set<string>> {
  const kinds = new Map<string, Set<string>>();
  for (const [kind, hosts] of byKind)
    for (const { channels } of hosts)
      for (const channel of channels) kinds.set(channel, (kinds.get(channel) ?? new Set()).add(kind));
  return kinds;
}

/** Marks the hosts that could have fallen silent, and counts them by kind and channel. */
function countEligible(
  sample: HostSample,
  kinds: readonly Kind[],
  silent: ReadonlySet<SampledHost>,
  now: number,
): Array<Map<string, number>> {
  const numbers = new Map(kinds.map(({ name, number }) => [name, number]));
  const counts = kinds.map(() => new Map<string, number>());
  for (const host of sample.all()) {
    host.isSilent = silent.has(host);
    const couldFall = host.isSilent || (!host.life.isOverdue(now) && host.life.isExpected(now));
    host.risk = couldFall ? (numbers.get(host.life.kind(now)) ?? -1) : -1;
    if (host.risk === -1) continue;
    const ofKind = counts[host.risk]!;
    for (const channel of host.channels) ofKind.set(channel, (ofKind.get(channel) ?? 0) + 1);
  }
  return counts;
}

/** Of the marked hosts those that had taken an update, by kind; of the silent ones it is noted when. */
function countTreated(
  sample: HostSample,
  updateKey: string,
  kinds: readonly Kind[],
  applied: ReadonlyMap<SampledHost, Map<string, number>>,
): Array<{ treated: number[]; recent: number }> {
  const counts = kinds.map(() => ({ treated: silenceAges.map(() => 0), recent: 0 }));
  const { hosts, appliedAt } = sample.takenBy(updateKey);
  for (let index = 0; index < hosts.length; index++) {
    const host = hosts[index]!;
    if (host.risk === -1) continue;
    const at = appliedAt[index]!;
    if (host.isSilent) applied.get(host)!.set(updateKey, at);
    const kind = kinds[host.risk]!;
    if (at > kind.until) continue;
    const count = counts[host.risk]!;
    for (let age = 0; age < silenceAges.length; age++) if (isOfAge(at, kind, age)) count.treated[age]!++;
    if (at > kind.until - RECENT_MS) count.recent++;
  }
  return counts;
}

function silenceOf(
  { life, channels }: SampledHost,
  applied: ReadonlyMap<string, number>,
  { kind, now }: { kind: string; now: number },
): Silence {
  const { hostId, orgId, country, osBuild, lastSignAt } = life;
  return {
    hostId,
    orgId,
    country,
    osBuild,
    kind,
    lastSignAt,
    paceMs: life.paceMs()!,
    notedAt: now,
    channels: [...channels].sort(),
    applied,
    cameBack: false,
  };
}

function byName(a: Silence, b: Silence): number {
  return a.hostId < b.hostId ? -1 : 1;
}
