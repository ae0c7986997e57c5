import { Notebook } from '@ringwatch/backtest';
import { type ClickHouseClient, writeArrivalClocks } from '@ringwatch/clickhouse';
import { defaultPolicy } from '@ringwatch/detection';
import type { FleetRecord } from '@ringwatch/fleet';
import type { IncidentChange } from '@ringwatch/incident';
import { type Platform, startPlatform } from '../support/platform';
import { Decider } from '@ringwatch/ticks';
import { decideAll, playScenario, storeRecords } from '../support/replay';
import { seeded } from '../support/rough-world';
import { freshDatabase } from '../support/tables';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Hosts that fall silent, through ClickHouse and the detector; the simulator knows the truth. */
describe('hosts that fall silent', () => {
  let platform: Platform;
  let db: ClickHouseClient;

  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  beforeEach(async () => {
    db = await freshDatabase(platform.clickhouseUrl);
  });
  afterEach(() => db.close());

  async function stored(name: string, fleetSize?: number): Promise<FleetRecord[]> {
    const records = [...playScenario(name, { seed: '1', ...(fleetSize ? { fleetSize } : {}) })];
    await storeRecords(db, records);
    return records;
  }

  /** A detector of its own that is started anew now and then, while arrival time is closed step by step. */
  async function decideWithRestarts(records: readonly FleetRecord[], seed: number): Promise<IncidentChange[]> {
    const random = seeded(seed);
    const run = `restarts-${seed}`;
    const notebook = new Notebook();
    let decider = new Decider(db, notebook, defaultPolicy, run);
    const last = records.at(-1)!.arrivesAtMs + 2 * SECOND;
    for (let closed = records[0]!.arrivesAtMs; closed < last;) {
      closed = Math.min(last, Math.floor(closed + SECOND + random() * 15 * MINUTE));
      await writeArrivalClocks(db, [{ topic: run, partition: 0, closedUntil: closed }]);
      if (random() < 0.5) decider = new Decider(db, notebook, defaultPolicy, run);
      for (let behind = 1; behind > 0;) behind = (await decider.advance(1))?.behindMs ?? 0;
    }
    return notebook.changes;
  }

  it('name the content update of July 2024 where no victim gets to send a bugcheck, whenever the detector is started anew', async () => {
    const records = await stored('july-2024-silent');
    const changes = await decideAll(db);
    const [opened] = changes;
    expect(opened).toMatchObject({
      change: 'opened',
      signal: 'silence',
      first_crash_at: null,
      suspect: { update_channel: 'channel-file-291', update_version: 'C-00000291-00000000-00000032' },
      evidence: { stop_codes: [], terms: [{ channel: 'silence' }] },
    });
    expect(opened!.evidence.silent_hosts).toBeGreaterThanOrEqual(defaultPolicy.minHosts);
    expect(Date.parse(opened!.detected_at) - Date.parse('2024-07-19T04:09:00Z')).toBeLessThan(25 * MINUTE);
    expect(new Set(changes.map(({ incident_id }) => incident_id)).size).toBe(1);
    expect(await decideWithRestarts(records, 1)).toEqual(changes);
  });

  it('are no reason to alert where an innocent update is applied at shutdown, and offices are off for the night', async () => {
    await stored('applied-at-shutdown');
    expect(await decideAll(db)).toEqual([]);
  });
});
