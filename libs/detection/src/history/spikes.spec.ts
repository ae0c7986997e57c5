import { MadeUpWeeks, weeksOf } from './made-up-weeks.fixture';
import { spikes } from './spikes';

/** What a fleet of a million hosts has: some 200 crashed hosts an hour. */
const usual = { 'gpu.sys': 60, 'net.sys': 20, 'disk.sys': 100, 'rare.sys': 0.1 };
const drivers = Object.keys(usual);

/** Everything at `times` its usual rate, for so many minutes. */
function everything(fleet: MadeUpWeeks, times: number, minutes: number, but: readonly string[] = []): MadeUpWeeks {
  for (const [driver, perHour] of Object.entries(usual)) {
    if (!but.includes(driver)) fleet.crash(driver, Math.round((times * perHour * minutes) / 60), [0, minutes]);
  }
  return fleet;
}

function found(fleet: MadeUpWeeks, minutes: number, of: readonly string[] = [...drivers, 'new.sys']): string[] {
  return spikes(fleet.watch, fleet.absorb(minutes), of).map(({ driver }) => driver);
}

describe('a spike without an update', () => {
  it('of 50 times the usual rate is found within two minutes of arrival, and says how many were expected', () => {
    const fleet = new MadeUpWeeks(weeksOf(8, usual));
    everything(fleet, 1, 60, ['net.sys']).crash('net.sys', 1_000, [0, 60]);
    const [spike] = spikes(fleet.watch, fleet.absorb(3), drivers);
    expect(spike).toMatchObject({ driver: 'net.sys' });
    expect(spike!.crashes.size).toBeGreaterThan(25);
    expect(spike!.expected).toBeLessThan(3);
    expect(spike!.statistic).toBe(Math.min(spike!.lnMix, spike!.lnRise));
  });

  it('of a driver that was never seen is found', () =>
    expect(found(everything(new MadeUpWeeks(weeksOf(8, usual)), 1, 60).crash('new.sys', 30, [0, 10]), 12)).toEqual([
      'new.sys',
    ]));

  it.each([
    { name: 'a quiet hour', make: (fleet: MadeUpWeeks) => everything(fleet, 1, 60) },
    { name: 'a Patch Tuesday of five times everything', make: (fleet: MadeUpWeeks) => everything(fleet, 5, 60) },
    { name: 'one of eight times everything', make: (fleet: MadeUpWeeks) => everything(fleet, 8, 60) },
    { name: 'half as many hosts again', make: (fleet: MadeUpWeeks) => everything(fleet, 1.5, 60) },
    {
      name: 'a power cut in one region',
      make: (fleet: MadeUpWeeks) => everything(fleet, 1, 60).crash('disk.sys', 400, [0, 10], { country: 'FR' }),
    },
    {
      name: 'one organisation',
      make: (fleet: MadeUpWeeks) => everything(fleet, 1, 60).crash('net.sys', 300, [0, 10], { orgId: 'one' }),
    },
    {
      name: 'a driver by another name',
      make: (fleet: MadeUpWeeks) => everything(fleet, 1, 60, ['gpu.sys']).crash('new.sys', 60, [0, 60]),
    },
    {
      name: 'a driver of which half has another name',
      make: (fleet: MadeUpWeeks) =>
        everything(fleet, 1, 60, ['disk.sys']).crash('new.sys', 50, [0, 60]).crash('disk.sys', 50, [0, 60]),
    },
    {
      name: 'eight machines that crash all the time',
      make: (fleet: MadeUpWeeks) => {
        for (let round = 0; round < 40; round++) {
          for (let host = 0; host < 4; host++) fleet.crash('net.sys', 1, [round, round], { hostId: `loop-${host}` });
        }
        return everything(fleet, 1, 60);
      },
    },
  ])('is not: $name', ({ make }) => {
    for (const minutes of [3, 8, 20, 61]) expect(found(make(new MadeUpWeeks(weeksOf(8, usual))), minutes)).toEqual([]);
  });

  it('is not told before there is a week of history', () => {
    const make = (weeks: number) =>
      everything(new MadeUpWeeks(weeksOf(weeks, usual)), 1, 60, ['net.sys']).crash('net.sys', 1_000, [0, 60]);
    expect(found(make(0), 20)).toEqual([]);
    expect(found(make(1), 20)).toEqual([]);
    expect(found(make(2), 20)).toEqual(['net.sys']);
  });
});
