/** What the detector holds against an update, and when that is enough. Logarithms are natural. */
export interface DetectionPolicy {
  /** Chance of a false alarm per update, whatever happens and however often it is looked at (Ville's inequality). */
  alpha: number;
  /** The crash rate ratio that an innocent update may have: applying anything restarts and shakes hosts. */
  minRelativeRisk: number;
  /** Fewest distinct crashed hosts that had applied the update, and fewest organisations among them. */
  minHosts: number;
  minOrgs: number;
  /**
   * Weights of the buckets of one update and of the hosts that only fall silent; they sum to at most 1. `owner` is shared by
   * the drivers that load it, `ownerSignatures` by their `ownerSignatureBuckets` largest failure signatures, `other` by the
   * `otherBuckets` largest other drivers and signatures. `history` is for comparing its drivers with the time before where
   * hosts cannot be compared with each other. Each share is fixed: what has no bucket is lost.
   */
  weights: { owner: number; ownerSignatures: number; other: number; any: number; silence: number; history: number };
  ownerSignatureBuckets: number;
  otherBuckets: number;
  /** Ages since applying in which a host counts as treated, in minutes; each has the same weight. */
  ageWindowsMin: ReadonlyArray<readonly [number, number]>;
  /**
   * Narrow ages beside them, for effects that come late: `count` windows from `fromMin` minutes on, each `ratio` times as far
   * as the one before, which share `weight` of the evidence of each bucket.
   */
  narrowAges: { fromMin: number; ratio: number; count: number; weight: number };
  /** How long an update is watched after it was first heard of. */
  watchMs: number;
}

/**
 * The defaults. Rate ratio 3 and alpha 1e-6 per update: in simulation a harmless update that makes hosts restart raised a
 * false alarm in 38 of 100 runs at ratio 1 and in none at 5, while a guilty one is found as fast (at 20,000 updates a year
 * alpha 1e-6 is one false alarm in 50 years). Five hosts of three organisations: one customer's trouble is not a bad update.
 */
export const defaultPolicy: DetectionPolicy = {
  alpha: 1e-6,
  minRelativeRisk: 3,
  minHosts: 5,
  minOrgs: 3,
  weights: { owner: 0.4, ownerSignatures: 0.1, other: 0.25, any: 0.1, silence: 0.1, history: 0.05 },
  ownerSignatureBuckets: 8,
  otherBuckets: 20,
  ageWindowsMin: [
    [0, 15],
    [0, 240],
    [0, Infinity],
  ],
  // 15 minutes to 27 hours.
  narrowAges: { fromMin: 15, ratio: 1.25, count: 21, weight: 0.5 },
  watchMs: 14 * 24 * 60 * 60 * 1000,
};

/** The line that the evidence has to reach: ln(1/alpha). */
export function alarmLine(policy: DetectionPolicy): number {
  return Math.log(1 / policy.alpha);
}
