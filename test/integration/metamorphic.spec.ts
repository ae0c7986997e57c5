import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Notebook } from '@ringwatch/backtest';
import { type ClickHouseClient, writeArrivalClocks } from '@ringwatch/clickhouse';
import { type DetectionPolicy, defaultPolicy } from '@ringwatch/detection';
import type { FleetRecord } from '@ringwatch/fleet';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { Decider } from '@ringwatch/ticks';
import { repeated, shuffled, shuffledWithinTicks } from '../support/metamorphosis';
import { playScenario, storeRecords } from '../support/replay';
import { lateInstalls, roughWorld, seeded } from '../support/rough-world';
import { freshDatabase } from '../support/tables';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = Date.parse('2024-07-19T03:35:10.500Z');

/** Quick to alarm, so that a small world has many changes to differ in. */
const nervousPolicy: DetectionPolicy = {
  ...defaultPolicy,
  alpha: 0.05,
  minRelativeRisk: 1,
  minHosts: 2,
  minOrgs: 1,
  watchMs: 60 * MINUTE,
};

const worlds: Array<{ name: string; policy: DetectionPolicy; play: (seed: number) => FleetRecord[] }> = [
  { name: 'a fleet that reports badly', policy: nervousPolicy, play: (seed) => roughWorld(seed, START) },
  { name: 'late installs', policy: defaultPolicy, play: () => lateInstalls(START, 20 * MINUTE) },
  {
    name: 'a small July 2024',
    policy: nervousPolicy,
    play: (seed) => [...playScenario('july-2024', { seed: String(seed), fleetSize: 150 })],
  },
];

/** A failure is repeated by the line in its name. */
const seeds = process.env['METAMORPHIC_SEED'] ? [Number(process.env['METAMORPHIC_SEED'])] : [1];
const cases = seeds.flatMap((seed) => worlds.map((world) => ({ ...world, seed })));

describe('the same input, told and taken in another way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-metamorphic-'));
  let clickhouse: ClickHouseServer;
  const opened: ClickHouseClient[] = [];

  beforeAll(async () => {
    clickhouse = await startClickHouse({ folder });
  });
  afterAll(async () => {
    for (const db of opened) await db.close();
    await clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function stored(records: readonly FleetRecord[]): Promise<ClickHouseClient> {
    const db = await freshDatabase(clickhouse.url);
    opened.push(db);
    await storeRecords(db, records);
    return db;
  }

  let runs = 0;

  /** Closes arrival time at one stop after the other and decides up to it, by one detector or by a new one each time. */
  async function decided(
    db: ClickHouseClient,
    policy: DetectionPolicy,
    stops: readonly number[],
    restarts = false,
  ): Promise<string[]> {
    const name = `run-${++runs}`;
    const notebook = new Notebook();
    let decider = new Decider(db, notebook, policy, name);
    for (const closedUntil of stops) {
      await writeArrivalClocks(db, [{ topic: name, partition: 0, closedUntil }]);
      if (restarts) decider = new Decider(db, notebook, policy, name);
      for (let behind = 1; behind > 0;) behind = (await decider.advance(1))?.behindMs ?? 0;
    }
    return notebook.changes.map((change) => JSON.stringify(change));
  }

  describe.each(cases)('$name (again: METAMORPHIC_SEED=$seed npm test -- metamorphic)', ({ policy, seed, play }) => {
    const records = play(seed);
    const random = seeded(seed);
    const first = records.reduce((least, { arrivesAtMs }) => Math.min(least, arrivesAtMs), Infinity);
    const last = records.reduce((most, { arrivesAtMs }) => Math.max(most, arrivesAtMs), 0) + 2 * SECOND;
    const cuts = Array.from({ length: 5 }, () => Math.floor(first + random() * (last - first)));
    const stops = [...cuts.sort((a, b) => a - b), last];
    let db: ClickHouseClient;
    let expected: string[];

    beforeAll(async () => {
      db = await stored(records);
      expected = await decided(db, policy, [last]);
      expect(expected.length).toBeGreaterThan(0);
    });

    it('gives the same lines when arrival time is closed in other portions', async () => {
      const lines = await decided(db, policy, stops);
      expect({ stops, lines }).toEqual({ stops, lines: expected });
    });

    it('gives the same lines when the detector is started anew at any tick', async () => {
      const lines = await decided(db, policy, stops, true);
      expect({ stops, lines }).toEqual({ stops, lines: expected });
    });

    it('gives the same lines when seconds are taken one by one', async () => {
      const opening = Date.parse((JSON.parse(expected[0]!) as { detected_at: string }).detected_at);
      const slowly = Array.from({ length: 8 }, (_, index) => opening + (index - 5) * SECOND);
      expect(await decided(db, policy, [...slowly, last])).toEqual(expected);
    });

    it('gives the same lines when events are told in any order and up to 50 times', async () => {
      const inAnyOrder = shuffled(repeated(records, random), random);
      expect(await decided(await stored(inAnyOrder), policy, [last])).toEqual(expected);
    });

    it('gives the same lines when crashes arrive in another order within their tick', async () => {
      const otherTicks = shuffledWithinTicks(records, random);
      expect(await decided(await stored(otherTicks), policy, [last])).toEqual(expected);
    });
  });
});
