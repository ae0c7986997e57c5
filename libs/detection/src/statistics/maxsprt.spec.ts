import { MaxSprtDesign, criticalValue, lnLikelihoodRatio, performance, sizeOf } from './maxsprt';

/** Published: R package Sequential 4.5.1; the rows of small alpha by an exact recursion that agrees with it where it is precise. */
const byMinEvents: ReadonlyArray<readonly [horizon: number, ...critical: number[]]> = [
  [1, 2.853937, 2.366638, 1.774218],
  [2, 3.046977, 2.689354, 2.349679, 2.000158],
  [3, 3.162106, 2.849327, 2.56532, 2.317139, 1.766485],
  [5, 3.297183, 3.012909, 2.803955, 2.623668, 2.267595, 1.936447],
  [10, 3.467952, 3.238009, 3.064248, 2.921561, 2.690586, 2.484834, 2.281441],
  [20, 3.628123, 3.430141, 3.288216, 3.17637, 2.997792, 2.846858, 2.717137],
  [50, 3.819903, 3.657142, 3.544826, 3.455521, 3.317955, 3.210428, 3.117553],
  [100, 3.952321, 3.810141, 3.711993, 3.636508, 3.520081, 3.430065, 3.355794],
  [200, 4.074828, 3.94893, 3.862762, 3.796835, 3.696511, 3.619825, 3.556799],
  [500, 4.222632, 4.113692, 4.040021, 3.983778, 3.899239, 3.835265, 3.783126],
  [1000, 4.324917, 4.226412, 4.160022, 4.109665, 4.03421, 3.977453, 3.931529],
];
const minEvents = [1, 2, 3, 4, 6, 8, 10];

const alphas = [0.05, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9];
const byAlpha: ReadonlyArray<readonly [horizon: number, ...critical: number[]]> = [
  [0.1, 2.044069, 4.119293, 6.579669, 9.071337, 11.554627, 13.931106, 16.324393, 18.741031, 21.060905],
  [1, 2.853937, 4.670428, 7.172614, 9.628803, 12.02469, 14.405309, 16.775304, 19.137389, 21.493466],
  [10, 3.467952, 5.260513, 7.724863, 10.13783, 12.523822, 14.894633, 17.254094, 19.60546, 21.95145],
  [100, 3.952321, 5.738974, 8.199403, 10.609003, 12.993112, 15.361098, 17.718752, 20.068534, 22.412847],
  [200, 4.074828, 5.862113, 8.322983, 10.733577, 13.117898, 15.48658, 17.844601, 20.194847, 22.53936],
];

const cells = [
  ...byMinEvents.flatMap(([horizon, ...row]) =>
    row.map((critical, index) => ({ alpha: 0.05, horizon, minEvents: minEvents[index]!, critical })),
  ),
  ...byAlpha.flatMap(([horizon, ...row]) =>
    row.map((critical, index) => ({ alpha: alphas[index]!, horizon, minEvents: 1, critical })),
  ),
];

describe('the critical value', () => {
  it.each(cells)('of alpha $alpha until $horizon, at least $minEvents events: $critical', ({ critical, ...design }) => {
    expect(sizeOf(design, critical - 1e-6)).toBeGreaterThan(design.alpha);
    expect(sizeOf(design, critical + 1e-6)).toBeLessThan(design.alpha);
  });

  it.each<[Omit<MaxSprtDesign, 'alpha'>, number]>([
    [{ horizon: 1 }, 2.853937],
    [{ horizon: 50, minEvents: 4 }, 3.455521],
    [{ horizon: 1.5, firstLook: 1 }, 1.683209],
    [{ horizon: 5, firstLook: 1 }, 2.545178],
    [{ horizon: 10, firstLook: 3 }, 2.484834],
    [{ horizon: 20, firstLook: 4 }, 2.717137],
    [{ horizon: 50, firstLook: 10 }, 2.802863],
    [{ horizon: 30, looks: [5, 11, 17, 22, 30] }, 2.131834],
    [{ horizon: 30, looks: [6, 12, 18, 24, 30] }, 2.216513],
  ])('is found: %j %f', (design, critical) =>
    expect(Math.abs(criticalValue({ alpha: 0.05, ...design }) - critical)).toBeLessThan(1e-6),
  );

  it('is found for what the product asks', () =>
    expect(Math.abs(criticalValue({ alpha: 1e-6, horizon: 200 }) - 15.48658)).toBeLessThan(1e-6));
});

describe('the test', () => {
  it.each([
    [1, 0.6850634, 4.130985, 5.979353],
    [3, 0.7329625, 4.071636, 5.654732],
  ])(
    'at ratio 2, horizon 10 and at least %d events: power %f, after %f, ends at %f',
    (least, power, atSignal, atEnd) => {
      const design = { alpha: 0.05, horizon: 10, minEvents: least };
      const critical = least === 1 ? 3.467952 : 3.064248;
      const found = performance(design, critical, 2);
      expect(found.power).toBeCloseTo(power, 6);
      expect(found.meanAtSignal).toBeCloseTo(atSignal, 5);
      expect(found.meanAtEnd).toBeCloseTo(atEnd, 5);
    },
  );

  /** Emergency room visits of the Vaccine Safety Datalink. */
  it.each([
    [101, 90.4, 0.599],
    [708, 677.1, 0.696],
    [3, 5, 0],
  ])('%d events of %f expected: %f', (n, mu, ratio) => expect(lnLikelihoodRatio(n, mu)).toBeCloseTo(ratio, 2));
});
