import type { BucketCells } from '../concurrent/bucket-cells';
import { type LogRatios, lnMixture, logSumExp } from '../concurrent/contrast';
import { ANY_DRIVER } from '../concurrent/host-history';
import type { DetectionPolicy } from '../policy';
import type { KeepsSilence } from '../silence/silence-evidence';
import type { WatchedUpdate } from '../watched-update';

/** How hosts that took the update are compared with those that had not: by their crashes, or by falling silent. */
export type EvidenceChannel = 'concurrent' | 'silence';

/** The bucket of hosts that only fell silent. */
export const SILENT = 'silent';

/** What one bucket says: ln E over its age windows, and its share of the update's evidence. */
export interface BucketEvidence {
  channel: EvidenceChannel;
  bucket: string;
  weight: number;
  lnE: number;
  crashed: number;
  treated: number;
}

/** The evidence against one update: `statistic` is ln of the weighted mean of its buckets' E. */
export interface Measured {
  statistic: number;
  buckets: BucketEvidence[];
}

/**
 * Weighs an update's buckets: the drivers that load it, any driver, and the largest others. Weights of buckets that are
 * missing are lost, never handed on: what is chosen after seeing the data would not be valid.
 */
export function measure(
  watched: WatchedUpdate,
  policy: DetectionPolicy,
  cells = watched.cells(),
  keeps?: KeepsSilence,
): Measured {
  const crashes = weigh(watched, policy, cells).map(({ bucket, weight, totals }) => ({
    channel: 'concurrent' as const,
    bucket,
    weight,
    lnE: lnEvidence(cells.get(bucket)!, watched, policy),
    crashed: totals.crashed,
    treated: totals.treated,
  }));
  const buckets = [...crashes, ...measureSilence(watched, policy, keeps)];
  const statistic = logSumExp(buckets.map(({ weight, lnE }) => Math.log(weight) + lnE));
  return { statistic: buckets.length === 0 ? 0 : statistic, buckets };
}

function lnEvidence(cells: BucketCells, watched: WatchedUpdate, policy: DetectionPolicy): number {
  return lnMean(cells.sums(watched.exposure(), policy.minRelativeRisk));
}

/** ln E of age windows that weigh the same. */
function lnMean(windows: readonly LogRatios[]): number {
  return logSumExp(windows.map(lnMixture)) - Math.log(windows.length);
}

function measureSilence({ silence }: WatchedUpdate, policy: DetectionPolicy, keeps?: KeepsSilence): BucketEvidence[] {
  const { crashed, treated } = silence.totals(keeps);
  if (crashed === 0) return [];
  const lnE = lnMean(silence.sums(policy.minRelativeRisk, keeps));
  return [{ channel: 'silence', bucket: SILENT, weight: policy.weights.silence, lnE, crashed, treated }];
}

interface Weighed {
  bucket: string;
  weight: number;
  totals: { crashed: number; treated: number };
}

function weigh(watched: WatchedUpdate, policy: DetectionPolicy, cells: ReadonlyMap<string, BucketCells>): Weighed[] {
  const all = [...cells]
    .map(([bucket, each]) => ({ bucket, totals: each.totals() }))
    .filter(({ totals }) => totals.crashed > 0)
    .sort((a, b) => b.totals.crashed - a.totals.crashed || (a.bucket < b.bucket ? -1 : 1));
  const owners = all.filter(({ bucket }) => watched.owners.has(bucket));
  const others = all.filter(({ bucket }) => bucket !== ANY_DRIVER && !watched.owners.has(bucket));
  return [
    ...owners.map((each) => ({ ...each, weight: policy.weights.owner / watched.owners.size })),
    ...all.filter(({ bucket }) => bucket === ANY_DRIVER).map((each) => ({ ...each, weight: policy.weights.any })),
    ...others
      .slice(0, policy.otherBuckets)
      .map((each) => ({ ...each, weight: policy.weights.other / policy.otherBuckets })),
  ];
}

/** Which evidence carries: that which is over the line by itself, or the larger where neither is. */
export function signalOf(measured: Measured, line: number): 'crashes' | 'silence' | 'both' {
  const of = (channels: (channel: EvidenceChannel) => boolean) =>
    logSumExp(measured.buckets.filter(({ channel }) => channels(channel)).map(gain));
  const silence = of((channel) => channel === 'silence');
  const crashes = of((channel) => channel !== 'silence');
  if (silence >= line && crashes >= line) return 'both';
  return silence > crashes ? 'silence' : 'crashes';
}

/** The bucket that says most. */
export function leadingBucket({ buckets }: Measured): BucketEvidence | undefined {
  return buckets.reduce<BucketEvidence | undefined>(
    (best, each) => (best && gain(best) >= gain(each) ? best : each),
    undefined,
  );
}

function gain({ weight, lnE }: BucketEvidence): number {
  return Math.log(weight) + lnE;
}
