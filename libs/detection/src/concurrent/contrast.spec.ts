import fc from 'fast-check';
import { Contrast, addContrast, fineGrid, isTelling, lnMixture, noEvidence, ratioGrid } from './contrast';
import { seeded } from '../made-up.fixture';

function lnE(contrasts: readonly Contrast[], nullRatio: number, sign: 1 | -1 = 1): number {
  const sums = noEvidence();
  for (const contrast of contrasts) addContrast(sums, contrast, nullRatio, { sign, grid: fineGrid });
  return lnMixture(sums);
}

/** The same as products, crash by crash, as the theory has it. */
function slowE(contrasts: readonly Contrast[], nullRatio: number): number {
  let mixture = 0;
  for (const ratio of ratioGrid) {
    let product = 1;
    for (const { crashed, crashedTreated, eligible, treated } of contrasts.filter(isTelling)) {
      const share = treated / eligible;
      const nullShare = (nullRatio * share) / (1 - share + nullRatio * share);
      for (let crash = 0; crash < crashed; crash++) {
        product *= (crash < crashedTreated ? ratio : 1) / (1 - nullShare + ratio * nullShare);
      }
    }
    mixture += product / ratioGrid.length;
  }
  return mixture;
}

const contrast: fc.Arbitrary<Contrast> = fc
  .record({ crashed: fc.nat(4), treatedPart: fc.double({ min: 0, max: 1, noNaN: true }), eligible: fc.nat(500) })
  .chain(({ crashed, treatedPart, eligible }) =>
    fc.record({
      crashed: fc.constant(crashed),
      crashedTreated: fc.constant(Math.round(crashed * treatedPart)),
      eligible: fc.constant(eligible),
      treated: fc.nat(eligible),
      settled: fc.boolean(),
    }),
  );

/** `[crashed treated, crashed, treated, eligible]` */
const of = (...[crashedTreated, crashed, treated, eligible]: [number, number, number, number]): Contrast => ({
  crashedTreated,
  crashed,
  treated,
  eligible,
});

describe('the grid of candidate ratios', () => {
  it('has 24 values from 1.25 to 100,000, evenly spaced in the logarithm', () => {
    expect(ratioGrid).toHaveLength(24);
    expect(ratioGrid[0]).toBeCloseTo(1.25, 12);
    expect(ratioGrid[23]).toBeCloseTo(1e5, 6);
    const steps = ratioGrid.slice(1).map((ratio, j) => ratio / ratioGrid[j]!);
    for (const step of steps) expect(step).toBeCloseTo((1e5 / 1.25) ** (1 / 23), 10);
  });
});

describe('ln E of concurrent control', () => {
  // Computed apart from this code, in Python, from the formula as products.
  it.each([
    {
      name: 'one treated crash at even shares',
      contrasts: [of(1, 1, 1, 2)],
      nullRatio: 1,
      expected: 0.6317242924064261,
    },
    {
      name: 'one control crash at even shares',
      contrasts: [of(0, 1, 1, 2)],
      nullRatio: 1,
      expected: -2.1273798117202847,
    },
    {
      name: 'five treated crashes in a 1 % ring',
      contrasts: [of(5, 5, 1, 100)],
      nullRatio: 3,
      expected: 16.986629588301334,
    },
    { name: 'the same and one control', contrasts: [of(5, 6, 1, 100)], nullRatio: 3, expected: 13.584482088602806 },
    { name: 'four in a 1 % ring, ratio 1', contrasts: [of(4, 4, 1, 100)], nullRatio: 1, expected: 17.628130761876807 },
  ])('$name', ({ contrasts, nullRatio, expected }) => expect(lnE(contrasts, nullRatio)).toBeCloseTo(expected, 10));

  it('equals the product of the likelihood ratios, crash by crash', () => {
    fc.assert(
      fc.property(fc.array(contrast, { maxLength: 8 }), fc.constantFrom(1, 3, 5), (contrasts, nullRatio) => {
        const slow = Math.log(slowE(contrasts, nullRatio));
        expect(Math.abs(lnE(contrasts, nullRatio) - slow)).toBeLessThan(1e-9 * Math.max(1, Math.abs(slow)));
      }),
    );
  });

  it('does not depend on the order of contrasts, nor on whether one comes in parts', () => {
    fc.assert(
      fc.property(fc.array(contrast, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (contrasts, order) => {
        const shuffled = contrasts
          .flatMap((each) => {
            const part = { ...each, crashed: each.crashedTreated };
            return [part, { ...each, crashed: each.crashed - each.crashedTreated, crashedTreated: 0 }];
          })
          .map((each) => ({ each, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        expect(lnE(shuffled, 3)).toBeCloseTo(lnE(contrasts, 3), 8);
      }),
    );
  });

  it('never grows quieter when a treated host crashes instead of a control', () => {
    fc.assert(
      fc.property(fc.array(contrast, { maxLength: 6 }), contrast, (others, one) => {
        fc.pre(one.crashedTreated < one.crashed);
        const worse = { ...one, crashedTreated: one.crashedTreated + 1 };
        expect(lnE([...others, worse], 3)).toBeGreaterThanOrEqual(lnE([...others, one], 3));
      }),
    );
  });

  it('only falls when the share of treated hosts is set too high: an error there is on the safe side', () => {
    fc.assert(
      fc.property(contrast, fc.integer({ min: 1, max: 50 }), (one, more) => {
        fc.pre(isTelling(one) && one.treated + more < one.eligible);
        expect(lnE([{ ...one, treated: one.treated + more }], 3)).toBeLessThanOrEqual(lnE([one], 3) + 1e-12);
      }),
    );
  });

  it('says nothing where all or none had applied, and where the rollout has settled', () => {
    for (const silent of [of(3, 3, 10, 10), of(3, 3, 12, 10), of(0, 3, 0, 10), { ...of(3, 3, 9, 10), settled: true }]) {
      expect(lnE([silent], 3)).toBeCloseTo(0, 12);
    }
  });

  it('mirrored, speaks against a high ratio when only controls crash', () => {
    expect(lnE([of(0, 40, 5, 10)], 3, -1)).toBeGreaterThan(Math.log(1000));
    expect(lnE([of(40, 40, 5, 10)], 3, -1)).toBeLessThan(0);
  });
});

/** The largest ln E while hosts crash one after another and the update spreads, at a true rate ratio. */
function largestLnE(random: () => number, trueRatio: number, crashes: number): number {
  const sums = noEvidence();
  let largest = -Infinity;
  let share = 0.002;
  for (let crash = 0; crash < crashes; crash++) {
    share = Math.min(0.9, share * (1 + 0.3 * random())); // never looks at who crashes
    const treated = Math.round(share * 10_000);
    const treatedShare = (trueRatio * treated) / (10_000 - treated + trueRatio * treated);
    addContrast(sums, of(random() < treatedShare ? 1 : 0, 1, treated, 10_000), 3);
    largest = Math.max(largest, lnMixture(sums));
  }
  return largest;
}

describe('an innocent update', () => {
  const RUNS = 2_000;

  it.each([
    { trueRatio: 3, seed: 1 },
    { trueRatio: 1, seed: 3 },
  ])('at rate ratio $trueRatio ever reaches 1/alpha in at most alpha of runs', ({ trueRatio, seed }) => {
    const random = seeded(seed);
    const largest = Array.from({ length: RUNS }, () => largestLnE(random, trueRatio, 25));
    for (const alpha of [0.1, 0.01]) {
      const reached = largest.filter((value) => value >= Math.log(1 / alpha)).length;
      expect(reached).toBeLessThanOrEqual(alpha * RUNS);
    }
  });

  it('unlike a guilty one, which passes 1/1e-6 within ten crashes in a small ring', () => {
    const random = seeded(5);
    const largest = Array.from({ length: 200 }, () => largestLnE(random, 3_000, 10));
    expect(largest.filter((value) => value >= Math.log(1e6)).length).toBeGreaterThan(190);
  });
});
