import type { Delay } from '../world/delay';
import { erfc, poissonProbabilities } from './poisson';

/** When a perfect detector would know, in milliseconds after the first apply, and the chance that it ever does. */
export interface Floor {
  medianMs: number;
  p95Ms: number;
  p99Ms: number;
  power: number;
}

export interface FloorForm {
  /** Hosts that had applied the update by so long after the first (and that it can harm). */
  appliedBy: (afterMs: number) => number;
  lastsMs: number;
  /** Share of them that crashes, and of those that tells. */
  probability: number;
  reports: number;
  crashesAfter: Delay;
  tellsAfter: Delay;
  /** Crashes of the bucket that happen anyway. */
  basePerHostDay: number;
}

/** Critical value of the Poisson MaxSPRT at alpha 1e-6 for up to 10 expected events (Kulldorff 2011, exact). */
const CRITICAL = 14.894633;
const LEAST_HOSTS = 5;
const RISK_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Times grow by so much from one step of the grid to the next. */
const STEP = 1.015;
const FIRST_MS = 20;

/**
 * The time that MaxSPRT with a known base rate and at least 5 hosts needs, when it sees each report the moment it comes:
 * the distribution of its first crossing, stepped exactly as a Poisson process through a grid of times.
 */
export function floorOf(form: FloorForm): Floor {
  const times = gridUpTo(form.lastsMs);
  const reports = guiltyReports(form, times);
  const anyway = reportsAnyway(form, times);
  const crossed: number[] = [];
  let states = [1];
  let seen = 0;
  for (const index of times.keys()) {
    const mean = Math.max(seen, reports[index]! + anyway[index]!);
    states = step(states, mean - seen, boundaryAt(anyway[index]!));
    seen = mean;
    const rest = states.reduce((sum, each) => sum + each, 0);
    crossed.push(1 - rest);
    if (rest < 1e-6) break;
  }
  const quantile = (share: number) => times[crossed.findIndex((each) => each >= share)] ?? Infinity;
  return { medianMs: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99), power: crossed.at(-1) ?? 0 };
}

/** Counts of reports below the boundary, after so many more are expected. */
function step(states: readonly number[], mean: number, boundary: number): number[] {
  const added = poissonProbabilities(mean, boundary);
  return Array.from({ length: boundary }, (_, count) => {
    let sum = 0;
    for (let before = 0; before <= Math.min(count, states.length - 1); before++) {
      sum += states[before]! * added[count - before]!;
    }
    return sum;
  });
}

/** The fewest reports that are a signal where `mean` are expected. */
export function boundaryAt(mean: number): number {
  let count = LEAST_HOSTS;
  while (count <= mean || count * Math.log(count / mean) - (count - mean) < CRITICAL) count++;
  return count;
}

function gridUpTo(lastsMs: number): number[] {
  const times: number[] = [];
  for (let time = FIRST_MS; time < lastsMs * STEP; time *= STEP) times.push(Math.min(time, lastsMs));
  return times;
}

/** Reports of hosts that the update crashed, expected by each time of the grid. */
function guiltyReports(form: FloorForm, times: readonly number[]): number[] {
  const share = form.probability * form.reports;
  const told = new DelaySum(form.crashesAfter, form.tellsAfter, form.lastsMs);
  const taken = times.map((time) => form.appliedBy(time));
  return times.map((time, index) => {
    let sum = taken[0]! * told.by(time - times[0]! / 2);
    for (let at = 1; at <= index; at++) {
      const hosts = taken[at]! - taken[at - 1]!;
      if (hosts > 0) sum += hosts * told.by(time - (times[at]! + times[at - 1]!) / 2);
    }
    return share * sum;
  });
}

/** Reports of hosts that crash anyway within a quarter of an hour after they applied the update. */
function reportsAnyway(form: FloorForm, times: readonly number[]): number[] {
  const perMs = form.basePerHostDay / DAY_MS; // who crashes anyway comes up again and tells
  let sum = 0;
  let before = 0;
  return times.map((time) => {
    const middle = (time + before) / 2;
    sum += (form.appliedBy(middle) - form.appliedBy(middle - RISK_MS)) * (time - before) * perMs;
    before = time;
    return sum;
  });
}

const PARTS = 64;
const TABLE = 2_000;

/** The distribution of the time from apply to report: the crash's delay, in 64 equally likely parts, and the report's. */
class DelaySum {
  private readonly table: number[] = [];

  constructor(
    crash: Delay,
    private readonly tell: Delay,
    private readonly lastsMs: number,
  ) {
    const delays = Array.from({ length: PARTS }, (_, part) => quantileOf(crash, (part + 0.5) / PARTS));
    for (let entry = 0; entry <= TABLE; entry++) {
      const time = this.timeAt(entry);
      this.table.push(delays.reduce((sum, delay) => sum + toldBy(this.tell, time - delay), 0) / PARTS);
    }
  }

  by(time: number): number {
    if (time <= 0) return 0;
    const entry = TABLE * Math.sqrt(time / this.lastsMs);
    const below = Math.min(TABLE - 1, Math.floor(entry));
    return this.table[below]! + (this.table[below + 1]! - this.table[below]!) * Math.min(1, entry - below);
  }

  /** Entries lie closer together at the start. */
  private timeAt(entry: number): number {
    return this.lastsMs * (entry / TABLE) ** 2;
  }
}

function quantileOf(delay: Delay, share: number): number {
  switch (delay.kind) {
    case 'none':
      return 0;
    case 'exponential':
      return -delay.meanMs * Math.log(1 - share);
    case 'weibull':
      return delay.scaleMs * (-Math.log(1 - share)) ** (1 / delay.shape);
    case 'fixed':
      return delay.ms + (delay.spreadMs ?? 0) * share;
    case 'lognormal':
      throw new Error('a crash comes after an exponential, Weibull or fixed delay here');
  }
}

function toldBy(delay: Delay, time: number): number {
  if (time < 0) return 0;
  if (delay.kind === 'none') return 1;
  if (delay.kind !== 'lognormal') throw new Error('a report comes at once or after a lognormal delay here');
  return time === 0 ? 0 : erfc(-Math.log(time / delay.medianMs) / (delay.sigma * Math.SQRT2)) / 2;
}
