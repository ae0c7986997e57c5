import { driverOfChannel, type Update } from '@ringwatch/rollout';
import type { DetectionPolicy } from '../policy';

/** What an update changes: its kin do to hosts what it does. */
export type UpdateClass = 'content' | 'driver' | 'os';

/** Channels of the operating system itself, by the names that are in use for them. */
const OS_CHANNEL = /^(os|windows|win|kb)([-:. ]|\d|$)/i;

export function updateClassOf(channel: string): UpdateClass {
  if (driverOfChannel(channel) !== undefined) return 'driver';
  return OS_CHANNEL.test(channel) ? 'os' : 'content';
}

/** An update that left the watch without ever having had an incident: the crash rate ratio of the hosts that took it. */
export interface BenignUpdate {
  update: Update;
  relativeRisk: number;
  /** The tick, arrival time in ms. */
  notedAt: number;
}

/** The rate ratio that an innocent update may have, and how many innocent updates say so; 0 where it is the policy's. */
export interface NullRatio {
  ratio: number;
  learnedFrom: number;
}

/** Fewer innocent updates say too little: of 20, one beyond the 95 % is missing as often as not. */
const LEAST_UPDATES = 30;
/** Older ones have been shipped by other tools to another fleet. */
const MOST_UPDATES = 200;
const QUANTILE = 0.95;
/**
 * Below 2 the next innocent update is often beyond what 30 said; above 10 a bad update that makes hosts crash ten times as
 * often would be called normal, and what raises such ratios for years should be repaired, not learned.
 */
const LEAST_RATIO = 2;
const MOST_RATIO = 10;

/** What the innocent updates of the same class that were noted up to an arrival time (ms) allow; else what the policy says. */
export function nullRatioOf(
  channel: string,
  benign: readonly BenignUpdate[],
  notedUntil: number,
  policy: DetectionPolicy,
): NullRatio {
  const ofClass = benign
    .filter(({ update, notedAt }) => notedAt <= notedUntil && updateClassOf(update.channel) === updateClassOf(channel))
    .sort((a, b) => a.notedAt - b.notedAt || (nameOf(a) < nameOf(b) ? -1 : 1))
    .slice(-MOST_UPDATES);
  if (ofClass.length < LEAST_UPDATES) return { ratio: policy.minRelativeRisk, learnedFrom: 0 };
  const ratios = ofClass.map(({ relativeRisk }) => relativeRisk).sort((a, b) => a - b);
  const upper = ratios[Math.ceil(QUANTILE * ratios.length) - 1]!;
  return { ratio: Math.min(MOST_RATIO, Math.max(LEAST_RATIO, upper)), learnedFrom: ofClass.length };
}

function nameOf({ update }: BenignUpdate): string {
  return `${update.channel}\u0000${update.version}`;
}
