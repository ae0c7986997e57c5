import type { AwakeCount } from '../concurrent/awake';
import { HostLife } from './host-life';
import type { KeptLife, KeptSample, SampledEvidence } from './signs';

/** So many hosts are sampled at most, or between half of that and it: each costs some 2 kB, and a row in the store every hour. */
export const MOST_SAMPLED_HOSTS = 32_768;

/** A sampled host, with the channels that it runs. */
export interface SampledHost {
  life: HostLife;
  channels: Set<string>;
  /** At the review under way: the class in which it could fall silent, by number (-1 where it could not), and whether it did. */
  risk: number;
  isSilent: boolean;
  /** At the count under way: whether it is awake, and its stratum, by number. */
  isAwake: boolean;
  stratum: number;
}

/** Sampled hosts that applied an update, and when. */
export interface TakenBy {
  hosts: SampledHost[];
  appliedAt: number[];
}

const nobody: TakenBy = { hosts: [], appliedAt: [] };

/**
 * The lives of a fixed sample of hosts: all of them, or one in 2^level by the hash of their names. The level rises when they
 * are too many and never falls, so that which hosts are sampled is a function of what arrived.
 */
export class HostSample {
  level = 0;
  private readonly hosts = new Map<string, SampledHost>();
  private readonly taken = new Map<string, TakenBy>();

  constructor(private readonly mostHosts = MOST_SAMPLED_HOSTS) {}

  /** Takes in what arrived in one minute; gives the hosts that were alive later than was known. */
  absorb({ signs, channels, applies }: SampledEvidence, isWatched: (updateKey: string) => boolean): Set<string> {
    const alive = new Set<string>();
    for (const each of signs) {
      if (each.level < this.level) continue;
      let host = this.hosts.get(each.hostId);
      if (!host) this.add((host = hostOf(HostLife.of(each))));
      if (host.life.absorb(each)) alive.add(each.hostId);
    }
    for (const { hostId, channel } of channels) this.hosts.get(hostId)?.channels.add(channel);
    for (const { hostId, updateKey, occurredAt } of applies) {
      const host = this.hosts.get(hostId);
      if (!host || !isWatched(updateKey)) continue;
      const taken = this.taken.get(updateKey) ?? { hosts: [], appliedAt: [] };
      this.taken.set(updateKey, taken);
      taken.hosts.push(host);
      taken.appliedAt.push(occurredAt);
    }
    this.thinOut();
    return alive;
  }

  /** Goes on from what was kept. */
  restore(level: number, kept: readonly KeptLife[]): void {
    this.level = level;
    for (const each of kept) this.add(hostOf(HostLife.restore(each)));
  }

  /** What has to be kept, hosts in order of their names. */
  toKeep(): KeptSample {
    const lives = [...this.hosts.values()].map(({ life }) => life.kept());
    return { level: this.level, lives: lives.sort((a, b) => (a.hostId < b.hostId ? -1 : 1)) };
  }

  forgetUpdate(updateKey: string): void {
    this.taken.delete(updateKey);
  }

  /** One host in so many is sampled. */
  get part(): number {
    return 2 ** this.level;
  }

  all(): IterableIterator<SampledHost> {
    return this.hosts.values();
  }

  life(hostId: string): HostLife | undefined {
    return this.hosts.get(hostId)?.life;
  }

  takenBy(updateKey: string): TakenBy {
    return this.taken.get(updateKey) ?? nobody;
  }

  /**
   * Of the hosts that run the updates' channels those that are awake, by stratum: hosts that have not taken the update, and
   * hosts that have. A host is awake while its next sign of life is not overdue.
   */
  awake(updates: ReadonlyArray<{ key: string; channel: string }>, now: number): Map<string, Map<string, AwakeCount>> {
    const strata = [...new Set([...this.hosts.values()].map(({ life }) => life.stratum))].sort();
    const numbers = new Map(strata.map((stratum, number) => [stratum, number]));
    const byChannel = new Map(
      [...new Set(updates.map(({ channel }) => channel))].map((each) => [each, headsOf(strata)]),
    );
    for (const host of this.hosts.values()) {
      host.isAwake = !host.life.isOverdue(now);
      host.stratum = numbers.get(host.life.stratum)!;
      for (const channel of host.channels) countHead(byChannel.get(channel), host);
    }
    return new Map(
      updates.map(({ key, channel }) => {
        const taken = headsOf(strata);
        for (const host of this.takenBy(key).hosts) countHead(taken, host);
        return [key, byStratum(strata, byChannel.get(channel)!, taken)];
      }),
    );
  }

  private add(host: SampledHost): void {
    this.hosts.set(host.life.hostId, host);
  }

  private thinOut(): void {
    if (this.hosts.size <= this.mostHosts) return;
    while (this.hosts.size > this.mostHosts) {
      this.level++;
      for (const [hostId, { life }] of this.hosts) if (life.level < this.level) this.hosts.delete(hostId);
    }
    for (const [key, { hosts, appliedAt }] of this.taken) {
      const isKept = hosts.map(({ life }) => life.level >= this.level);
      this.taken.set(key, {
        hosts: hosts.filter((_, index) => isKept[index]),
        appliedAt: appliedAt.filter((_, index) => isKept[index]),
      });
    }
  }
}

/** Hosts by the number of their stratum, and those of them that are awake. */
type Heads = Array<{ hosts: number; awake: number }>;

function headsOf(strata: readonly string[]): Heads {
  return strata.map(() => ({ hosts: 0, awake: 0 }));
}

function countHead(heads: Heads | undefined, { stratum, isAwake }: SampledHost): void {
  const head = heads?.[stratum];
  if (!head) return;
  head.hosts++;
  if (isAwake) head.awake++;
}

function byStratum(strata: readonly string[], all: Heads, taken: Heads): Map<string, AwakeCount> {
  const counts = strata.map((stratum, number): [string, AwakeCount] => {
    const [every, have] = [all[number]!, taken[number]!];
    return [stratum, { untouched: { hosts: every.hosts - have.hosts, awake: every.awake - have.awake }, taken: have }];
  });
  return new Map(counts.filter(([, { untouched, taken: have }]) => untouched.hosts + have.hosts > 0));
}

function hostOf(life: HostLife): SampledHost {
  return { life, channels: new Set(), risk: -1, isSilent: false, isAwake: false, stratum: 0 };
}
