import { MINUTE, MadeUp, suspectKey } from '../made-up.fixture';
import { levelOf } from '../concurrent/buckets';
import { leadingBucket, measure } from './measure';
import { alarmLine, defaultPolicy } from '../policy';
import { Watch } from '../watch';

/** Crashes of controls by so many drivers, the first of them most, with one treated host by `driver`. */
function measured(drivers: number, driver: string) {
  const madeUp = new MadeUp().update().action('shipped', 0);
  const fleet = madeUp.fleet(400);
  madeUp.applies(fleet[0]!, 0).crashes(fleet[0]!, MINUTE, { driver });
  let next = 1;
  for (let number = 0; number < drivers; number++) {
    for (let crash = 0; crash < (number < 3 ? 3 : 2); crash++) {
      madeUp.crashes(fleet[next++]!, 2 * MINUTE, { driver: `d${String(number).padStart(2, '0')}.sys` });
    }
  }
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  return measure(watch.updates.get(suspectKey)!, defaultPolicy);
}

/** Drivers and their signatures in the order in which they are chosen: most crashed hosts first, then by name. */
function othersOf(drivers: number): string[] {
  const names = Array.from({ length: drivers }, (_, number) => `d${String(number).padStart(2, '0')}.sys`);
  const both = (some: string[]) =>
    some.flatMap((name) => [name, `0x50 PAGE_FAULT_IN_NONPAGED_AREA | ${name} | read`]).sort();
  return [...both(names.slice(0, 3)), ...both(names.slice(3))];
}

describe('the weights of an update', () => {
  it('go to its drivers and their signatures, to all drivers together, and to the 20 largest others of both levels', () => {
    const { buckets } = measured(30, 'content.sys');
    const signature = '0x50 PAGE_FAULT_IN_NONPAGED_AREA | content.sys | read';
    expect(buckets.map(({ bucket }) => bucket).slice(0, 4)).toEqual(['content.sys', signature, '*', othersOf(30)[0]]);
    const others = Array.from({ length: 20 }, () => 0.25 / 20);
    expect(buckets.map(({ weight }) => weight)).toEqual([0.4, 0.1 / 8, 0.1, ...others]);
    expect(buckets.slice(3).map(({ bucket }) => bucket)).toEqual(othersOf(30).slice(0, 20));
  });

  it('never sum to more than 1, and give an owner that fails in many ways no more than its share', () => {
    const madeUp = new MadeUp().update().action('shipped', 0);
    const fleet = madeUp.fleet(400);
    for (const [index, host] of fleet.slice(0, 30).entries()) {
      madeUp.applies(host, 0).crashes(host, MINUTE, { stopCode: 0x1000 + (index % 12) });
    }
    const watch = new Watch(defaultPolicy);
    watch.absorb(madeUp.batch);
    const { buckets } = measure(watch.updates.get(suspectKey)!, defaultPolicy);
    expect(buckets.filter(({ bucket }) => levelOf(bucket) === 'signature')).toHaveLength(8);
    expect(buckets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(0.4 + 0.1 + 0.1, 12);
    const shares = Object.values(defaultPolicy.weights);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('are lost where a bucket is missing, and leave out what is too small to be looked at', () => {
    const { buckets } = measured(30, 'rare.sys');
    expect(buckets.some(({ bucket }) => bucket === 'content.sys' || bucket === 'rare.sys')).toBe(false);
    expect(buckets[0]).toMatchObject({ bucket: '*', weight: 0.1, crashed: 64, treated: 1 });
  });

  it('make the statistic the logarithm of the weighted sum', () => {
    const { statistic, buckets } = measured(3, 'content.sys');
    const sum = buckets.reduce((total, { weight, lnE }) => total + weight * Math.exp(lnE), 0);
    expect(statistic).toBeCloseTo(Math.log(sum), 12);
    expect(leadingBucket({ statistic, buckets })?.bucket).toBe('content.sys');
  });
});

describe('an update of which nobody crashed', () => {
  it('has no evidence, and no leading bucket', () => {
    const watch = new Watch(defaultPolicy);
    watch.absorb(new MadeUp().update().batch);
    const nothing = measure(watch.updates.get(suspectKey)!, defaultPolicy);
    expect(nothing).toEqual({ statistic: 0, buckets: [] });
    expect(leadingBucket(nothing)).toBeUndefined();
  });
});

it('alarms at ln 1,000,000', () => expect(alarmLine(defaultPolicy)).toBeCloseTo(13.8155, 4));
