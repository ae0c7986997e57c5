import type { Update } from '@ringwatch/rollout';
import { byShipping, evidenceWithout, shareBlame } from './blame';
import { MINUTE, MadeUp, SECOND, suspect } from '../made-up.fixture';
import { measure } from './measure';
import { alarmLine, defaultPolicy } from '../policy';
import { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';

const bystander: Update = { channel: 'signatures', version: '9' };
const channels = [suspect.channel, bystander.channel];

function watching(madeUp: MadeUp): { watch: Watch; guilty: WatchedUpdate; innocent: WatchedUpdate } {
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const [guilty, innocent] = [suspect, bystander].map(({ channel }) =>
    [...watch.updates.values()].find((watched) => watched.channel === channel),
  );
  return { watch, guilty: guilty!, innocent: innocent! };
}

const statistic = (watched: WatchedUpdate) => measure(watched, defaultPolicy).statistic;
const candidates = (...updates: WatchedUpdate[]) =>
  updates.map((watched) => ({ watched, statistic: statistic(watched) }));

describe('blame', () => {
  it('explains an innocent update away that most of the same hosts took', () => {
    const madeUp = new MadeUp().update(bystander).update();
    const fleet = madeUp.fleet(2_000, {}, channels);
    fleet.slice(0, 200).forEach((host, index) => {
      madeUp.applies(host, index * 5 * SECOND, bystander);
      if (index % 10 === 0) return;
      madeUp.applies(host, (index + 8) * 5 * SECOND);
      if (index % 3 === 1) madeUp.crashes(host, (index + 14) * 5 * SECOND);
    });
    fleet.slice(200, 260).forEach((host, index) => {
      madeUp.applies(host, index * 15 * SECOND);
      if (index % 3 === 1) madeUp.crashes(host, (index + 3) * 15 * SECOND);
    });
    const { watch, guilty, innocent } = watching(madeUp);
    expect(statistic(innocent)).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(evidenceWithout(watch, innocent, guilty)).toBeLessThan(1);
    expect(evidenceWithout(watch, guilty, innocent)).toBeGreaterThan(alarmLine(defaultPolicy));
  });

  it('is shared evenly between updates that went to the same hosts at the same time, the first shipped first', () => {
    const madeUp = new MadeUp().update(bystander).update();
    madeUp.action('shipped', -MINUTE, bystander, { driver: 'content.sys' }).action('shipped', 0);
    madeUp
      .fleet(2_000, {}, channels)
      .slice(0, 60)
      .forEach((host, index) => {
        madeUp.applies(host, index * SECOND).applies(host, index * SECOND, bystander);
        madeUp.crashes(host, MINUTE + index * SECOND);
      });
    const { watch, guilty, innocent } = watching(madeUp);
    expect(statistic(innocent)).toBe(statistic(guilty));
    expect(evidenceWithout(watch, guilty, innocent)).toBeLessThanOrEqual(0);
    const shares = shareBlame(candidates(guilty, innocent), 'content.sys');
    expect(shares.map(({ candidate }) => candidate.watched)).toEqual([innocent, guilty]);
    for (const { confidence } of shares) expect(confidence).toBeCloseTo(0.5, 6);
  });

  it('goes rather to the update that the faulting driver loads, and to nobody while there is no evidence', () => {
    const madeUp = new MadeUp().update(bystander).update().action('shipped', 0, suspect, { driver: 'content.sys' });
    madeUp.fleet(1, {}, channels);
    const { guilty, innocent } = watching(madeUp);
    const even = [guilty, innocent].map((watched) => ({ watched, statistic: 10 }));
    const [first, second] = shareBlame(even, 'content.sys');
    expect(first!.candidate.watched).toBe(guilty);
    expect(first!.confidence / second!.confidence).toBeCloseTo(100, 6);
    const none = shareBlame([{ watched: innocent, statistic: 0 }], 'content.sys');
    expect(none[0]!.confidence).toBeCloseTo(0.5, 10);
    expect(shareBlame([{ watched: guilty, statistic: 900 }], 'content.sys')[0]!.confidence).toBe(1);
  });

  it('orders by shipping, then by name; what was never announced by when it was first heard of', () => {
    const madeUp = new MadeUp().update(bystander, { at: 2 * MINUTE }).update(suspect, { at: 2 * MINUTE });
    const { guilty, innocent } = watching(madeUp);
    expect([innocent, guilty].sort(byShipping)).toEqual([guilty, innocent]);
    const announced = new MadeUp().update(bystander, { at: 2 * MINUTE }).update(suspect, { at: 2 * MINUTE });
    const later = watching(announced.action('shipped', MINUTE, bystander));
    expect([later.guilty, later.innocent].sort(byShipping)).toEqual([later.innocent, later.guilty]);
  });
});
