import { Notebook } from '@ringwatch/backtest';
import { type ClickHouseClient, crashes, writeArrivalClocks } from '@ringwatch/clickhouse';
import { type DetectionPolicy, defaultPolicy } from '@ringwatch/detection';
import type { FleetRecord } from '@ringwatch/fleet';
import type { IncidentChange } from '@ringwatch/incident';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { Decider } from '@ringwatch/ticks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playScenario, storeRecords } from '../support/replay';
import { lateInstalls, roughWorld, seeded } from '../support/rough-world';
import { freshDatabase } from '../support/tables';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Quick to alarm, quick to forget: many incidents in a small world, and updates whose watch ends within it. */
const nervousPolicy: DetectionPolicy = {
  ...defaultPolicy,
  alpha: 0.05,
  minRelativeRisk: 1,
  minHosts: 2,
  minOrgs: 1,
  watchMs: 60 * MINUTE,
};

/** How much arrival time is closed before the detector goes on, and whether it is started anew before that. */
interface Pace {
  nextStepMs: () => number;
  restarts: () => boolean;
}
const inOneGo: Pace = { nextStepMs: () => Infinity, restarts: () => false };

function unevenPace(seed: number, most: number, restarts: number): Pace {
  const random = seeded(seed);
  return { nextStepMs: () => SECOND * (most / SECOND) ** random(), restarts: () => random() < restarts };
}

describe('ticks over what is stored', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-ticks-'));
  let clickhouse: ClickHouseServer;
  let db: ClickHouseClient;
  let runs = 0;

  beforeAll(async () => {
    clickhouse = await startClickHouse({ folder });
  });
  afterAll(async () => {
    await clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    db = await freshDatabase(clickhouse.url);
  });
  afterEach(() => db.close());

  /** A detector of its own, before which arrival time is closed step by step by one more partition. */
  async function decide(records: FleetRecord[], pace: Pace, policy = defaultPolicy): Promise<IncidentChange[]> {
    const run = `run-${++runs}`;
    const notebook = new Notebook();
    let decider = new Decider(db, notebook, policy, run);
    const last = records.reduce((most, { arrivesAtMs }) => Math.max(most, arrivesAtMs), 0) + 2 * SECOND;
    for (let closed = records[0]!.arrivesAtMs; closed < last;) {
      closed = Math.min(last, Math.floor(closed + pace.nextStepMs()));
      await writeArrivalClocks(db, [{ topic: run, partition: 0, closedUntil: closed }]);
      if (pace.restarts()) decider = new Decider(db, notebook, policy, run);
      for (let behind = 1; behind > 0;) behind = (await decider.advance(1))?.behindMs ?? 0;
    }
    return notebook.changes;
  }

  const lines = (changes: IncidentChange[]) => changes.map((change) => JSON.stringify(change));

  it('gives the same lines for a scenario however arrival time was closed, however often it was restarted and whatever came twice', async () => {
    const records = [...playScenario('two-updates-one-guilty', { seed: '1', fleetSize: 1_500 })];
    await storeRecords(db, records);
    const changes = await decide(records, inOneGo);
    expect(new Set(changes.map(({ incident_id }) => incident_id)).size).toBe(1);
    expect(changes[0]).toMatchObject({ change: 'opened', suspect: { update_channel: 'channel-file-291' } });
    expect(changes.map(({ change }) => change)).toContain('mitigated');
    const expected = lines(changes);
    expect(lines(await decide(records, unevenPace(1, 20 * MINUTE, 0)))).toEqual(expected);
    expect(lines(await decide(records, unevenPace(2, 60 * MINUTE, 1)))).toEqual(expected);

    const random = seeded(3);
    const again = records
      .filter(() => random() < 0.3)
      .map((record) => ({ ...record, arrivesAtMs: record.arrivesAtMs + Math.floor(random() ** 3 * 120 * MINUTE) }));
    await storeRecords(db, again);
    expect(lines(await decide(records, inOneGo))).toEqual(expected);
    expect(lines(await decide(records, unevenPace(4, 60 * MINUTE, 0.5)))).toEqual(expected);
  });

  it.each([1, 2])('decides the same for a fleet that reports as badly as it can (seed %i)', async (seed) => {
    const records = roughWorld(seed, Date.parse('2024-07-19T03:35:10.500Z'));
    await storeRecords(db, records);
    const expected = lines(await decide(records, inOneGo, nervousPolicy));
    expect(expected.length).toBeGreaterThan(3);
    expect(lines(await decide(records, unevenPace(seed, 20 * MINUTE, 0.4), nervousPolicy))).toEqual(expected);
  });

  it('leaves out the copy of what arrived long ago, and not what is told late', async () => {
    const before = Date.parse('2024-07-17T04:00:00Z');
    const [beat, ...others] = lateInstalls(before, 20 * MINUTE);
    const [known, late] = others.flatMap((record) => (record.topic === 'bugchecks' ? [record] : []));
    const now = before + 48 * 60 * MINUTE;
    await storeRecords(db, [beat!, known!, { ...known!, arrivesAtMs: now }, { ...late!, arrivesAtMs: now }]);
    const window = { since: now - SECOND, until: now + SECOND };
    const told = async (toldLateBefore: number) =>
      (await crashes(db, { ...window, toldLateBefore })).map(({ eventId }) => eventId);
    expect(await told(now - 60 * MINUTE)).toEqual([late!.value.event_id]);
    expect((await told(before)).sort()).toEqual([known!.value.event_id, late!.value.event_id].sort());
  });

  it('counts installs that are told minutes after the crash from then on', async () => {
    const since = Date.parse('2024-07-19T04:00:00Z');
    const told = lateInstalls(since, 20 * MINUTE);
    await storeRecords(db, told);
    const [opened, ...more] = await decide(told, unevenPace(5, 10 * MINUTE, 0.5));
    expect(more).toEqual([]);
    expect(opened).toMatchObject({ change: 'opened', suspect: { update_channel: 'content-a' } });
    expect(Date.parse(opened!.first_crash_at!)).toBeLessThan(since + 11 * MINUTE);
    const openedAt = Date.parse(opened!.detected_at);
    expect(openedAt).toBeGreaterThan(since + 20 * MINUTE);
    expect(openedAt).toBeLessThan(since + 21 * MINUTE);
  });
});
