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
  const due = [...sample.all()].filter(({ life }) => life.fallsDue(now));
  const silent = due.filter(({ life }) => life.isExpected(now));
  if (silent.length === 0) return undefined;
  const kinds = kindsOf(silent, now);
  const eligible = countEligible(sample, kinds, new Set(silent), now);
  const applied = new Map(silent.map((host) => [host, new Map<string, number>()]));
  const exposures = updates.flatMap((update) => {
    const concerned = new Set(
      silent.filter(({ channels }) => channels.has(update.channel)).map(({ life }) => life.kind(now)),
    );
    if (concerned.size === 0) return [];
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
    silences: silent.map((host) => silenceOf(host, applied.get(host)!, now)).sort(byName),
    exposures,
  };
}

interface Kind extends Dated {
  name: string;
  number: number;
}

function kindsOf(silent: readonly SampledHost[], now: number): Kind[] {
  const names = [...new Set(silent.map(({ life }) => life.kind(now)))].sort();
  return names.map((name, number) => {
    const lives = silent.filter(({ life }) => life.kind(now) === name);
    const dated = dateOf(lives.map(({ life }) => ({ lastSignAt: life.lastSignAt, paceMs: life.paceMs()! })));
    return { name, number, ...dated };
  });
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

function silenceOf({ life, channels }: SampledHost, applied: ReadonlyMap<string, number>, now: number): Silence {
  const { hostId, orgId, country, osBuild, lastSignAt } = life;
  return {
    hostId,
    orgId,
    country,
    osBuild,
    kind: life.kind(now),
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
