import fc from 'fast-check';
import {
  anytimeRatioInterval,
  gammaQuantile,
  garwood,
  informationComponent,
  mantelHaenszel,
  rateRatioInterval,
} from './intervals';

describe('the gamma quantile', () => {
  /** mpmath 1.3 to 60 digits: the power series of P, halved 100 times. */
  it.each([
    [0.025, 0.5, 0.0004910345585876279],
    [0.025, 12.5, 6.559860012468892],
    [0.975, 6, 11.668332079322669],
    [0.025, 100, 81.36399125092314],
    [0.975, 101, 121.6267937924264],
    [0.025, 5000.5, 4862.852259228797],
    [0.5, 1, 0.6931471805599453],
    [1e-6, 3, 0.01825428296327929],
  ])('%f of shape %f: %f', (p, shape, expected) => expect(gammaQuantile(p, shape) / expected).toBeCloseTo(1, 12));
});

describe('intervals', () => {
  it.each([
    [0, 0, 3.688879],
    [1, 0.025318, 5.571643],
    [5, 1.623486, 11.668332],
    [10, 4.795389, 18.390356],
    [100, 81.363991, 121.626794],
  ])('%d events: a mean from %f to %f', (n, low, high) => {
    expect(garwood(n).low).toBeCloseTo(low, 6);
    expect(garwood(n).high).toBeCloseTo(high, 6);
  });

  /** Breast cancer after fluoroscopy: Rothman, Greenland, Lash, Modern Epidemiology. */
  it.each([
    ['exact', 1.005684, 3.6093],
    ['mid-P', 1.041075, 3.449423],
  ] as const)('rate ratio of 41/28010 to 15/19017, %s: %f to %f', (kind, low, high) => {
    const rates = { treated: 41, treatedTime: 28_010, controls: 15, controlTime: 19_017 };
    expect(rateRatioInterval(rates, kind).low).toBeCloseTo(low, 5);
    expect(rateRatioInterval(rates, kind).high).toBeCloseTo(high, 5);
    expect(mantelHaenszel([rates])!.ratio).toBeCloseTo(1.855759, 6);
  });

  it('has no bound above where no control crashed, and starts at 0 where no treated host did', () => {
    const rates = { treated: 5, treatedTime: 100, controls: 0, controlTime: 10_000 };
    expect(rateRatioInterval(rates, 'exact').high).toBeNull();
    expect(rateRatioInterval(rates, 'exact').low).toBeCloseTo(100 / (1 / 0.025 ** (1 / 5) - 1), 6);
    expect(rateRatioInterval({ ...rates, treated: 0, controls: 5 }, 'exact').low).toBe(0);
    expect(mantelHaenszel([rates])).toBeNull();
  });

  it('of a rate ratio holds at any time: 12 events of 5 expected', () => {
    const { low, high } = anytimeRatioInterval(12, 5);
    expect(low).toBeCloseTo(0.8021, 4);
    expect(high).toBeCloseTo(5.2545, 4);
    expect(anytimeRatioInterval(0, 5).low).toBe(0);
  });

  it('of an information component: 12 events of 5 expected', () => {
    const { value, low } = informationComponent(12, 5);
    expect(value).toBeCloseTo(1.184425, 6);
    expect(low).toBeCloseTo(0.2542334, 7);
  });
});

describe('the Mantel-Haenszel ratio', () => {
  const rates = fc.record({
    treated: fc.integer({ min: 1, max: 50 }),
    treatedTime: fc.integer({ min: 1, max: 10_000 }),
    controls: fc.integer({ min: 1, max: 50 }),
    controlTime: fc.integer({ min: 1, max: 10_000 }),
  });

  it('is the plain ratio in one stratum, whatever unit time has, and turns over with the groups', () =>
    fc.assert(
      fc.property(rates, ({ treated, treatedTime, controls, controlTime }) => {
        const { ratio, low, high } = mantelHaenszel([{ treated, treatedTime, controls, controlTime }])!;
        expect(ratio / (treated / treatedTime / (controls / controlTime))).toBeCloseTo(1, 10);
        expect(Math.log(high / low) / (2 * 1.959963984540054)).toBeCloseTo(Math.sqrt(1 / treated + 1 / controls), 10);
        const turned = mantelHaenszel([
          { treated: controls, treatedTime: controlTime * 60, controls: treated, controlTime: treatedTime * 60 },
        ])!;
        expect(turned.low * high).toBeCloseTo(1, 10);
      }),
    ));

  it('is not led astray by strata that differ in rate and in exposure', () => {
    const quiet = { treated: 2, treatedTime: 200, controls: 8, controlTime: 800 };
    const loud = { treated: 160, treatedTime: 800, controls: 40, controlTime: 200 };
    expect(mantelHaenszel([quiet, loud])!.ratio).toBeCloseTo(1, 10);
  });
});
