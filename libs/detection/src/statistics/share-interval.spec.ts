import fc from 'fast-check';
import { clopperPearson } from './share-interval';

/** Computed from the binomial sums themselves, in exact integers and bisection, outside of this project. */
describe('clopperPearson', () => {
  it.each([
    [3, 120, 0.0051855749583213, 0.0713231941569051],
    [0, 50, 0, 0.0711217364641977],
    [50, 50, 0.9288782635358023, 1],
    [1, 1, 0.025, 1],
    [110, 160, 0.6095542409413882, 0.7583462079701523],
    [7, 166, 0.0171195544809445, 0.0849512136459633],
    [1, 1_000, 0.0000253174874913, 0.0055589242798267],
  ])('%i of %i lies between %d and %d', (k, n, low, high) => {
    const interval = clopperPearson(k, n);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  it('holds the share itself, mirrors, and narrows with more hosts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const k = Math.round(n * share);
        const { low, high } = clopperPearson(k, n);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        const mirrored = clopperPearson(n - k, n);
        expect(mirrored.low).toBeCloseTo(1 - high, 9);
        const more = clopperPearson(10 * k, 10 * n);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
      { numRuns: 60 },
    );
  });
});
