import { guard, guardsHold } from './guards';
import { MINUTE, MadeUp, MadeUpHost, SECOND, seeded } from '../made-up.fixture';
import { measure } from './measure';
import { alarmLine, defaultPolicy } from '../policy';
import { Watch } from '../watch';

function judged(madeUp: MadeUp) {
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const watched = [...watch.updates.values()][0]!;
  const measured = measure(watched, defaultPolicy);
  const guards = guard(watched, measured, defaultPolicy);
  expect(guardsHold(watched, measured, defaultPolicy)).toBe(guards.hold);
  return { statistic: measured.statistic, ...guards };
}

/** The first hosts of a fleet take the update and crash; the others take nothing. */
function crashAfterApply(madeUp: MadeUp, hosts: readonly MadeUpHost[], apart = SECOND): MadeUp {
  hosts.forEach((host, index) => {
    madeUp.applies(host, index * apart).crashes(host, MINUTE + index * apart, { driver: 'content.sys' });
  });
  return madeUp;
}

describe('the guards', () => {
  it.each([
    { hosts: 4, orgs: 4, hold: false },
    { hosts: 5, orgs: 5, hold: true },
    { hosts: 12, orgs: 2, hold: false },
    { hosts: 12, orgs: 3, hold: true },
  ])('$hosts hosts of $orgs organisations: hold is $hold', ({ hosts, orgs, hold }) => {
    const madeUp = new MadeUp(orgs).update().action('shipped', 0);
    const fleet = madeUp.fleet(5_000);
    const verdict = judged(crashAfterApply(madeUp, fleet.slice(0, hosts), MINUTE));
    expect(verdict).toMatchObject({ hosts, orgs, hold });
    expect(verdict.statistic).toBeGreaterThan(alarmLine(defaultPolicy));
  });

  it('do not let one organisation raise an alarm, whatever it fakes', () => {
    const madeUp = new MadeUp(4).update().action('shipped', 0);
    const fleet = madeUp.fleet(5_000);
    const fakers = madeUp.fleet(300, { org: 'faker' });
    madeUp.rollOut(fleet.slice(0, 1_000));
    crashAfterApply(madeUp, fakers);
    for (const host of fleet.slice(0, 4)) madeUp.crashes(host, 90 * MINUTE);
    const { statistic, leaveOneOrgOut, hold } = judged(madeUp);
    expect(statistic).toBeGreaterThan(100);
    expect(leaveOneOrgOut).toBeLessThan(alarmLine(defaultPolicy));
    expect(hold).toBe(false);
  });

  it.each([
    { apart: 0, hold: false, said: 'once, where they stop at the same time' },
    { apart: MINUTE, hold: true, said: 'each, where they stop one after another' },
  ])('count hosts of a site $said', ({ apart, hold }) => {
    const madeUp = new MadeUp(4).update().action('shipped', 0);
    madeUp.rollOut(madeUp.fleet(5_000).slice(0, 100));
    ['one', 'two', 'three'].forEach((org, place) => {
      madeUp.fleet(6, { org }).forEach((host, nth) => {
        madeUp.applies(host, 0).crashes(host, (10 + 10 * place) * MINUTE + nth * apart, { driver: 'content.sys' });
      });
    });
    const verdict = judged(madeUp);
    expect(verdict.statistic).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(verdict).toMatchObject({ hosts: 18, orgs: 3, hold });
  });

  it('find the organisation on which all hangs behind a dozen that have more crashed hosts', () => {
    const madeUp = new MadeUp(12).update().action('shipped', 0);
    const fleet = madeUp.fleet(4_000);
    const fakers = madeUp.fleet(5, { org: 'small-faker' });
    crashAfterApply(madeUp, fakers); // at once, while hardly anyone has it: each weighs most
    madeUp.rollOut(fleet.slice(0, 3_600), { since: 10 * MINUTE });
    const ofAllAges = fleet.filter((_, index) => index % 50 === 0).slice(0, 72);
    for (const host of ofAllAges) madeUp.crashes(host, 75 * MINUTE);
    const { statistic, leaveOneOrgOut, hold } = judged(madeUp);
    expect(statistic).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(leaveOneOrgOut).toBeLessThan(alarmLine(defaultPolicy));
    expect(hold).toBe(false);
  });

  /** Hosts crash all the time by the driver; of those that took the update `code` says under which code. */
  function crashAllTheTime(madeUp: MadeUp, fleet: readonly MadeUpHost[], code: number, minutes = 80): void {
    madeUp.rollOut(fleet, { lasts: 80 * MINUTE });
    const random = seeded(7);
    fleet.forEach((host, index) => {
      const appliedAt = (index * 80 * MINUTE) / fleet.length;
      const at = random() * minutes * MINUTE;
      if (index % 20 === 0) madeUp.crashes(host, at, at >= appliedAt ? { stopCode: code } : {});
    });
  }

  it('do not let an update be accused of a failure that only goes by another code since', () => {
    const madeUp = new MadeUp(41).update().action('shipped', 0);
    crashAllTheTime(madeUp, madeUp.fleet(8_000), 0x7e);
    const { statistic, leaveOneOrgOut, hold } = judged(madeUp);
    expect(statistic).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(leaveOneOrgOut).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(hold).toBe(false);
  });

  it('hold for a new failure hours after everybody took the update, of a driver that crashed before as well', () => {
    const madeUp = new MadeUp(41).update().action('shipped', 0);
    const fleet = madeUp.fleet(8_000);
    crashAllTheTime(madeUp, fleet, 0x50, 260);
    fleet.forEach((host, index) => {
      if (index % 60 === 1) madeUp.crashes(host, (index * 80 * MINUTE) / 8_000 + 180 * MINUTE, { stopCode: 0x7e });
    });
    const { statistic, hold } = judged(madeUp);
    expect(statistic).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(hold).toBe(true);
  });

  it('hold for a guilty update, with the evidence that is left without any one organisation', () => {
    const madeUp = new MadeUp(40).update().action('shipped', 0);
    const fleet = madeUp.fleet(4_000);
    const { statistic, leaveOneOrgOut, hold } = judged(crashAfterApply(madeUp, fleet.slice(0, 80), 3 * SECOND));
    expect(hold).toBe(true);
    expect(leaveOneOrgOut).toBeLessThan(statistic);
    expect(leaveOneOrgOut).toBeGreaterThan(0.9 * statistic);
  });
});
