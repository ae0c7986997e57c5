import { lnGamma } from '../statistics/gamma';
import type { DetectionPolicy } from '../policy';
import type { SampledHost } from '../silence/host-sample';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';
import { countBy } from './count-by';
import { type Measured, leadingBucket } from './measure';

/** So few organisations may agree among themselves. */
const FEW = 3;
/** So much of the crashed hosts has to be theirs. */
const FEW_SHARE = 0.9;
/** And so little of the hosts that took the update at most: larger ones are a part of the fleet that matters. */
const FEW_EXPOSURE = 0.1;

/**
 * Are nearly all crashed hosts with the update of two or three organisations which together have so few of the hosts that took
 * it that chance cannot have chosen them? Then they speak for themselves and not for the fleet: a local cause, or reports that
 * are made up. By chance, whatever organisations there are to choose from, it says yes with probability alpha at most. How
 * many hosts of each organisation took the update is known of sampled hosts; where none are, the answer is no. While few are, none may be
 * of a small organisation: it has at least its share of the hosts that run the channel.
 */
export function isOfFewOrgs(
  watch: Watch,
  watched: WatchedUpdate,
  measured: Measured,
  policy: DetectionPolicy,
): boolean {
  const leading = leadingBucket(measured);
  if (!leading || leading.channel === 'silence') return false;
  const hit = watched
    .contributions()
    .flatMap(([, each]) => each.filter(({ bucket, ageBins }) => bucket === leading.bucket && ageBins !== undefined));
  const top = countBy(hit, ({ crash }) => crash.orgId).slice(0, FEW);
  const ofTop = top.reduce((sum, { hosts }) => sum + hosts, 0);
  if (ofTop < FEW_SHARE * hit.length) return false;
  const taken = watch.silences.sample.takenBy(watched.key).hosts;
  if (taken.length === 0) return false;
  const names = new Set(top.map(({ value }) => value));
  const isTheirs = ({ life }: SampledHost) => names.has(life.orgId);
  const running = [...watch.silences.sample.all()].filter(({ channels }) => channels.has(watched.channel));
  const orgs = new Set([...names, ...[...running, ...taken].map(({ life }) => life.orgId)]).size;
  const ofTaken = taken.filter(isTheirs).length / taken.length;
  // One host more for each, so that an organisation of which none is sampled has a share too.
  const ofRunning =
    (running.filter(isTheirs).length + names.size) / (Math.max(running.length, taken.length) + names.size);
  const share = Math.min(1, Math.max(ofTaken, ofRunning));
  if (share > FEW_EXPOSURE) return false;
  return lnChoices(orgs, names.size) + ofTop * Math.log(share) < Math.log(policy.alpha);
}

/** ln of the number of ways to choose k of n. */
function lnChoices(n: number, k: number): number {
  return lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
}
