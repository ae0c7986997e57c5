import { logSumExp } from '../concurrent/contrast';

/** The reverse test: it rejects "it goes on at a quarter or more of what it was". */
export interface ReverseTest {
  /** Newly crashed hosts a minute before it was mitigated: what it was. */
  pacePerMinute: number;
  /** Newly crashed hosts since it was mitigated, and how many there would be at a quarter of that pace. */
  observed: number;
  expected: number;
  /** ln E against going on at a quarter or more, and the line that it has to reach. */
  statistic: number;
  threshold: number;
}

const MINUTE_MS = 60_000;
/** What counts as going on: a quarter of the pace that it had. */
const SHARE_THAT_GOES_ON = 1 / 4;
/** Chance of calling an end while it goes on: 1 %. With no crash at all that takes 4.6 expected ones at the least. */
const LINE = Math.log(1 / 0.01);
/** The pace is that of the last hour, or of as many minutes as it takes to find so many hosts; never of less than 5 minutes. */
const PACE_MINUTES = 60;
const PACE_HOSTS = 5;
const LEAST_MINUTES = 5;
/** Candidates for the pace now, as shares of the null's: it has ended, or there is a rest of it. Mixed evenly. */
const rests: readonly number[] = [0, 1 / 4];
/** A test starts so often: more starts would find an end sooner, if each did not cost what is left for the others. */
const START_EVERY_MS = 5 * MINUTE_MS;

/**
 * Has it ended? `arrivals` are when each host was hit, as far as it is known by now; `since` is when it was mitigated, `now` the
 * tick; all in milliseconds since 1970 UTC.
 *
 * Crashes go on for a while after a withdrawal, until reports and hosts have run out. So the test does not start at `since`
 * alone: half its weight does, the other half is spread over starts 5, 10, ... minutes later (1/(k(k+1)) each). Before its
 * start a test says 1, so that the sum is still valid at any time under "it has gone on ever since".
 */
export function reverseTest(arrivals: readonly number[], since: number, now: number): ReverseTest {
  const pacePerMinute = paceBefore(arrivals, since);
  const starts = Math.max(0, Math.floor((now - since) / START_EVERY_MS));
  const expectedBy = (ms: number) => (pacePerMinute * SHARE_THAT_GOES_ON * ms) / MINUTE_MS;
  /** Hosts that were hit from the k-th start on. */
  const from = new Array<number>(starts + 2).fill(0);
  for (const arrival of arrivals) {
    if (arrival >= since && arrival < now) from[Math.floor((arrival - since) / START_EVERY_MS)]!++;
  }
  for (let start = starts; start >= 0; start--) from[start]! += from[start + 1]!;
  const lnE = (start: number) => lnEvidence(from[start]!, expectedBy(now - since - start * START_EVERY_MS));
  const terms = [Math.log(1 / 2) + lnE(0)];
  for (let start = 1; start <= starts; start++) terms.push(lnE(start) - Math.log(2 * start * (start + 1)));
  // What has not started yet says 1.
  terms.push(-Math.log(2 * (starts + 1)));
  return {
    pacePerMinute,
    observed: from[0]!,
    expected: expectedBy(now - since),
    statistic: logSumExp(terms),
    threshold: LINE,
  };
}

/** Newly crashed hosts a minute in the time before it was mitigated. */
function paceBefore(arrivals: readonly number[], since: number): number {
  const before = arrivals.filter((arrival) => arrival < since).sort((a, b) => b - a);
  if (before.length === 0) return 0;
  const enough = before[Math.min(before.length, PACE_HOSTS) - 1]!;
  const start = Math.max(before.at(-1)!, Math.min(enough, since - PACE_MINUTES * MINUTE_MS));
  const hosts = before.filter((arrival) => arrival >= start).length;
  return hosts / Math.max(LEAST_MINUTES, (since - start) / MINUTE_MS);
}

/** Against a Poisson stream of at least the expected rate, for streams of less: r^n e^{(1-r) expected}, mixed over r. */
function lnEvidence(observed: number, expected: number): number {
  const terms = rests.map((rest) =>
    rest === 0 ? (observed === 0 ? expected : -Infinity) : observed * Math.log(rest) + (1 - rest) * expected,
  );
  return logSumExp(terms) - Math.log(rests.length);
}
