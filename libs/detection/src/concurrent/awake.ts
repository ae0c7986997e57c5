/** So many hosts, and those of them that are awake. */
export interface Headcount {
  awake: number;
  hosts: number;
}

/** The hosts that run an update's channel: those that have not taken it, and those that have. */
export interface AwakeCount {
  untouched: Headcount;
  taken: Headcount;
}

/** Fewer hosts than this say too little about their stratum: those of all strata are asked instead. */
const LEAST_HOSTS = 20;

const nobody: AwakeCount = { untouched: { awake: 0, hosts: 0 }, taken: { awake: 0, hosts: 0 } };

/**
 * Which share of hosts was awake, counted now and then by stratum: who sleeps cannot crash, and must not stand in for those
 * who can. A count holds until the next one, and the first one also for the time before it.
 */
export class AwakeShares {
  private readonly bins: number[] = [];
  private readonly counts: Array<{ all: AwakeCount; byStratum: Map<string, AwakeCount> }> = [];

  /** Adds hosts to the count that holds from this bin on. Gives the first bin whose shares it changes. */
  add(stratum: string, bin: number, count: AwakeCount): number {
    let at = this.bins.findLastIndex((each) => each <= bin);
    if (this.bins[at] !== bin) {
      at++;
      this.bins.splice(at, 0, bin);
      this.counts.splice(at, 0, { all: nobody, byStratum: new Map() });
    }
    const { all, byStratum } = this.counts[at]!;
    byStratum.set(stratum, plus(byStratum.get(stratum) ?? nobody, count));
    this.counts[at] = { all: plus(all, count), byStratum };
    return at === 0 ? -Infinity : bin;
  }

  /** The shares in a bin, from 0 to 1; 1 where nobody is seen awake at all, for then no host tells when it is. */
  at(stratum: string, bin: number): { untouched: number; taken: number } {
    const count =
      this.counts[
        Math.max(
          0,
          this.bins.findLastIndex((each) => each <= bin),
        )
      ];
    if (!count || count.all.untouched.awake + count.all.taken.awake === 0) return { untouched: 1, taken: 1 };
    const { all, byStratum } = count;
    const own = byStratum.get(stratum) ?? nobody;
    return { untouched: shareOf(own.untouched, all.untouched), taken: shareOf(own.taken, all.taken) };
  }
}

function shareOf(own: Headcount, all: Headcount): number {
  const { awake, hosts } = own.hosts >= LEAST_HOSTS ? own : all;
  return hosts === 0 ? 1 : awake / hosts;
}

function plus(a: AwakeCount, b: AwakeCount): AwakeCount {
  const sum = (one: Headcount, other: Headcount) => ({
    awake: one.awake + other.awake,
    hosts: one.hosts + other.hosts,
  });
  return { untouched: sum(a.untouched, b.untouched), taken: sum(a.taken, b.taken) };
}
