import fc from 'fast-check';
import { lnGamma } from './gamma';
import { lnEvidenceAboveRate } from './known-rate';

describe('evidence against a known rate', () => {
  /** Published: the one-sided gamma-Poisson mixture of the package confseq 0.0.11, shape = rate. */
  it.each([
    { n: 5, mu: 1, rho: 0.158006349069, lnE: 3.135791914 },
    { n: 12, mu: 5, rho: 0.316012698137, lnE: 2.571180268 },
    { n: 3, mu: 0.01, rho: 0.079003174534, lnE: 7.407474764 },
    { n: 100, mu: 70, rho: 1.580063490685, lnE: 4.353151135 },
  ])('$n events of $mu expected: ln E is $lnE', ({ n, mu, rho, lnE }) =>
    expect(Math.abs(lnEvidenceAboveRate(n, mu, { shape: rho, rate: rho }) - lnE)).toBeLessThan(1e-9),
  );

  /** The same formula to 60 digits with mpmath 1.3. */
  it.each([
    [0, 0, 0],
    [0, 3, -3.99266920864828],
    [5, 0.01, 22.728295435290622],
    [12, 5, 0.8323462431312318],
    [30, 100, -7.027093927534451],
    [2000, 900, 491.7552400372803],
    [5, 1e-9, 26.530604379371862],
  ])('%f events of %f expected, with the prior in use: %f', (n, mu, lnE) =>
    expect(lnEvidenceAboveRate(n, mu)).toBeCloseTo(lnE, 10),
  );

  it('is a fair bet: its mean over Poisson counts is 1 at the rate, less below it', () => {
    const meanAt = (rate: number, mu: number) => {
      let mean = 0;
      for (let n = 0; n < 8000; n++) {
        mean += Math.exp(n * Math.log(rate) - rate - lnGamma(n + 1) + lnEvidenceAboveRate(n, mu));
      }
      return mean;
    };
    for (const mu of [0.01, 0.5, 3]) {
      expect(meanAt(mu, mu)).toBeCloseTo(1, 6);
      expect(meanAt(mu / 2, mu)).toBeLessThan(1);
    }
  });

  it('grows with events and shrinks with what was expected', () =>
    fc.assert(
      fc.property(fc.nat(2000), fc.double({ min: 1e-6, max: 2000, noNaN: true }), (n, mu) => {
        expect(lnEvidenceAboveRate(n + 1, mu)).toBeGreaterThan(lnEvidenceAboveRate(n, mu));
        expect(lnEvidenceAboveRate(n, mu * 1.5)).toBeLessThan(lnEvidenceAboveRate(n, mu));
      }),
    ));
});
