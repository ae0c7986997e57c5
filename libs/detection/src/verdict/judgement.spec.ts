import { MINUTE, MadeUp, SECOND, seeded } from '../made-up.fixture';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';
import { judgeAll } from './judgement';

/** 2,000 of 4,000 hosts take the update; of each side a share crashes within six hours, by drivers of its own. */
function judged({ treatedShare, controlShare }: { treatedShare: number; controlShare: number }) {
  const madeUp = new MadeUp(20).update().action('shipped', 0);
  const fleet = madeUp.fleet(4_000);
  madeUp.rollOut(fleet.slice(0, 2_000), { lasts: 10 * MINUTE });
  const random = seeded(7);
  fleet.forEach((host, index) => {
    const at = Math.floor(11 * MINUTE + random() * 360 * MINUTE);
    if (random() < (index < 2_000 ? treatedShare : controlShare)) madeUp.crashes(host, at + SECOND);
  });
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  return judgeAll(watch)[0]!;
}

describe('the standing of an update', () => {
  it.each([
    { name: 'without a crash', treatedShare: 0, controlShare: 0, standing: 'insufficient' },
    { name: 'at the usual rate', treatedShare: 0.05, controlShare: 0.05, standing: 'unremarkable' },
    { name: 'that fixes nine crashes of ten', treatedShare: 0.01, controlShare: 0.1, standing: 'reduces' },
    {
      name: 'with twice the rate, which applying alone may do',
      treatedShare: 0.1,
      controlShare: 0.05,
      standing: 'unremarkable',
    },
    { name: 'with many times the rate', treatedShare: 0.2, controlShare: 0.01, standing: 'alarm' },
  ])('$name is $standing', ({ treatedShare, controlShare, standing }) =>
    expect(judged({ treatedShare, controlShare }).standing).toBe(standing),
  );

  it('comes with its numbers', () => {
    const { observed, expected, relativeRisk, exposedHosts, minRelativeRisk } = judged({
      treatedShare: 0.01,
      controlShare: 0.1,
    });
    expect([exposedHosts, minRelativeRisk]).toEqual([2_000, 3]);
    expect(expected / observed).toBeGreaterThan(5);
    expect(relativeRisk!.high).toBeLessThan(0.5);
  });
});
