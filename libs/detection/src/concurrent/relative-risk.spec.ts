import fc from 'fast-check';
import { type Contrast, addContrast, fineGrid, lnMixture, noEvidence } from './contrast';
import { seeded } from '../made-up.fixture';
import { expectedWithoutEffect, relativeRisk } from './relative-risk';

/** `[crashed treated, crashed, treated, eligible]` */
const of = (...[crashedTreated, crashed, treated, eligible]: [number, number, number, number]): Contrast => ({
  crashedTreated,
  crashed,
  treated,
  eligible,
});

describe('the rate ratio', () => {
  it.each([
    // In one table the estimate is ((x - 1/2) / (n - x + 1/2)) * controls / treated.
    { name: '40 of 50 among half', table: [of(40, 50, 500, 1000)], estimate: 39.5 / 10.5 },
    { name: '8 of 10 in a 1 % ring', table: [of(8, 10, 10, 1000)], estimate: (7.5 / 2.5) * 99 },
    { name: 'as many as expected', table: [of(30, 60, 500, 1000)], estimate: 29.5 / 30.5 },
    { name: 'fewer than expected', table: [of(5, 60, 500, 1000)], estimate: 4.5 / 55.5 },
    { name: 'no control crashed', table: [of(10, 10, 500, 1000)], estimate: 9.5 / 0.5 },
  ])('$name', ({ table, estimate }) => {
    const { estimate: got, low, high } = relativeRisk(table);
    expect(got).toBeCloseTo(estimate, 4);
    expect(low).toBeLessThan(got);
    expect(high ?? Infinity).toBeGreaterThan(got);
  });

  it('has no upper bound when only treated hosts crashed, and a low one above 1 when there were enough', () => {
    const { low, high } = relativeRisk([of(30, 30, 100, 1000)]);
    expect(high).toBeNull();
    expect(low).toBeGreaterThan(10);
  });

  it('is 0 with no upper bound when no treated host crashed, or when no contrast says anything', () => {
    const nothing = { estimate: 0, low: 0, high: null };
    expect(relativeRisk([of(0, 20, 100, 1000)])).toEqual(nothing);
    expect(relativeRisk([])).toEqual(nothing);
    expect(relativeRisk([of(5, 5, 10, 10), { ...of(5, 5, 9, 10), settled: true }])).toEqual(nothing);
  });

  it('ends where the evidence against a higher and against a lower ratio reaches ln 40', () => {
    const table = of(40, 50, 500, 1000);
    const { low, high } = relativeRisk([table]);
    const lnE = (nullRatio: number, sign: 1 | -1) => {
      const sums = noEvidence();
      addContrast(sums, table, nullRatio, { sign, grid: fineGrid });
      return lnMixture(sums);
    };
    expect(lnE(low, 1)).toBeCloseTo(Math.log(40), 4);
    expect(lnE(high!, -1)).toBeCloseTo(Math.log(40), 4);
    expect(relativeRisk([of(1, 40, 990, 1000)]).low).toBe(0);
  });

  it('adds tables of different shares up', () => {
    const { estimate, low, high } = relativeRisk([of(20, 22, 50, 1000), of(30, 31, 900, 1000), of(9, 30, 20, 1000)]);
    expect(estimate).toBeGreaterThan(20);
    expect(estimate).toBeLessThan(100);
    expect([low < estimate, high! > estimate]).toEqual([true, true]);
  });

  it('rises with every control that had been a treated host instead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 99 }), (crashed, percent) => {
        const at = (treated: number) => relativeRisk([of(treated, crashed, percent, 100)]);
        for (let treated = 1; treated < crashed; treated++) {
          expect(at(treated + 1).estimate).toBeGreaterThanOrEqual(at(treated).estimate);
          expect(at(treated + 1).low).toBeGreaterThanOrEqual(at(treated).low);
        }
      }),
      { numRuns: 10 },
    );
  });

  it.each([1, 30])('has an interval that holds the truth %d at every look, in 95 %% of runs at least', (truth) => {
    const random = seeded(Math.round(truth * 10));
    const RUNS = 100;
    let missed = 0;
    for (let run = 0; run < RUNS; run++) {
      const tables: Contrast[] = [];
      let held = true;
      for (let look = 1; look <= 4; look++) {
        const treated = look * look * 40;
        const share = (truth * treated) / (1000 - treated + truth * treated);
        const crashed = 12;
        let crashedTreated = 0;
        for (let crash = 0; crash < crashed; crash++) crashedTreated += random() < share ? 1 : 0;
        tables.push(of(crashedTreated, crashed, treated, 1000));
        const { low, high } = relativeRisk(tables);
        held &&= low <= truth && (high ?? Infinity) >= truth;
      }
      if (!held) missed++;
    }
    expect(missed).toBeLessThanOrEqual(0.05 * RUNS);
  });
});

describe('what would be expected without an effect', () => {
  it('is what the controls suffered, scaled to the treated', () => {
    expect(expectedWithoutEffect([of(50, 60, 500, 1000), of(7, 9, 100, 1000), of(3, 3, 10, 10)])).toBeCloseTo(
      10 + 2 / 9,
      10,
    );
  });
});
