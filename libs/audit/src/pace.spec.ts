import { SharedPace } from './pace';

describe('SharedPace', () => {
  it('rests nineteen times as long as it worked, then for as long as there is more urgent work', async () => {
    const slept: number[] = [];
    let behind = 2;
    const pace = new SharedPace(
      0.05,
      () => behind-- > 0,
      async (ms) => void slept.push(ms),
    );
    const startedAt = performance.now();
    while (performance.now() - startedAt < 20);
    await pace.rest();
    expect(slept[0]).toBeGreaterThanOrEqual(19 * 20);
    expect(slept.slice(1)).toEqual([1_000, 1_000]);
  });
});
