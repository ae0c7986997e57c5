import { MINUTE, MadeUp, SECOND, seeded } from '../made-up.fixture';
import { type DetectionPolicy, alarmLine, defaultPolicy } from '../policy';
import { measure } from '../verdict/measure';
import { Watch } from '../watch';
import { ageWindows } from './age-windows';

const withoutNarrowAges: DetectionPolicy = {
  ...defaultPolicy,
  narrowAges: { ...defaultPolicy.narrowAges, count: 0 },
};

/** Everybody takes the update within 78 minutes, and one host in 50 crashes so many minutes after it took it. */
function delayedEffect(until: number, afterMin = 180): MadeUp {
  const madeUp = new MadeUp(20).update().action('shipped', 0);
  const fleet = madeUp.fleet(10_000);
  madeUp.rollOut(fleet, { lasts: 78 * MINUTE });
  const random = seeded(1);
  fleet.forEach((host, index) => {
    const appliedAt = Math.floor((index * 78 * MINUTE) / fleet.length);
    if (index % 40 === 0) madeUp.crashes(host, Math.floor(random() * until), { driver: 'other.sys' });
    const crashesAt = appliedAt + afterMin * MINUTE + 30 * SECOND;
    if (index % 50 === 7 && crashesAt < until) madeUp.crashes(host, crashesAt);
  });
  return madeUp;
}

function statistic(madeUp: MadeUp, policy: DetectionPolicy): number {
  const watch = new Watch(policy);
  watch.absorb(madeUp.batch);
  return measure([...watch.updates.values()][0]!, policy).statistic;
}

describe('the ages at which an update is judged', () => {
  it('share the evidence, half of it between narrow ones from a quarter of an hour to a day', () => {
    const windows = ageWindows(defaultPolicy);
    expect(windows.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const narrow = windows.slice(defaultPolicy.ageWindowsMin.length).filter(({ first }) => first === 1);
    expect(narrow).toHaveLength(21);
    narrow.slice(1).forEach(({ from }, index) => expect(from).toBe(narrow[index]!.until));
    expect([narrow[0]!.from, narrow.at(-1)!.until / 360]).toEqual([90, expect.closeTo(27.1, 1)]);
    expect(ageWindows(withoutNarrowAges).map(({ weight }) => weight)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('show an effect that comes after three hours when the first hosts that took it reach that age', () => {
    const early = delayedEffect(188 * MINUTE);
    expect(early.batch.crashes.filter(({ driver }) => driver === 'content.sys').length).toBeGreaterThan(8);
    expect(statistic(early, defaultPolicy)).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(statistic(early, withoutNarrowAges)).toBeLessThan(0);
  });

  it('show one that comes after a day, when all that have the update are nearly as old', () => {
    const day = 24 * 60;
    const early = delayedEffect((day + 8) * MINUTE, day);
    expect(early.batch.crashes.filter(({ driver }) => driver === 'content.sys').length).toBeGreaterThan(8);
    expect(statistic(early, defaultPolicy)).toBeGreaterThan(alarmLine(defaultPolicy));
  });

  it('leave it be when as many crash after a day of those that took it last', () => {
    const madeUp = new MadeUp(20).update().action('shipped', 0);
    const fleet = madeUp.fleet(10_000);
    madeUp.rollOut(fleet, { lasts: 78 * MINUTE });
    const random = seeded(1);
    fleet.forEach((host, index) => {
      if (index % 50 === 7) madeUp.crashes(host, Math.floor((24 * 60 + 8 * random()) * MINUTE));
    });
    expect(statistic(madeUp, defaultPolicy)).toBeLessThan(0);
  });
});
