import fc from 'fast-check';
import { lnEvidenceOfComposition } from './composition';

describe('evidence of a changed mix', () => {
  /** The same formula to 60 digits with mpmath 1.3. */
  it.each([
    { inBucket: 0, crashed: 0, share: 0.01, lnE: 0 },
    { inBucket: 5, crashed: 5, share: 0.01, lnE: 18.170205263656165 },
    { inBucket: 5, crashed: 200, share: 0.01, lnE: -2.248033642457439 },
    { inBucket: 40, crashed: 1000, share: 0.03, lnE: -2.8972037934032984 },
    { inBucket: 3000, crashed: 100_000, share: 0.02, lnE: -2.891931135224448 },
    { inBucket: 0, crashed: 50, share: 0.2, lnE: 5.929595266452946 },
  ])('$inBucket of $crashed where $share is usual: $lnE', ({ inBucket, crashed, share, lnE }) =>
    expect(lnEvidenceOfComposition(inBucket, crashed, share)).toBeCloseTo(lnE, 9),
  );

  it('has the mean 1 over what history predicts for any number of crashes', () => {
    const [a, b] = [200 * 0.05, 200 * 0.95];
    for (const crashed of [1, 7, 60]) {
      let predicted = 1;
      for (let k = 0; k < crashed; k++) predicted *= (b + k) / (a + b + k);
      let mean = 0;
      for (let x = 0; x <= crashed; x++) {
        mean += predicted * Math.exp(lnEvidenceOfComposition(x, crashed, 0.05));
        predicted *= ((crashed - x) * (a + x)) / ((x + 1) * (b + crashed - x - 1));
      }
      expect(mean).toBeCloseTo(1, 10);
    }
  });

  it('grows with the bucket once it holds more than its usual share', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.001, max: 0.3, noNaN: true }),
        (crashed, share) => {
          const first = Math.ceil(share * crashed) + 1;
          for (let x = first; x < crashed; x++) {
            expect(lnEvidenceOfComposition(x + 1, crashed, share)).toBeGreaterThan(
              lnEvidenceOfComposition(x, crashed, share),
            );
          }
        },
      ),
    ));
});
