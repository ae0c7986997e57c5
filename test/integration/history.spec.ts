import { Notebook } from '@ringwatch/backtest';
import { type ClickHouseClient, writeArrivalClocks, writeDecidedUntil } from '@ringwatch/clickhouse';
import { defaultPolicy } from '@ringwatch/detection';
import type { IncidentChange } from '@ringwatch/incident';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { Decider } from '@ringwatch/ticks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeRecords } from '../support/replay';
import { seeded } from '../support/rough-world';
import { freshDatabase } from '../support/tables';
import { WeeksBefore } from '../support/weeks-before';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2024-07-19T04:00:00Z');
const END = 4 * HOUR;

const hosts = (from: number, count = 40) => Array.from({ length: count }, (_, index) => from + index);

/** Nine days of what is usual, then four failures, an hour apart. */
function world(): WeeksBefore {
  const usual = {
    'gpu.sys': 6,
    'disk.sys': 14,
    'told.sys': 0.2,
    'pushed.sys': 0.2,
    'silent.sys': 0.2,
    'lone.sys': 0.2,
  };
  return new WeeksBefore(NOW)
    .background(usual, 9, END)
    .wave(hosts(100), 'lone.sys', [5 * MINUTE, 20 * MINUTE])
    .ships('announced', HOUR, 'told.sys')
    .wave(hosts(200), 'told.sys', [HOUR + 2 * MINUTE, HOUR + 17 * MINUTE])
    .ships('at-once', 2 * HOUR, 'pushed.sys')
    .everybodyTakes(hosts(300, 200), 'at-once', 2 * HOUR)
    .wave(hosts(300), 'pushed.sys', [2 * HOUR + MINUTE, 2 * HOUR + 16 * MINUTE])
    .wave(hosts(600), 'silent.sys', [3 * HOUR, 3 * HOUR + 15 * MINUTE], '8');
}

describe('what is compared with the time before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-history-'));
  let clickhouse: ClickHouseServer;
  let db: ClickHouseClient;
  let runs = 0;

  beforeAll(async () => {
    clickhouse = await startClickHouse({ folder });
    db = await freshDatabase(clickhouse.url);
    await storeRecords(
      db,
      world().records.sort((a, b) => a.arrivesAtMs - b.arrivesAtMs),
    );
  });
  afterAll(async () => {
    await db.close();
    await clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A detector that goes on from a time after `NOW`, started anew now and then. */
  async function decide(from: number, restarts: () => boolean): Promise<IncidentChange[]> {
    const run = `run-${++runs}`;
    const notebook = new Notebook();
    await writeDecidedUntil(db, run, NOW + from);
    let decider = new Decider(db, notebook, defaultPolicy, run);
    for (let until = from; until < END;) {
      until = Math.min(END, until + 23 * MINUTE);
      await writeArrivalClocks(db, [{ topic: run, partition: 0, closedUntil: NOW + until }]);
      if (restarts()) decider = new Decider(db, notebook, defaultPolicy, run);
      for (let behind = 1; behind > 0;) behind = (await decider.advance(1))?.behindMs ?? 0;
    }
    return notebook.changes;
  }

  let first: Promise<IncidentChange[]> | undefined;
  const atOnce = () => (first ??= decide(-2 * HOUR, () => false));

  const openings = (changes: readonly IncidentChange[]) => changes.filter(({ change }) => change === 'opened');

  it('finds a spike without an update, updates that nobody tells to have installed, announced or not, and one that all took at once', async () => {
    const changes = await atOnce();
    expect(openings(changes).map(({ suspect }) => suspect)).toMatchObject([
      { update_channel: '', driver: 'lone.sys' },
      { update_channel: 'announced', update_version: '2', driver: 'told.sys' },
      { update_channel: 'at-once', update_version: '2', driver: 'pushed.sys' },
      { update_channel: 'driver:silent.sys', update_version: '8', driver: 'silent.sys' },
    ]);
    for (const [index, opened] of openings(changes).entries()) {
      expect(opened.evidence).toMatchObject({ weaker: true });
      expect(opened.evidence.relative_risk.low).toBeGreaterThan(3);
      expect(Date.parse(opened.detected_at)).toBeLessThan(NOW + index * HOUR + 15 * MINUTE);
    }
    expect(openings(changes)[2]!.evidence).toMatchObject({ exposed_hosts: 200 });
  });

  const lines = (changes: readonly IncidentChange[]) => changes.map((change) => JSON.stringify(change));

  it('is the same for one who starts anew now and then', async () => {
    const random = seeded(3);
    expect(lines(await decide(-2 * HOUR, () => random() < 0.5))).toEqual(lines(await atOnce()));
  });

  it('is the same for one whose counts grew crash by crash where the other read them from the store', async () =>
    expect(lines(await decide(-20 * HOUR, () => false))).toEqual(lines(await atOnce())));
});
