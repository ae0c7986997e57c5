import type { BucketCells } from '../concurrent/bucket-cells';
import { type BucketLevel, driverOf, levelOf } from '../concurrent/buckets';
import { type LogRatios, lnMixture, logSumExp } from '../concurrent/contrast';
import { type Keep, everyHost, historyEvidence } from '../history/history-evidence';
import { type DetectionPolicy, alarmLine } from '../policy';
import type { KeepsSilence } from '../silence/silence-evidence';
import type { WatchedUpdate } from '../watched-update';

/**
 * How an update is judged. `concurrent`, `silence`: hosts that took it against those that had not, by their crashes or by
 * falling silent; `history`: its drivers' rate against the time before; `composition`: their share of all crashes against
 * that of before. Of the last two the smaller has the weight, for either alone is fooled too easily.
 */
export type EvidenceChannel = 'concurrent' | 'composition' | 'history' | 'silence';

/** The bucket of hosts that only fell silent. */
export const SILENT = 'silent';

/** What one bucket says through one channel: ln E, and its share of the update's evidence. */
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
 * Weighs an update's buckets: the drivers that load it and their largest failure signatures, any driver, and the largest
 * others. Weights of buckets that are missing are lost, never handed on: what is chosen after seeing the data would not be
 * valid.
 */
export function measure(
  watched: WatchedUpdate,
  policy: DetectionPolicy,
  cells = watched.cells(),
  keeps?: KeepsSilence,
  keep: Keep = everyHost,
): Measured {
  if (cells !== watched.cells() || keeps !== undefined || keep !== everyHost) {
    const crashes = concurrentOf(watched, policy, cells);
    return combine(crashes, againstHistory(watched, policy, crashes, keep), measureSilence(watched, policy, keeps));
  }
  const { revision } = watched.fleet;
  const known = answers.get(watched);
  if (known?.revision === revision && known.policy === policy) return known.measured;
  const crashes = concurrentOnce(watched, policy);
  const measured = combine(crashes, againstHistory(watched, policy, crashes), measureSilence(watched, policy));
  answers.set(watched, { revision, policy, measured });
  return measured;
}

/** What was measured of all hosts: it is asked for many times at a tick, and at quiet ticks nothing has changed. */
const answers = new WeakMap<WatchedUpdate, { revision: number; policy: DetectionPolicy; measured: Measured }>();
const crashAnswers = new WeakMap<
  WatchedUpdate,
  { revision: number; policy: DetectionPolicy; buckets: readonly BucketEvidence[] }
>();

function combine(...parts: ReadonlyArray<readonly BucketEvidence[]>): Measured {
  const buckets = parts.flat();
  const statistic = logSumExp(buckets.map(({ weight, lnE }) => Math.log(weight) + lnE));
  return { statistic: buckets.length === 0 ? 0 : statistic, buckets };
}

function concurrentOnce(watched: WatchedUpdate, policy: DetectionPolicy): readonly BucketEvidence[] {
  const { revision } = watched;
  const known = crashAnswers.get(watched);
  if (known?.revision === revision && known.policy === policy) return known.buckets;
  const buckets = concurrentOf(watched, policy, watched.cells());
  crashAnswers.set(watched, { revision, policy, buckets });
  return buckets;
}

function concurrentOf(
  watched: WatchedUpdate,
  policy: DetectionPolicy,
  cells: ReadonlyMap<string, BucketCells>,
): BucketEvidence[] {
  return weigh(watched, policy, cells).map(({ bucket, weight, totals }): BucketEvidence => ({
    channel: 'concurrent',
    bucket,
    weight,
    lnE: cells.get(bucket)!.lnEvidence(watched.exposure(), watched.nullRatio.ratio),
    crashed: totals.crashed,
    treated: totals.treated,
  }));
}

/**
 * An update's drivers against the time before: where no crash met hosts with and hosts without it, and where hosts that are
 * compared take the evidence half of the way. The choice may be made late: this evidence has a weight of its own, so that
 * together the two are no likelier to accuse an innocent update.
 */
function againstHistory(
  watched: WatchedUpdate,
  policy: DetectionPolicy,
  crashes: readonly BucketEvidence[],
  keep: Keep = everyHost,
): BucketEvidence[] {
  return [...watched.owners].sort().flatMap((bucket): BucketEvidence[] => {
    const isAsked =
      lacksContrast(watched, bucket) ||
      isOnItsWay(keep === everyHost ? HALF_WAY : WITHOUT_SOME, crashes, bucket, policy);
    const evidence = isAsked ? historyEvidence(watched, bucket, keep) : undefined;
    if (!evidence || evidence.observed.hosts === 0) return [];
    const { lnMix, lnRise, observed } = evidence;
    const weight = policy.weights.history / watched.owners.size;
    const counts = { bucket, crashed: observed.hosts, treated: observed.hosts };
    return [
      { channel: 'composition', ...counts, lnE: lnMix, weight: lnMix < lnRise ? weight : 0 },
      { channel: 'history', ...counts, lnE: lnRise, weight: lnMix < lnRise ? 0 : weight },
    ];
  });
}

function lacksContrast(watched: WatchedUpdate, bucket: string): boolean {
  return !watched.cells().get(bucket)?.hasContrast(watched.exposure(), watched.nullRatio.ratio);
}

/** How far hosts that are compared have to take the evidence before the time before has a say … */
const HALF_WAY = 1 / 2;
/** … and how far they still have to when one organisation is left out, which may have a third of them and more. */
const WITHOUT_SOME = 1 / 5;

/**
 * Do hosts that are compared speak against the update by a thousand to one in this driver, and not yet by a million to one in
 * all? Then the time before has a say: a few hosts that crash by a driver that never did so are soon more than chance. Where
 * the driver only spikes for another reason, hosts with the update crash no more than others, and it is not asked.
 */
function isOnItsWay(
  share: number,
  crashes: readonly BucketEvidence[],
  driver: string,
  policy: DetectionPolicy,
): boolean {
  const line = alarmLine(policy);
  return lnSum(crashes.filter(({ bucket }) => driverOf(bucket) === driver)) >= share * line && lnSum(crashes) < line;
}

function lnSum(buckets: readonly BucketEvidence[]): number {
  return logSumExp(buckets.map(gain));
}

/** ln E of age windows that weigh the same. */
function lnMean(windows: readonly LogRatios[]): number {
  return logSumExp(windows.map(lnMixture)) - Math.log(windows.length);
}

function measureSilence(
  { silence, nullRatio }: WatchedUpdate,
  policy: DetectionPolicy,
  keeps?: KeepsSilence,
): BucketEvidence[] {
  const { crashed, treated } = silence.totals(keeps);
  if (crashed === 0) return [];
  const lnE = lnMean(silence.sums(nullRatio.ratio, keeps));
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
  const { weights, ownerSignatureBuckets, otherBuckets } = policy;
  const isOwned = ({ bucket }: { bucket: string }) => watched.owners.has(driverOf(bucket) ?? '');
  const at = (level: BucketLevel) => all.filter(({ bucket }) => levelOf(bucket) === level);
  const share = (each: Omit<Weighed, 'weight'>[], weight: number) => each.map((one) => ({ ...one, weight }));
  return [
    ...share(at('driver').filter(isOwned), weights.owner / watched.owners.size),
    ...share(
      at('signature').filter(isOwned).slice(0, ownerSignatureBuckets),
      weights.ownerSignatures / ownerSignatureBuckets,
    ),
    ...share(at('any'), weights.any),
    ...share(
      all.filter((each) => levelOf(each.bucket) !== 'any' && !isOwned(each)).slice(0, otherBuckets),
      weights.other / otherBuckets,
    ),
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

/** Does the evidence rest on the time before, and not on hosts that are alike but for the update? Then it is weaker. */
export function isWeaker(measured: Measured): boolean {
  const channel = leadingBucket(measured)?.channel;
  return channel === 'composition' || channel === 'history';
}

/** Is it weaker, and yet hosts that are alike but for the update take it half of the way? */
export function isHalfCompared(measured: Measured, policy: DetectionPolicy): boolean {
  const crashes = measured.buckets.filter(({ channel }) => channel === 'concurrent');
  return isWeaker(measured) && isOnItsWay(HALF_WAY, crashes, leadingBucket(measured)!.bucket, policy);
}

/** Hosts that count as crashed with the update: those that had taken it or, where nobody tells, those by its drivers. */
export function crashedHosts(watched: WatchedUpdate, measured: Measured): number {
  return isWeaker(measured) ? leadingBucket(measured)!.treated : watched.treatedHosts();
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
