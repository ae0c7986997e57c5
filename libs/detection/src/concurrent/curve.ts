import { regionOf } from '@ringwatch/rollout';

/** Bins of event time in which hosts are compared. */
export const BIN_MS = 10_000;

export function binOf(instant: number): number {
  return Math.floor(instant / BIN_MS);
}

/** Hosts are compared only with hosts of the same stratum: the OS build and the region that they were first seen with. */
export function stratumOf(osBuild: string, country: string): string {
  return `${osBuild}|${regionOf(country)}`;
}

/** The OS build and the region of a stratum; only the build may have the separator in it. */
export function partsOf(stratum: string): [string, string] {
  const at = stratum.lastIndexOf('|');
  return [stratum.slice(0, at), stratum.slice(at + 1)];
}

interface Step {
  bin: number;
  hosts: number;
}

/**
 * How many hosts had come by each bin: a step function that only grows, kept as its steps in order. What is added waits until
 * it is asked for: a detector that starts anew is told millions of steps, in no order.
 */
export class Curve {
  private readonly bins: number[] = [];
  private readonly totals: number[] = [];
  private waiting: Step[] = [];

  add(bin: number, hosts: number): void {
    this.waiting.push({ bin, hosts });
  }

  /** Hosts that had come by the end of the bin. */
  upTo(bin: number): number {
    this.settle();
    return this.totals[this.indexAfter(bin) - 1] ?? 0;
  }

  /** The last bin by which at most so many hosts had come; -Infinity before the first. */
  binOf(hosts: number): number {
    this.settle();
    let [low, high] = [0, this.totals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.totals[middle]! <= hosts) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -Infinity : this.bins[low - 1]!;
  }

  total(): number {
    this.settle();
    return this.totals.at(-1) ?? 0;
  }

  lastBin(): number {
    this.settle();
    return this.bins.at(-1) ?? -Infinity;
  }

  /** Puts what waits among the steps that do not come before all of it. */
  private settle(): void {
    if (this.waiting.length === 0) return;
    const waiting = this.waiting.sort(byBin);
    this.waiting = [];
    const from = this.indexAfter(waiting[0]!.bin);
    const later = this.stepsFrom(from);
    this.bins.length = from;
    this.totals.length = from;
    for (let [one, other] = [0, 0]; one < waiting.length || other < later.length;) {
      const isWaiting = other === later.length || (one < waiting.length && waiting[one]!.bin < later[other]!.bin);
      this.append(isWaiting ? waiting[one++]! : later[other++]!);
    }
  }

  private stepsFrom(from: number): Step[] {
    return this.bins
      .slice(from)
      .map((bin, index) => ({ bin, hosts: this.totals[from + index]! - (this.totals[from + index - 1] ?? 0) }));
  }

  private append({ bin, hosts }: Step): void {
    const total = (this.totals.at(-1) ?? 0) + hosts;
    if (this.bins.at(-1) === bin) this.totals[this.totals.length - 1] = total;
    else {
      this.bins.push(bin);
      this.totals.push(total);
    }
  }

  private indexAfter(bin: number): number {
    let low = 0;
    let high = this.bins.length;
    if (high > 0 && this.bins[high - 1]! <= bin) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bins[middle]! <= bin) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One curve a stratum. */
export class StratumCurves {
  private readonly curves = new Map<string, Curve>();

  add(stratum: string, bin: number, hosts: number): void {
    let curve = this.curves.get(stratum);
    if (!curve) this.curves.set(stratum, (curve = new Curve()));
    curve.add(bin, hosts);
  }

  upTo(stratum: string, bin: number): number {
    return this.curves.get(stratum)?.upTo(bin) ?? 0;
  }

  /** The last bin by which at most so many hosts of the stratum had come; -Infinity before the first. */
  binOf(stratum: string, hosts: number): number {
    return this.curves.get(stratum)?.binOf(hosts) ?? -Infinity;
  }

  /** Hosts in all strata that had come by the end of the bin; in all when none is given. */
  total(bin = Infinity): number {
    let sum = 0;
    for (const curve of this.curves.values()) sum += curve.upTo(bin);
    return sum;
  }

  /** Hosts that came in the newest `bins` bins, counted from the last one in which any came. */
  lastSteps(bins: number): number {
    const last = Math.max(...[...this.curves.values()].map((curve) => curve.lastBin()));
    return this.total() - (Number.isFinite(last) ? this.total(last - bins) : 0);
  }

  /** Hosts per stratum, in order of the strata's names. */
  totals(): Array<[string, number]> {
    return [...this.curves].map(([stratum, curve]): [string, number] => [stratum, curve.total()]).sort(byName);
  }
}

function byBin(a: Step, b: Step): number {
  return a.bin < b.bin ? -1 : a.bin > b.bin ? 1 : 0;
}

function byName([a]: [string, number], [b]: [string, number]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
