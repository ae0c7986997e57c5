import { AwakeShares } from './awake';
import { MINUTE, MadeUp, START, suspect } from '../made-up.fixture';
import { measure } from '../verdict/measure';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';

const count = (untouched: [number, number], taken: [number, number] = [0, 0]) => ({
  untouched: { awake: untouched[0], hosts: untouched[1] },
  taken: { awake: taken[0], hosts: taken[1] },
});

describe('AwakeShares', () => {
  it('says that all are awake where nobody tells', () => {
    const shares = new AwakeShares();
    expect(shares.at('a', 5)).toEqual({ untouched: 1, taken: 1 });
    shares.add('a', 0, count([0, 100], [0, 30]));
    expect(shares.at('a', 5)).toEqual({ untouched: 1, taken: 1 });
  });

  it('holds a count until the next one, and the first one also for the time before it', () => {
    const shares = new AwakeShares();
    expect(shares.add('a', 10, count([50, 100]))).toBe(-Infinity);
    expect(shares.add('a', 20, count([25, 100]))).toBe(20);
    expect([0, 10, 19, 20, 99].map((bin) => shares.at('a', bin).untouched)).toEqual([0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  it('adds what is told of one stratum and moment, and takes late counts in their place', () => {
    const shares = new AwakeShares();
    shares.add('a', 20, count([25, 100]));
    shares.add('a', 20, count([75, 100]));
    shares.add('a', 10, count([10, 100]));
    expect([10, 20].map((bin) => shares.at('a', bin).untouched)).toEqual([0.1, 0.5]);
  });

  it('asks the hosts of all strata where there are fewer than 20 of one', () => {
    const shares = new AwakeShares();
    shares.add('a', 0, count([0, 19], [20, 20]));
    shares.add('b', 0, count([40, 81], [0, 20]));
    expect(shares.at('a', 0)).toEqual({ untouched: 0.4, taken: 1 });
    expect(shares.at('b', 0)).toEqual({ untouched: 40 / 81, taken: 0 });
  });
});

describe('an innocent update that is taken at night by the hosts that are awake', () => {
  /** 300 of 1,000 hosts are awake, take the update within an hour, and crash now and then as they always do. */
  function night(isCounted: boolean): number {
    const world = new MadeUp().update();
    const hosts = world.fleet(1_000);
    const awake = hosts.slice(0, 300);
    world.rollOut(awake, { lasts: 60 * MINUTE });
    for (let crash = 0; crash < 30; crash++) world.crashes(awake[crash * 10]!, (90 + crash) * MINUTE);
    if (isCounted) {
      const counted = { update: suspect, stratum: '10.0.1|americas', ...count([10, 700], [300, 300]) };
      world.batch.awake.push({ ...counted, occurredAt: START, receivedAt: START + MINUTE });
    }
    const watch = new Watch({ ...defaultPolicy, minRelativeRisk: 1.5 });
    watch.absorb(world.batch);
    return measure([...watch.updates.values()][0]!, watch.policy).statistic;
  }

  it('would look guilty if those who sleep could crash, and does not', () => {
    expect(night(false)).toBeGreaterThan(15);
    expect(night(true)).toBeLessThan(2);
  });
});
