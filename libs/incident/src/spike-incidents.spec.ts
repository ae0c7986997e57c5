import { type Crash, type CrashHour, Watch, defaultPolicy, hourOf } from '@ringwatch/detection';
import { signatureOf } from '@ringwatch/signature';
import { decide } from './decide';
import type { IncidentChange } from './incident-change';
import { spikeIdOf } from './incident-id';
import { MINUTE, SECOND, START, emptyBatch } from './made-up.fixture';

const usual = { 'gpu.sys': 60, 'agent.sys': 2, 'disk.sys': 140 };

/** Eight weeks in which drivers crashed as many hosts an hour as ever, half of them in Europe. */
function eightWeeks(): CrashHour[] {
  const all = Object.values(usual).reduce((sum, each) => sum + each, 0);
  return Object.entries({ ...usual, '*': all }).flatMap(([bucket, hosts]) =>
    (['europe', 'americas'] as const).flatMap((region) =>
      Array.from({ length: 8 * 168 }, (_, index) => ({
        ...{ bucket, region, hosts: hosts / 2 },
        hour: hourOf(START) - 1 - index,
      })),
    ),
  );
}

function crashes(driver: string, count: number, since: number, until: number): Crash[] {
  return Array.from({ length: count }, (_, index) => {
    const at = START + since + Math.floor(((until - since) * index) / count);
    const country = index % 2 === 0 ? 'DE' : 'US';
    return {
      eventId: `${driver}-${since}-${index}`,
      ...{ hostId: `${driver}-${since}-${index}`, orgId: `o${index % 7}`, country, osBuild: 'b' },
      ...{ stratumCountry: country, stratumOsBuild: 'b', stopCode: 0x50, driver, driverVersion: '7', channel: '' },
      signature: signatureOf({
        bugcheck_code: 0x50,
        bugcheck_parameters: [0n, 0n, 0n, 0n],
        driver,
        fault_offset: null,
      }),
      ...{ receivedAt: at, occurredAt: at },
    };
  });
}

/** What is decided, second by second, of a fleet with a past; `announced`: minutes after which an update of the agent ships. */
function changesOf(told: readonly Crash[], minutes: number, announced?: number): IncidentChange[] {
  const watch = new Watch(defaultPolicy);
  watch.remember({ until: hourOf(START), counts: eightWeeks() });
  const latest = new Map<string, IncidentChange>();
  const changes: IncidentChange[] = [];
  const arrived = new Map<number, Crash[]>();
  for (const crash of told) {
    const tick = (Math.floor(crash.receivedAt / SECOND) + 1) * SECOND;
    arrived.set(tick, [...(arrived.get(tick) ?? []), crash]);
  }
  for (let tick = START + SECOND; tick <= START + minutes * MINUTE; tick += SECOND) {
    const batch = { ...emptyBatch(), crashes: arrived.get(tick) ?? [] };
    const isNews = batch.crashes.length > 0 || tick - SECOND === START + (announced ?? -1) * MINUTE;
    if (!isNews && tick % MINUTE !== 0) continue;
    if (announced !== undefined && tick - SECOND === START + announced * MINUTE) {
      const at = { update: { channel: 'content', version: '2' }, receivedAt: tick - SECOND, occurredAt: tick - SECOND };
      batch.updates.push(at);
      batch.actions.push({ ...at, action: 'shipped', driver: 'agent.sys' });
    }
    const touched = watch.absorb(batch);
    watch.expire(Math.floor(tick / 3_600_000) * 3_600_000 - defaultPolicy.watchMs);
    for (const change of decide(watch, { touched, actions: [] }, latest, tick).changes) {
      changes.push(change);
      latest.set(change.incident_id, change);
    }
  }
  return changes;
}

const quiet = [...crashes('gpu.sys', 300, 0, 300 * MINUTE), ...crashes('disk.sys', 700, 0, 300 * MINUTE)];

describe('an incident without a suspect', () => {
  const spike = [...quiet, ...crashes('agent.sys', 60, 10 * MINUTE, 30 * MINUTE)];

  it('opens at the twelfth host, says that no update is correlated, grows and ends', () => {
    const changes = changesOf(spike, 300);
    expect(changes.map(({ change, state }) => `${change} ${state}`)).toEqual([
      'opened open',
      'updated open',
      'resolved resolved',
    ]);
    const opened = changes[0]!;
    expect(opened).toMatchObject({
      incident_id: spikeIdOf('agent.sys', START),
      suspect: { update_channel: '', update_version: '', driver: 'agent.sys', shipped_at: null, confidence: 0 },
      other_suspects: [],
      recommendation: 'investigate',
      scope: 'global',
      evidence: { weaker: true, note: 'no update correlated', exposed_hosts: 0 },
    });
    expect(opened.evidence.terms.map(({ channel }) => channel)).toEqual(['composition', 'history']);
    expect(Date.parse(opened.detected_at)).toBeLessThanOrEqual(START + 15 * MINUTE);
    expect(Date.parse(changes[2]!.detected_at)).toBeGreaterThan(START + 60 * MINUTE);
  });

  it('is not opened where an update under watch explains it: that one is the suspect, and the evidence is weaker', () => {
    const [opened, ...more] = changesOf(spike, 40, 9);
    expect(opened).toMatchObject({
      change: 'opened',
      suspect: { update_channel: 'content', driver: 'agent.sys' },
      evidence: { weaker: true },
      recommendation: 'halt',
    });
    expect(opened!.suspect.confidence).toBeLessThanOrEqual(0.9);
    expect(more.every(({ suspect }) => suspect.update_channel === 'content')).toBe(true);
  });

  it('ends when an update takes the blame, and names its incident', () => {
    const again = [...spike, ...crashes('agent.sys', 200, 32 * MINUTE, 50 * MINUTE)];
    const changes = changesOf(again, 50, 31);
    const ended = changes.find(({ change }) => change === 'superseded');
    const blamed = changes.find(({ suspect }) => suspect.update_channel === 'content');
    expect(ended).toMatchObject({
      state: 'resolved',
      superseded_by: blamed!.incident_id,
      suspect: { driver: 'agent.sys' },
    });
    expect(ended!.detected_at).toBe(blamed!.detected_at);
  });

  it('names an update of its driver that everybody took before as one that can be neither blamed nor cleared', () => {
    const update = { channel: 'content', version: '2' };
    const day = -24 * 60 * MINUTE;
    const withUpdate = (drivers: readonly string[], applied: (index: number) => boolean) => {
      const watch = new Watch(defaultPolicy);
      watch.remember({ until: hourOf(START), counts: eightWeeks() });
      const at = { update, receivedAt: START + day, occurredAt: START + day };
      const told = spike.filter(({ receivedAt }) => receivedAt < START + 30 * MINUTE);
      const kind = { osBuild: 'b', country: 'DE', hosts: 1_000, receivedAt: START + day, occurredAt: START + day };
      const touched = watch.absorb({
        ...emptyBatch(),
        updates: [at],
        actions: drivers.map((driver) => ({ ...at, action: 'shipped' as const, driver })),
        eligible: [{ channel: 'content', ...kind }],
        applied: [{ update, ...kind }],
        hostApplies: told.filter((_, index) => applied(index)).map(({ hostId }) => ({ hostId, ...at })),
        crashes: told,
      });
      return decide(watch, { touched, actions: [] }, new Map(), START + 30 * MINUTE).changes;
    };
    const [opened] = withUpdate(['agent.sys'], () => true);
    expect(opened).toMatchObject({ suspect: { update_channel: '', driver: 'agent.sys', confidence: 0 } });
    expect(opened!.other_suspects).toEqual([
      expect.objectContaining({ update_channel: 'content', update_version: '2', confidence: 0 }),
    ]);
    expect(opened!.evidence.note).toBe(
      'no update correlated; 2 on content can be neither blamed nor cleared: shipped 24.3 h before, 100 % of the crashed hosts have it, and hardly any host is without it to compare with',
    );
    expect(withUpdate(['agent.sys'], (index) => index % 2 === 0)[0]).toMatchObject({ other_suspects: [] });
    expect(withUpdate(['gpu.sys'], () => true)[0]).toMatchObject({ other_suspects: [] });
  });

  it('is not opened while nothing happens', () => expect(changesOf(quiet, 120)).toEqual([]));
});
