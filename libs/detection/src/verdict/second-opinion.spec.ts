import { MINUTE, MadeUp, SECOND, suspectKey } from '../made-up.fixture';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';
import { secondOpinion, secondOpinionOnHistory } from './second-opinion';

/** A tenth of 4,000 hosts takes the update at once; of those `treated` crash at one moment, of the others `controls`. */
function opinionOn(treated: number, controls: number, driver = 'content.sys') {
  const madeUp = new MadeUp().update().action('shipped', 0);
  const fleet = madeUp.fleet(4_000);
  fleet.slice(0, 400).forEach((host) => madeUp.applies(host, 0));
  fleet.slice(0, treated).forEach((host) => madeUp.crashes(host, 5 * MINUTE, { driver }));
  fleet.slice(400, 400 + controls).forEach((host) => madeUp.crashes(host, 5 * MINUTE + SECOND, { driver }));
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const watched = watch.updates.get(suspectKey)!;
  const contrasts = watched.cells().get(driver)?.contrasts(watched.exposure(), 2) ?? [];
  return secondOpinion(watched, driver, contrasts, defaultPolicy);
}

describe('the second opinion', () => {
  it('agrees with a clear verdict: 20 of 400 crashed, 18 of 3,600 others', () => {
    const { maxsprt, rateRatio, crashRate } = opinionOn(20, 18);
    const expected = (18 + 0.5) / 9;
    expect(maxsprt!.lnRatio).toBeCloseTo(20 * Math.log(20 / expected) - 20 + expected, 9);
    expect(maxsprt).toMatchObject({ horizon: 200, agrees: true });
    // With a fifth event as the first that may signal the value is a little lower than the published 15.48658 for any.
    expect(maxsprt!.critical).toBeGreaterThan(14.5);
    expect(maxsprt!.critical).toBeLessThan(15.48658);
    expect(rateRatio!.estimate).toBeCloseTo(10, 9);
    const spread = Math.exp(1.959963984540054 * Math.sqrt(1 / 20 + 1 / 18));
    expect([rateRatio!.low * spread, rateRatio!.high! / spread]).toEqual([
      expect.closeTo(10, 9),
      expect.closeTo(10, 9),
    ]);
    expect(crashRate!.estimate).toBe(0.05);
    expect(crashRate!.low).toBeCloseTo(12.217 / 400, 5);
    expect(crashRate!.high).toBeCloseTo(30.888 / 400, 5);
  });

  it.each([
    { treated: 5, controls: 40, agrees: false },
    { treated: 4, controls: 0, agrees: false },
    { treated: 12, controls: 0, agrees: true },
  ])('$treated treated and $controls controls: agrees is $agrees', ({ treated, controls, agrees }) =>
    expect(opinionOn(treated, controls).maxsprt!.agrees).toBe(agrees),
  );

  it('gives a ratio without an upper bound where no control crashed, from the pooled rates', () => {
    const { rateRatio } = opinionOn(6, 0);
    expect(rateRatio).toMatchObject({ estimate: null, high: null, method: 'mid-P' });
    // Half the chance of 6 of 6 is 2.5 % where the odds are p / (1 - p), p^6 = 0.05.
    const p = 0.05 ** (1 / 6);
    expect(rateRatio!.low).toBeCloseTo((9 * p) / (1 - p), 6);
  });

  it('says nothing where nothing crashed', () =>
    expect(opinionOn(0, 0)).toEqual({
      maxsprt: null,
      rateRatio: null,
      crashRate: expect.anything(),
      informationComponent: null,
      knownRate: null,
    }));

  it('compares the bucket with other crashes, where there are any', () => {
    const madeUp = new MadeUp().update().action('shipped', 0);
    const fleet = madeUp.fleet(1_000);
    fleet.slice(0, 100).forEach((host) => madeUp.applies(host, 0));
    fleet.slice(0, 12).forEach((host) => madeUp.crashes(host, MINUTE));
    fleet.slice(12, 20).forEach((host) => madeUp.crashes(host, MINUTE, { driver: 'other.sys' }));
    fleet.slice(500, 580).forEach((host) => madeUp.crashes(host, MINUTE, { driver: 'other.sys' }));
    fleet.slice(600, 613).forEach((host) => madeUp.crashes(host, MINUTE));
    const watch = new Watch(defaultPolicy);
    watch.absorb(madeUp.batch);
    const { informationComponent } = secondOpinion(watch.updates.get(suspectKey)!, 'content.sys', [], defaultPolicy);
    // 12 hosts had both; of 113 crashed hosts 20 had the update and 25 the bucket.
    expect(informationComponent!.value).toBeCloseTo(Math.log2(12.5 / ((20 * 25) / 113 + 0.5)), 10);
    expect(informationComponent!.low).toBeLessThan(informationComponent!.value);
  });

  it('takes what history lets expect as known where no host can be compared', () => {
    const { maxsprt, rateRatio, informationComponent, knownRate } = secondOpinionOnHistory(12, 5, defaultPolicy);
    expect(maxsprt).toMatchObject({ agrees: false, lnRatio: expect.closeTo(12 * Math.log(2.4) - 7, 10) });
    expect(rateRatio).toMatchObject({ estimate: 2.4, low: expect.closeTo(0.8021, 4), high: expect.closeTo(5.2545, 4) });
    expect(informationComponent!.low).toBeCloseTo(0.2542334, 7);
    expect(knownRate).toBeCloseTo(0.8323462431312318, 10);
    expect(secondOpinionOnHistory(30, 1, defaultPolicy).maxsprt!.agrees).toBe(true);
    expect(secondOpinionOnHistory(0, 5, defaultPolicy)).toMatchObject({
      maxsprt: null,
      rateRatio: null,
      knownRate: null,
    });
    expect(secondOpinionOnHistory(900, 300, defaultPolicy).maxsprt).toBeNull();
  });
});
