import { RandomSource } from '@ringwatch/fleet';
import { addContrast, lnMixture, noEvidence } from '@ringwatch/detection';

/** Streams of crashes by which an update is innocent, counts only: how far the evidence against it ever went. */
export interface Nulls {
  kind: NullKind;
  streams: number;
  /** How many streams passed 1/alpha at any time, by alpha. */
  passed: Record<string, number>;
  /** Sum of E at the last crash: its mean may be 1 at most. */
  sumAtEnd: number;
  crashesAtEnd: number;
}

/**
 * `boundary`: the rate ratio is exactly the largest that an innocent update may have; `alike`: it is 1; `overdispersed`:
 * it is 1 on average, and the counts of both groups swing on their own by 1.5 to 4 times what chance does (class 36, the bare
 * channel: what the product decides is in `null-updates.ts`).
 */
export type NullKind = 'boundary' | 'alike' | 'overdispersed';

export const alphas = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6];
const NULL_RATIO = 3;
const BINS = 40;

export function playNulls(kind: NullKind, seed: number, streams: number): Nulls {
  const random = new RandomSource(`nulls/${kind}/${seed}`);
  const passed = Object.fromEntries(alphas.map((alpha) => [alpha, 0]));
  let [sumAtEnd, crashesAtEnd] = [0, 0];
  for (let stream = 0; stream < streams; stream++) {
    const { most, atEnd, crashes } = playOne(kind, random);
    for (const alpha of alphas) if (most >= Math.log(1 / alpha)) passed[alpha]!++;
    sumAtEnd += Math.exp(atEnd);
    crashesAtEnd += crashes;
  }
  return { kind, streams, passed, sumAtEnd, crashesAtEnd };
}

/** One bucket of one update while the share of hosts that have it rises, with about 20 crashes in all. */
function playOne(kind: NullKind, random: RandomSource) {
  const sums = noEvidence();
  const phi = kind === 'overdispersed' ? 1.5 + 2.5 * random.uniform() : 1;
  const ratio = kind === 'boundary' ? NULL_RATIO : 1;
  const perBin = Math.exp(Math.log(0.1) + random.uniform() * Math.log(20));
  const reach = random.uniform();
  let [most, atEnd, crashes] = [-Infinity, 0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    const share = (reach * (bin + 0.5)) / BINS;
    const treated = count(perBin * share * ratio, phi, random);
    const controls = count(perBin * (1 - share), phi, random);
    if (treated + controls === 0) continue;
    crashes += treated + controls;
    const contrast = { crashed: treated + controls, crashedTreated: treated, eligible: 1e6, treated: 1e6 * share };
    addContrast(sums, contrast, NULL_RATIO);
    most = Math.max(most, (atEnd = lnMixture(sums)));
  }
  return { most, atEnd, crashes };
}

/** A Poisson count, or one whose variance is phi times its mean: clumps of 1 + Poisson(phi - 1) crashes. */
function count(mean: number, phi: number, random: RandomSource): number {
  if (phi === 1) return random.poisson(mean);
  let sum = 0;
  for (let clump = random.poisson(mean / phi); clump > 0; clump--) sum += 1 + random.poisson(phi - 1);
  return sum;
}
