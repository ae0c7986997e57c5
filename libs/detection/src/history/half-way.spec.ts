import { updateKey } from '@ringwatch/rollout';
import { emptyBatch } from '../made-up.fixture';
import { alarmLine, defaultPolicy } from '../policy';
import { isOfFewOrgs } from '../verdict/few-orgs';
import { guard } from '../verdict/guards';
import { isWeaker, measure } from '../verdict/measure';
import { MadeUpWeeks, NOW, weeksOf } from './made-up-weeks.fixture';

const MINUTE = 60_000;
const usual = { 'gpu.sys': 60, 'agent.sys': 1, 'disk.sys': 140 };
const update = { channel: 'content', version: '2' };
const line = alarmLine(defaultPolicy);
/** Hosts that run the channel; they take the update one after another within two hours. */
const HOSTS = 200;
const appliesAt = (host: number) => (host * 120) / HOSTS;
const orgOf = (host: number) => `org-${host % 9}`;
const few = (host: number) => host % 10 === 3;

interface World {
  weeks: number;
  driver: string;
  /** Which hosts crash a minute after they took it, and of which organisation they are. */
  crashes?: (host: number) => boolean;
  orgOf?: (host: number) => string;
  /** Hosts that crash, whether they took it or not, in each minute. */
  anyway?: number;
}

/** 200 hosts in which the update loads a driver, as they are known an hour after the rollout began. */
function judged({ weeks, driver, crashes = few, orgOf: org = orgOf, anyway = 0 }: World) {
  const fleet = new MadeUpWeeks(weeksOf(weeks, usual));
  const hosts = Array.from({ length: HOSTS }, (_, host) => host);
  const kind = { osBuild: 'b', country: 'DE' };
  const before = { receivedAt: NOW - MINUTE, occurredAt: NOW - MINUTE };
  const at = (host: number) => {
    const time = Math.floor(NOW + appliesAt(host) * MINUTE);
    return { receivedAt: time, occurredAt: time };
  };
  fleet.watch.absorb({
    ...emptyBatch(),
    updates: [{ update, receivedAt: NOW, occurredAt: NOW }],
    actions: [{ update, action: 'shipped', driver, receivedAt: NOW, occurredAt: NOW }],
    eligible: [{ channel: update.channel, ...kind, hosts: HOSTS, ...before }],
    hostChannels: hosts.map((host) => ({ hostId: `rare-${host}`, channel: update.channel, ...before })),
    applied: hosts.map((host) => ({ update, ...kind, hosts: 1, ...at(host) })),
    hostApplies: hosts.map((host) => ({ hostId: `rare-${host}`, update, ...at(host) })),
  });
  const crash = (host: number, minute: number) =>
    fleet.crash(driver, 1, [minute, minute], {
      ...{ hostId: `rare-${host}`, orgId: org(host), country: 'DE', stratumCountry: 'DE' },
    });
  for (const host of hosts) if (crashes(host)) crash(host, appliesAt(host) + 1);
  for (let minute = 0; minute < 62; minute++)
    for (let nth = 0; nth < anyway; nth++) crash(((minute * anyway + nth) * 37) % HOSTS, minute);
  fleet.crash('gpu.sys', 60, [0, 60]).crash('disk.sys', 140, [0, 60]);
  fleet.absorb(62);
  const names = hosts.map((host) => ({ hostId: `rare-${host}`, orgId: org(host) }));
  const life = {
    ...kind,
    level: 9,
    receivedAt: NOW,
    beats: [NOW],
    leastDelayMs: 0,
    installedAt: null,
    stoppedAt: null,
  };
  fleet.watch.silences.sample.absorb(
    {
      signs: names.map((name) => ({ ...life, ...name })),
      channels: names.map(({ hostId }) => ({ hostId, level: 9, channel: update.channel, receivedAt: NOW })),
      applies: hosts.map((host) => ({ hostId: `rare-${host}`, level: 9, updateKey: updateKey(update), ...at(host) })),
    },
    () => true,
  );
  const watched = fleet.watch.updates.get(updateKey(update))!;
  const measured = measure(watched, defaultPolicy);
  return {
    statistic: measured.statistic,
    asksHistory: measured.buckets.some(({ channel }) => channel === 'history'),
    isWeaker: isWeaker(measured),
    hold: guard(watched, measured, defaultPolicy).hold,
    isOfFewOrgs: isOfFewOrgs(fleet.watch, watched, measured, defaultPolicy),
  };
}

describe('a driver of few hosts, of which a few crash after an update', () => {
  it('is found when they have taken the evidence half of the way and the driver never crashed before', () => {
    const withoutPast = judged({ weeks: 0, driver: 'rare.sys' });
    expect(withoutPast.statistic).toBeGreaterThan(line / 2);
    expect(withoutPast.statistic).toBeLessThan(line);
    const verdict = judged({ weeks: 8, driver: 'rare.sys' });
    expect(verdict.statistic).toBeGreaterThan(line);
    expect(verdict).toMatchObject({ isWeaker: true, hold: true, isOfFewOrgs: false });
  });

  it('is not where three small organisations alone tell of it', () => {
    const isSmall = (host: number) => few(host) && host < 104;
    const verdict = judged({
      weeks: 8,
      driver: 'rare.sys',
      orgOf: (host) => (isSmall(host) ? `small-${host % 3}` : orgOf(host)),
    });
    expect(verdict).toMatchObject({ isWeaker: true, isOfFewOrgs: true });
  });

  it('is found too where an organisation has a third of the hosts', () => {
    const verdict = judged({
      weeks: 8,
      driver: 'rare.sys',
      crashes: (host) => host % 9 === 3,
      orgOf: (host) => (Math.floor(host / 9) % 3 === 0 ? 'large' : `org-${host % 7}`),
    });
    expect(verdict).toMatchObject({ isWeaker: true, hold: true });
  });

  it('is not where one organisation is behind most of it', () => {
    const verdict = judged({ weeks: 8, driver: 'rare.sys', orgOf: (host) => (host < 60 ? 'first' : orgOf(host)) });
    expect(verdict.statistic).toBeGreaterThan(line);
    expect(verdict.hold).toBe(false);
  });

  it('is not asked about the time before where hosts with and without the update crash alike, however often', () => {
    const verdict = judged({ weeks: 8, driver: 'rare.sys', crashes: () => false, anyway: 2 });
    expect(verdict.asksHistory).toBe(false);
    expect(verdict.statistic).toBeLessThan(0);
  });

  it('is not asked about it any more where the comparison of hosts is enough', () => {
    const verdict = judged({ weeks: 8, driver: 'rare.sys', crashes: (host) => host % 4 === 3 });
    expect(verdict).toMatchObject({ asksHistory: false, isWeaker: false, hold: true });
  });
});
