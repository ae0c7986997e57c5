import { minusLambert } from './lambert';

describe("Lambert's function", () => {
  /** mpmath 1.3 to 60 digits: -lambertw(-exp(-t)), for t > 1 by its equation in the logarithm. */
  it.each([
    [1, 1],
    [1.0000001, 0.999552853068682],
    [1.001, 0.955942807740952],
    [1.5, 0.301709562684336],
    [2, 0.1585943395630394],
    [5, 0.006783811352096971],
    [15, 3.059024140780984e-7],
    [100, 3.720075976020836e-44],
    [700, 9.85967654375977e-305],
    [5000, 0],
  ])('-W0(-exp(-%f)) is %f', (t, expected) => {
    expect(minusLambert(t)).toBeCloseTo(expected, t < 1.001 ? 12 : 14);
    if (expected > 0) expect(minusLambert(t) / expected).toBeCloseTo(1, t < 1.001 ? 11 : 13);
  });
});
