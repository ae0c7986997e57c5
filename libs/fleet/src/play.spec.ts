import * as fc from 'fast-check';
import { parseScenario } from './parse-scenario';
import { play } from './play';
import type { BugcheckRecord, FleetRecord, HeartbeatRecord, InstallRecord } from './record';
import type { Scenario } from './scenario';
import type { PlayOptions } from './world';

// Pure computation, but a lot of it: a machine that does other things needs its time.
jest.setTimeout(60_000);

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A small scenario: 3 June 2024 was a Monday. Nobody goes home and nothing crashes unless a test says so. */
function scenario({ hosts = 300, days = 0.125, fleet = '', rest = '' }): Scenario {
  const ends = new Date(Date.parse('2024-06-03T00:00:00Z') + days * DAY_MS).toISOString();
  const text = [
    `title: Test\nstarts: 2024-06-03T00:00:00Z\nends: ${ends}`,
    `fleet:\n  hosts: ${hosts}\n  offices: 0\n  paces: [{ every: 10min, share: 1 }]\n${fleet}`,
    rest.includes('background:') ? '' : 'background: { bugchecks_per_host_day: 0, lemons_per_1000_hosts: 0 }',
    rest,
  ].join('\n');
  const parsed = parseScenario(text, 'test');
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
}

function playAll(world: Scenario, options: Partial<PlayOptions> = {}): FleetRecord[] {
  return [...play(world, { seed: 1, ...options })];
}

/** Values of a topic; repeated deliveries once. */
function valuesOf<Value>(records: FleetRecord[], topic: FleetRecord['topic']): Value[] {
  return [...new Set(records.filter((record) => record.topic === topic).map((record) => record.value as Value))];
}

const hostsOf = (values: { host_id: string }[]) => new Set(values.map((value) => value.host_id));
const atMs = (value: { occurred_at: string }) => Date.parse(value.occurred_at);

const RING = '{ name: all, fraction: 1, at: +30min, adopts_within: 30min }';
const update = (more: string, ring = RING) =>
  `updates:\n  - { channel: 'driver:nvlddmkm.sys', version: 31.0.15.6000, replaces: 31.0.15.5222, rings: [${ring}], ${more} }`;
const BUSY = `${update('crash: { probability: 0.5, stop_code: 0x116, again: boot_loop, reports: 0.5 }, withdrawn: +1h')}
background: { bugchecks_per_host_day: 2, updates_per_day: 40 }
arrival: { duplicates: 0.05 }`;

describe('a play', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const [first, again, other] = [1, 1, 2].map((seed) =>
      JSON.stringify(playAll(scenario({ hosts: 60, rest: BUSY }), { seed })),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('moves its times and nothing else when shifted', () =>
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e12 }), (shiftMs) => {
        const world = scenario({ hosts: 15, rest: BUSY });
        const unshift = (text: string) => new Date(Date.parse(text) - shiftMs).toISOString();
        const shifted = JSON.stringify(playAll(world, { shiftMs }));
        const back = shifted
          .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, (quoted) => `"${unshift(quoted.slice(1, -1))}"`)
          .replace(/"arrivesAtMs":(\d+)/g, (_, ms) => `"arrivesAtMs":${Number(ms) - shiftMs}`);
        expect(back).toBe(JSON.stringify(playAll(world)));
      }),
      { numRuns: 5 },
    ));

  it('puts its run into the event ids and nowhere else, so that a second play is not taken for the first', () => {
    const world = scenario({ hosts: 20, rest: BUSY });
    const ids = (run?: string) => playAll(world, run === undefined ? {} : { run }).map((record) => record.value);
    expect(JSON.stringify(ids('r2')).replaceAll('.r2-', '-')).toBe(JSON.stringify(ids()));
    expect(() => playAll(world, { run: 'no spaces' })).toThrow('wanted a run of at most 24');
  });

  it('arrives in order, between start and end, after what it tells of', () =>
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const world = scenario({
          hosts: 40,
          rest: `${BUSY.replace('0.05', '0.05, skewed_clocks: { share: 0, up_to: 1s }')}`,
        });
        let lastMs = world.starts;
        for (const record of play(world, { seed })) {
          expect(record.arrivesAtMs).toBeGreaterThanOrEqual(lastMs);
          expect(record.arrivesAtMs).toBeGreaterThanOrEqual(Date.parse(record.value.occurred_at));
          lastMs = record.arrivesAtMs;
        }
        expect(lastMs).toBeLessThan(world.ends);
      }),
      { numRuns: 5 },
    ));

  it('gives every event an id of its own in the form of the contract, and repeats an event as it was', () => {
    const records = playAll(scenario({ rest: BUSY })).filter((record) => record.topic !== 'heartbeats');
    const contents = new Map<string, Set<string>>();
    for (const { value } of records) {
      const id = (value as BugcheckRecord).event_id;
      expect(id).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
      contents.set(id, (contents.get(id) ?? new Set()).add(JSON.stringify(value)));
    }
    expect([...contents.values()].every((versions) => versions.size === 1)).toBe(true);
    expect(contents.size).toBeLessThan(records.length * 0.98);
  });

  it('keys each record by its host, updates by their channel', () => {
    for (const { topic, key, value } of playAll(scenario({ hosts: 30, rest: BUSY }))) {
      expect(key).toBe(topic === 'updates' ? value.update_channel : value.host_id);
    }
  });

  it('is lazy: the first records of a large fleet come at once', () => {
    const records = play(scenario({ hosts: 20_000, days: 7 }), { seed: 1 });
    expect(records.next().value).toMatchObject({ topic: 'heartbeats' });
  });
});

describe('heartbeats', () => {
  it('keep the host’s pace and list what it runs', () => {
    const beats = valuesOf<HeartbeatRecord>(playAll(scenario({ hosts: 20 })), 'heartbeats');
    for (const host of hostsOf(beats)) {
      const times = beats
        .filter((beat) => beat.host_id === host)
        .map(atMs)
        .sort((a, b) => a - b);
      const gaps = times.slice(1).map((time, index) => time - times[index]!);
      expect(gaps.filter((gap) => gap < 9.4 * MINUTE_MS || gap > 10.6 * MINUTE_MS).length).toBeLessThanOrEqual(2);
    }
    for (const { updates } of beats) {
      expect(new Set(updates.map((entry) => entry.update_channel)).size).toBe(updates.length);
      expect(updates).toContainEqual({ update_channel: 'av-signatures', update_version: '1.415.123.0' });
    }
  });

  it('stop when an office goes home, and come back in the morning', () => {
    const world = scenario({ days: 5, fleet: '  countries: { GB: 1 }' });
    world.fleet.offices = 1;
    const hours = valuesOf<HeartbeatRecord>(playAll(world), 'heartbeats').map(
      (beat) => (new Date(atMs(beat)).getUTCHours() + 1) % 24,
    );
    expect(hours.filter((hour) => hour < 6 || hour > 20)).toEqual([]);
    expect(new Set(hours).size).toBeGreaterThan(10);
  });
});

describe('an update', () => {
  const devices = (records: FleetRecord[]) =>
    hostsOf(
      valuesOf<HeartbeatRecord>(records, 'heartbeats').filter((beat) =>
        beat.updates.some((entry) => entry.update_channel === 'driver:nvlddmkm.sys'),
      ),
    );

  it('is taken by the hosts that have its device, all of them, and by nobody else', () => {
    const records = playAll(scenario({ rest: update('') }));
    const applied = hostsOf(
      valuesOf<InstallRecord>(records, 'installs').filter((install) => install.outcome === 'applied'),
    );
    expect([...applied].sort()).toEqual([...devices(records)].sort());
  });

  it.each(['linear', 'logistic', 'bursty'])('reaches the fraction of its ring within its time (%s)', (shape) => {
    const ring = `{ name: early, fraction: 0.3, at: +30min, adopts_within: 30min, shape: ${shape} }`;
    const records = playAll(scenario({ hosts: 4000, rest: update('', ring), fleet: '  restarts_every: 1000d' }));
    const installs = valuesOf<InstallRecord>(records, 'installs').filter((install) => install.outcome === 'applied');
    const eligible = devices(records).size;
    const sigma = Math.sqrt(0.3 * 0.7 * eligible);
    expect(Math.abs(installs.length - 0.3 * eligible)).toBeLessThan(4 * sigma);
    const startsMs = Date.parse('2024-06-03T00:28:00Z');
    const inTime = installs.filter((install) => atMs(install) >= startsMs && atMs(install) < startsMs + 34 * MINUTE_MS);
    expect(inTime.length / installs.length).toBeGreaterThan(0.98);
  });

  it('is announced ring by ring, paused and withdrawn, and taken by nobody from then on', () => {
    const rings =
      '{ name: a, fraction: 0.2, at: +10min, adopts_within: 5min }, { name: b, fraction: 1, at: +40min, adopts_within: 1h }';
    const records = playAll(scenario({ rest: update('paused: +70min, withdrawn: +80min', rings) }));
    const news = valuesOf<Record<string, string>>(records, 'updates');
    expect(news.map(({ action, ring }) => [action, ring])).toEqual([
      ['shipped', 'a'],
      ['expanded', 'b'],
      ['paused', undefined],
      ['withdrawn', undefined],
    ]);
    const pausedMs = Date.parse('2024-06-03T01:10:00Z') + 2 * MINUTE_MS;
    expect(valuesOf<InstallRecord>(records, 'installs').every((install) => atMs(install) < pausedMs)).toBe(true);
  });

  it('is taken only where the scenario says so', () => {
    const records = playAll(
      scenario({ hosts: 1000, rest: update('only: { os_builds: [10.0.19045.4529], orgs: [org-001, org-002] }') }),
    );
    const installs = valuesOf<InstallRecord>(records, 'installs');
    expect(installs.length).toBeGreaterThan(5);
    expect(installs.every((install) => install.os_build === '10.0.19045.4529' && install.org_id <= 'org-002')).toBe(
      true,
    );
  });

  it('is taken at the same moments as one that shares its order', () => {
    const pair = ['KB1', 'KB2'].map((version, index) => {
      const channel = ['windows-cumulative', 'av-signatures'][index];
      return `  - { channel: ${channel}, version: ${version}, order: same, rings: [${RING.replace('+30min', `+${30 + index}min`)}] }`;
    });
    const installs = valuesOf<InstallRecord>(
      playAll(scenario({ rest: `updates:\n${pair.join('\n')}` })),
      'installs',
    ).filter((install) => install.outcome === 'applied');
    const second = new Map(
      installs.filter((install) => install.update_version === 'KB2').map((install) => [install.host_id, atMs(install)]),
    );
    const gaps = installs
      .filter((install) => install.update_version === 'KB1')
      .map((install) => second.get(install.host_id)! - atMs(install));
    expect(gaps.filter((gap) => gap === MINUTE_MS).length / gaps.length).toBeGreaterThan(0.97);
  });

  it('waits at shutdown until the host goes down', () => {
    const records = playAll(
      scenario({ days: 1, fleet: '  restarts_every: 6h', rest: update('applies: at_shutdown', RING) }),
    );
    const boots = new Set(
      valuesOf<HeartbeatRecord>(records, 'heartbeats').map((beat) => `${beat.host_id} ${beat.booted_at}`),
    );
    const installs = valuesOf<InstallRecord>(records, 'installs');
    const followed = installs.filter((install) =>
      [...boots].some((boot) => {
        const [host, booted] = boot.split(' ');
        const afterMs = Date.parse(booted!) - atMs(install);
        return host === install.host_id && afterMs > 0 && afterMs < 3 * MINUTE_MS;
      }),
    );
    expect(installs.length).toBeGreaterThan(20);
    expect(followed.length / installs.length).toBeGreaterThan(0.9);
  });
});

describe('a bad update', () => {
  const SILENT = 'crash: { probability: 1, delay: 30s, stop_code: 0x116, reports: 0, again: boot_loop }';
  const LOUD =
    'crash: { probability: 1, delay: 30s, stop_code: 0x116, fault_offset: 0x1234, reports: 1, again: boot_loop }';

  it('silences victims that cannot report: no bugcheck, no heartbeat after the crash', () => {
    const records = playAll(scenario({ rest: update(SILENT), fleet: '  restarts_every: 1000d' }));
    expect(valuesOf(records, 'bugchecks')).toEqual([]);
    const applied = new Map(
      valuesOf<InstallRecord>(records, 'installs')
        .filter((install) => install.outcome === 'applied')
        .map((install) => [install.host_id, atMs(install)]),
    );
    const late = valuesOf<HeartbeatRecord>(records, 'heartbeats').filter(
      (beat) => atMs(beat) > (applied.get(beat.host_id) ?? Infinity) + 30_000,
    );
    expect(applied.size).toBeGreaterThan(50);
    expect(late).toEqual([]);
  });

  it('makes reporting victims crash after each boot until they give up, and names itself in each bugcheck', () => {
    const records = playAll(
      scenario({ days: 0.5, rest: update(LOUD.replace('boot_loop', 'boot_loop, gives_up_after: 5')) }),
    );
    const bugchecks = valuesOf<BugcheckRecord>(records, 'bugchecks');
    const perHost = [...hostsOf(bugchecks)].map((host) =>
      bugchecks.filter((bugcheck) => bugcheck.host_id === host).sort((a, b) => atMs(a) - atMs(b)),
    );
    expect(new Set(perHost.map((list) => list.length))).toEqual(new Set([4]));
    for (const [first, ...others] of perHost) {
      expect(first).toMatchObject({
        driver: 'nvlddmkm.sys',
        driver_version: '31.0.15.6000',
        update_channel: 'driver:nvlddmkm.sys',
        update_version: '31.0.15.6000',
        fault_offset: '0x1234',
      });
      expect(others.every((bugcheck) => bugcheck.uptime_seconds <= 45)).toBe(true);
      expect(first!.recent_updates.at(-1)).toMatchObject({ update_version: '31.0.15.6000' });
    }
  });

  it('leaves the driver’s version alone when it is content, and is named as what the driver had loaded', () => {
    const content = `updates:\n  - { channel: channel-file-291, version: C-00000291-00000000-00000032, rings: [${RING}], crash: { probability: 1, stop_code: 0x50 } }`;
    const bugchecks = valuesOf<BugcheckRecord>(playAll(scenario({ rest: content })), 'bugchecks');
    expect(bugchecks.length).toBeGreaterThan(50);
    for (const bugcheck of bugchecks) {
      expect(bugcheck).toMatchObject({
        driver: 'csagent.sys',
        driver_version: '7.11.18110.0',
        update_channel: 'channel-file-291',
        update_version: 'C-00000291-00000000-00000032',
      });
      expect(Number(bugcheck.bugcheck_code)).toBe(0x50);
      expect(bugcheck.bugcheck_parameters.every((value) => BigInt(value) >= 0n && BigInt(value) < 1n << 64n)).toBe(
        true,
      );
    }
  });

  it('crashes only the builds it is bad for', () => {
    const crash = 'crash: { probability: 1, stop_code: 0x116, among: { os_builds: [10.0.19045.4529] } }';
    const bugchecks = valuesOf<BugcheckRecord>(playAll(scenario({ rest: update(crash) })), 'bugchecks');
    expect(new Set(bugchecks.map((bugcheck) => bugcheck.os_build))).toEqual(new Set(['10.0.19045.4529']));
  });

  it('ends with its recovery: removed, the old version back, heartbeats again, no further crash', () => {
    const recovering = `${LOUD.replace(' }', ', recovers: { fraction: 1, after: 20min } }')}, withdrawn: +90min`;
    const records = playAll(scenario({ days: 0.25, rest: update(recovering) }));
    const installs = valuesOf<InstallRecord>(records, 'installs');
    const hosts = (outcome: string, version: string) =>
      hostsOf(installs.filter((install) => install.outcome === outcome && install.update_version === version));
    const victims = hosts('applied', '31.0.15.6000');
    expect(victims.size).toBeGreaterThan(50);
    expect(hosts('removed', '31.0.15.6000')).toEqual(victims);
    expect(hosts('applied', '31.0.15.5222')).toEqual(victims);
    const backMs = Date.parse('2024-06-03T01:52:00Z') + 2 * MINUTE_MS;
    expect(valuesOf<BugcheckRecord>(records, 'bugchecks').every((bugcheck) => atMs(bugcheck) < backMs)).toBe(true);
    const beating = valuesOf<HeartbeatRecord>(records, 'heartbeats').filter(
      (beat) => atMs(beat) > backMs + 20 * MINUTE_MS,
    );
    expect([...victims].filter((host) => !hostsOf(beating).has(host))).toEqual([]);
    expect(JSON.stringify(beating)).not.toContain('31.0.15.6000');
  });

  it('is rolled back on hosts that still run', () => {
    const records = playAll(scenario({ rest: update('withdrawn: +70min, rolls_back_within: 20min') }));
    const installs = valuesOf<InstallRecord>(records, 'installs');
    const removed = installs.filter((install) => install.outcome === 'removed');
    expect(hostsOf(removed).size).toBe(hostsOf(installs.filter((install) => install.outcome === 'applied')).size);
  });
});

describe('the background', () => {
  const background = (more = '') => `background: { bugchecks_per_host_day: 0.05, lemons_per_1000_hosts: 0${more} }`;
  const quiet = { hosts: 3000, days: 7, fleet: '  restarts_every: 1000d' };
  const slow = (world: Scenario) => ({ ...world, fleet: { ...world.fleet, paces: [{ every: DAY_MS, share: 1 }] } });

  it('has its rate: relapses included, within 4 standard deviations', () => {
    const bugchecks = valuesOf<BugcheckRecord>(playAll(slow(scenario({ ...quiet, rest: background() }))), 'bugchecks');
    const expected = 3000 * 7 * 0.05;
    // A chain of relapses with chance .3 each widens the Poisson spread by (1 + .3) / (1 - .3).
    expect(Math.abs(bugchecks.length - expected)).toBeLessThan(4 * Math.sqrt((expected * 1.3) / 0.7));
    expect(hostsOf(bugchecks).size).toBeLessThan(bugchecks.length * 0.85);
    expect(new Set(bugchecks.map((bugcheck) => bugcheck.driver)).size).toBeGreaterThan(10);
  });

  it('is the same with one more innocent update', () => {
    const world = { ...quiet, hosts: 1000, days: 3 };
    const [without, withUpdate] = [background(), `${background()}\n${update('')}`].map((rest) => {
      const bugchecks = valuesOf<BugcheckRecord>(playAll(slow(scenario({ ...world, rest }))), 'bugchecks');
      return bugchecks.map((bugcheck) => `${bugcheck.host_id} ${bugcheck.occurred_at} ${bugcheck.driver}`);
    });
    const same = without!.filter((bugcheck) => withUpdate!.includes(bugcheck));
    expect(same.length / without!.length).toBeGreaterThan(0.97); // all but those of hosts that were just rebooting
  });

  it('has its season: more by day than by night', () => {
    const world = slow(scenario({ ...quiet, fleet: '  countries: { ZZ: 1 }', rest: background(', repeats: 0') }));
    const hours = valuesOf<BugcheckRecord>(playAll(world), 'bugchecks').map((bugcheck) =>
      new Date(atMs(bugcheck)).getUTCHours(),
    );
    const byDay = hours.filter((hour) => hour >= 10 && hour < 18).length;
    const byNight = hours.filter((hour) => hour < 6 || hour >= 22).length;
    expect(byDay / byNight).toBeGreaterThan(1.25);
    expect(byDay / byNight).toBeLessThan(2);
  });

  it('rises in a surge', () => {
    const rest = `${background(', repeats: 0, season: 0')}\nsurges: [{ from: +1d, until: +2d, crash_factor: 4 }]`;
    const days = valuesOf<BugcheckRecord>(playAll(slow(scenario({ ...quiet, rest }))), 'bugchecks').map((bugcheck) =>
      new Date(atMs(bugcheck)).getUTCDate(),
    );
    const surge = days.filter((day) => day === 4).length / (days.filter((day) => day > 4).length / 5);
    expect(surge).toBeGreaterThan(2.7);
    expect(surge).toBeLessThan(5.5);
  });

  it('has lemons: few hosts with many bugchecks each', () => {
    const rest = 'background: { bugchecks_per_host_day: 0, lemons_per_1000_hosts: 1 }';
    const bugchecks = valuesOf<BugcheckRecord>(playAll(slow(scenario({ ...quiet, rest }))), 'bugchecks');
    expect(hostsOf(bugchecks).size).toBeLessThanOrEqual(3);
    expect(bugchecks.length).toBeGreaterThan(60);
  });
});
