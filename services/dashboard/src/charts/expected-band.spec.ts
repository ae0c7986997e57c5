import { expectedBand, poissonQuantile } from './expected-band';

describe('poissonQuantile', () => {
  // R: qpois(c(.025, .975), lambda)
  it.each([
    { mean: 0, low: 0, high: 0 },
    { mean: 0.5, low: 0, high: 2 },
    { mean: 3, low: 0, high: 7 },
    { mean: 10, low: 4, high: 17 },
    { mean: 100, low: 81, high: 120 },
  ])('of $mean is $low to $high', ({ mean, low, high }) => {
    expect([poissonQuantile(mean, 0.025), poissonQuantile(mean, 0.975)]).toEqual([low, high]);
  });

  it('goes on smoothly where the mean is large', () => {
    expect(Math.abs(poissonQuantile(501, 0.975) - poissonQuantile(499, 0.975))).toBeLessThanOrEqual(4);
  });
});

describe('expectedBand', () => {
  const usual = () => true;

  it('says nothing before it knows enough', () => {
    expect(expectedBand([3, 3, 3, 3, 3, 3], usual, 60).high).toEqual([null, null, null, null, null, 7]);
  });

  it('does not learn from a spike that it is told of', () => {
    const counts = [...new Array<number>(20).fill(3), ...new Array<number>(20).fill(300)];
    const band = expectedBand(counts, (at) => at < 20, 60);
    expect(band.high.at(-1)).toBe(7);
    expect(expectedBand(counts, usual, 60).high.at(-1)).toBeGreaterThan(100);
  });

  it('forgets what is older than its memory', () => {
    const counts = [...new Array<number>(20).fill(100), ...new Array<number>(20).fill(3)];
    expect(expectedBand(counts, usual, 10).high.at(-1)).toBe(7);
  });
});
