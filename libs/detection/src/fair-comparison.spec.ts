import { MINUTE, MadeUp, seeded } from './made-up.fixture';
import { guard } from './verdict/guards';
import { measure } from './verdict/measure';
import { defaultPolicy } from './policy';
import { Watch } from './watch';

const DAY = 24 * 60 * MINUTE;

interface Fleet {
  hosts: number;
  /** Hosts that are known to run the channel, but were switched off for good. */
  dead: number;
  /** Crashes a day of a host, and of one of the lemons, of which there is this share. */
  rate: number;
  lemons: { share: number; rate: number };
  rolledOutWithinDays: number;
  days: number;
}

const quiet: Fleet = {
  hosts: 6_000,
  dead: 0,
  rate: 0.01,
  lemons: { share: 0, rate: 0 },
  rolledOutWithinDays: 3,
  days: 3,
};

/** ln E against an innocent update: hosts take it at random, and crash whether they took it or not. */
function evidenceAgainstInnocent(fleet: Fleet, seed: number): number {
  const random = seeded(seed);
  const madeUp = new MadeUp(20).update();
  madeUp.fleet(fleet.dead);
  for (const host of madeUp.fleet(fleet.hosts)) {
    madeUp.applies(host, Math.floor(random() * fleet.rolledOutWithinDays * DAY));
    const perDay = random() < fleet.lemons.share ? fleet.lemons.rate : fleet.rate;
    for (let at = 0; ;) {
      at += Math.floor((-Math.log(1 - random()) / perDay) * DAY);
      if (at >= fleet.days * DAY) break;
      madeUp.crashes(host, at, { driver: `driver-${Math.floor(random() * 10)}.sys` });
    }
  }
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  return measure([...watch.updates.values()][0]!, defaultPolicy).statistic;
}

describe('an innocent update among hosts that crash anyway', () => {
  it.each([
    { name: 'all hosts alike', fleet: quiet },
    { name: 'lemons that crash all the time', fleet: { ...quiet, rate: 0.002, lemons: { share: 0.05, rate: 4 } } },
    {
      name: 'hosts that were switched off for good',
      fleet: { ...quiet, dead: 2_000, rate: 0.02, rolledOutWithinDays: 0.5, days: 14 },
    },
  ])('is not held to blame: $name', ({ fleet }) => {
    for (const seed of [1, 2]) expect(evidenceAgainstInnocent(fleet, seed)).toBeLessThan(0);
  });
});

/** A new build fails as often as the old one, in the same driver, only that it does so in another way. */
function renamedFailure(seed: number, renamed: { stopCode?: number; offset?: bigint }) {
  const random = seeded(seed);
  const madeUp = new MadeUp(20).update().action('shipped', 0);
  for (const host of madeUp.fleet(3_000)) {
    const applied = Math.floor(random() * 12 * 60 * MINUTE);
    madeUp.applies(host, applied);
    if (random() > 0.2) continue;
    const at = Math.floor(random() * 12 * 60 * MINUTE);
    madeUp.crashes(host, at, at >= applied ? renamed : {});
  }
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const watched = [...watch.updates.values()][0]!;
  const measured = measure(watched, defaultPolicy);
  return { statistic: measured.statistic, hold: guard(watched, measured, defaultPolicy).hold };
}

describe('a build in which an old failure has a new name', () => {
  const seeds = [1, 2, 3, 4, 5];

  it('is no new failure where only the offset moved', () => {
    for (const seed of seeds) expect(renamedFailure(seed, { offset: 0x2000n }).statistic).toBeLessThan(0);
  });

  it('alarms nobody where the stop code is another one and the driver fails no more often', () => {
    for (const seed of seeds) {
      const { statistic, hold } = renamedFailure(seed, { stopCode: 0xd1 });
      expect(statistic).toBeGreaterThan(20);
      expect(hold).toBe(false);
    }
  });
});
