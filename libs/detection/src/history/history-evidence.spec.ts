import type { Update } from '@ringwatch/rollout';
import { updateKey } from '@ringwatch/rollout';
import { emptyBatch } from '../made-up.fixture';
import { alarmLine, defaultPolicy } from '../policy';
import { describe as describeVerdict } from '../verdict/describe';
import { guard } from '../verdict/guards';
import { isWeaker, leadingBucket, measure } from '../verdict/measure';
import { Rivals } from '../verdict/rivals';
import { MadeUpWeeks, NOW, weeksOf } from './made-up-weeks.fixture';

const MINUTE = 60_000;
const usual = { 'gpu.sys': 60, 'agent.sys': 1, 'disk.sys': 140 };
const content: Update = { channel: 'content', version: '2' };
const other: Update = { channel: 'other-content', version: '5' };

/** A fleet in which an update of the agent was announced at `NOW`, and nobody tells who installs it. */
function announced(updates: readonly Update[] = [content], weeks = 8): MadeUpWeeks {
  const fleet = new MadeUpWeeks(weeksOf(weeks, usual));
  const times = { receivedAt: NOW, occurredAt: NOW };
  fleet.watch.absorb({
    ...emptyBatch(),
    updates: updates.map((update) => ({ update, ...times })),
    actions: updates.map((update) => ({ update, action: 'shipped' as const, driver: 'agent.sys', ...times })),
  });
  return fleet.crash('gpu.sys', 60, [0, 60]).crash('disk.sys', 140, [0, 60]);
}

function judged(fleet: MadeUpWeeks, minutes: number, update = content) {
  fleet.absorb(minutes);
  const watched = fleet.watch.updates.get(updateKey(update))!;
  const measured = measure(watched, defaultPolicy);
  return {
    watched,
    measured,
    alarms: measured.statistic >= alarmLine(defaultPolicy) && guard(watched, measured, defaultPolicy).hold,
  };
}

describe('an update of which nobody tells who took it', () => {
  it('is accused when its driver crashes more and has a larger share, and the evidence is called weaker', () => {
    const { watched, measured, alarms } = judged(announced().crash('agent.sys', 40, [0, 20]), 15);
    expect(alarms).toBe(true);
    expect(isWeaker(measured)).toBe(true);
    const terms = measured.buckets.filter(({ bucket }) => bucket === 'agent.sys');
    expect(terms.map(({ channel }) => channel)).toEqual(['composition', 'history']);
    expect(terms.map(({ weight }) => weight).sort()).toEqual([0, 0.05]);
    const described = describeVerdict(announced().watch, watched, measured, defaultPolicy);
    expect(described).toMatchObject({
      driver: 'agent.sys',
      observed: 28,
      crashedHosts: 28,
      exposedHosts: 0,
      scope: 'global',
    });
    expect(described.expected).toBeLessThan(1);
    expect(described.relativeRisk.low).toBeGreaterThan(10);
  });

  it.each([
    { name: 'when nothing happens', make: () => announced() },
    {
      name: 'when everything crashes eight times as often',
      make: () =>
        announced().crash('agent.sys', 8, [0, 60]).crash('gpu.sys', 420, [0, 60]).crash('disk.sys', 980, [0, 60]),
    },
    { name: 'when another driver crashes', make: () => announced().crash('gpu.sys', 800, [0, 20]) },
    {
      name: 'when one organisation crashes',
      make: () => announced().crash('agent.sys', 400, [0, 20], { orgId: 'one' }),
    },
    { name: 'without a history', make: () => announced([content], 0).crash('agent.sys', 400, [0, 20]) },
  ])('is not accused $name', ({ make }) => {
    for (const minutes of [5, 15, 62]) expect(judged(make(), minutes).alarms).toBe(false);
  });

  it('is not accused of crashes before it was heard of', () => {
    const fleet = announced().crash('agent.sys', 40, [-30, -1]);
    expect(judged(fleet, 15).measured.buckets).toEqual([]);
  });

  it('cannot be told apart from another one of the same driver', () => {
    const fleet = announced([content, other]).crash('agent.sys', 40, [0, 20]);
    const { watched } = judged(fleet, 15);
    const rivals = new Rivals(fleet.watch, (each) => measure(each, defaultPolicy));
    expect(rivals.compare(watched, fleet.watch.updates.get(updateKey(other))!)).toBe('not_separable');
  });
});

describe('an update of which hosts tell who took it', () => {
  const hosts = Array.from({ length: 400 }, (_, index) => `host-${index}`);

  /** All hosts run the channel; those named apply the update within ten seconds, two minutes after it was announced. */
  function pushed(appliers: readonly string[]): MadeUpWeeks {
    const fleet = announced();
    const kind = { osBuild: 'b', country: 'DE' };
    const before = { receivedAt: NOW - MINUTE, occurredAt: NOW - MINUTE };
    const at = { receivedAt: NOW + 2 * MINUTE, occurredAt: NOW + 2 * MINUTE };
    fleet.watch.absorb({
      ...emptyBatch(),
      eligible: [{ channel: 'content', ...kind, hosts: hosts.length, ...before }],
      hostChannels: hosts.map((hostId) => ({ hostId, channel: 'content', ...before })),
      applied: [
        { update: { channel: 'content', version: '1' }, ...kind, hosts: hosts.length, ...before },
        ...(appliers.length === 0 ? [] : [{ update: content, ...kind, hosts: appliers.length, ...at }]),
      ],
      hostApplies: appliers.map((hostId) => ({ hostId, update: content, ...at })),
    });
    return fleet;
  }
  const european = { country: 'DE', stratumCountry: 'DE' };

  it('is accused by the time before when everybody took it at once', () => {
    const { measured, alarms } = judged(pushed(hosts).crash('agent.sys', 40, [3, 20], european), 15);
    expect(leadingBucket(measured)).toMatchObject({ bucket: 'agent.sys' });
    expect([alarms, isWeaker(measured)]).toEqual([true, true]);
  });

  it('is not while nobody took it', () => {
    const { measured, alarms } = judged(pushed([]).crash('agent.sys', 40, [3, 20], european), 15);
    expect([alarms, measured.buckets.every(({ channel }) => channel === 'concurrent')]).toEqual([false, true]);
  });

  it('is judged by those who had not taken it as soon as there are any', () => {
    const { measured } = judged(pushed(hosts.slice(0, 200)).crash('agent.sys', 40, [3, 20], european), 15);
    expect(measured.buckets.every(({ channel }) => channel === 'concurrent')).toBe(true);
  });
});
