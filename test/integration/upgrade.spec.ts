import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  aggregateCrashes,
  type ClickHouseClient,
  connectClickHouse,
  countDeadLetters,
  decidedUntil,
  incidentChanges,
  listUpdates,
  markChangedHours,
  migrate,
  pastDeliveries,
  readArrivalClocks,
  storeIncidentChanges,
} from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { type ClickHouseServer, startClickHouse } from '../support/platform';

const root = join(__dirname, '..', '..');
const { given: incident } = JSON.parse(readFileSync(join(root, 'libs', 'webhook', 'cases', 'opened.json'), 'utf8')) as {
  given: IncidentChange;
};
const numbers = readdirSync(join(root, 'libs', 'clickhouse', 'src', 'migrations')).map((file) =>
  Number(file.slice(0, 4)),
);
const newest = Math.max(...numbers);
/** The first schema with decisions, the one that began to mark hours, and that of before today. */
const MARKS_HOURS = 5;
const earlier = [3, MARKS_HOURS, newest - 1];

const place = (offset: number) => ({ source_partition: 0, source_offset: String(offset) });
const host = (number: number) => ({
  host_id: `host-${number}`,
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631',
});
const at = (minute: number) => `2026-03-01 12:${String(minute).padStart(2, '0')}:00.000`;
const loaded = { driver: 'gpu.sys', driver_version: '1.0', update_channel: 'content', update_version: '7' };

/** Rows as a version of then wrote them: the columns that its tables had, under the names of then. */
const rows: Record<string, object[]> = {
  bugchecks: [1, 2, 3].map((number) => ({
    event_id: `crash-${number}`,
    occurred_at: at(number),
    received_at: at(number),
    ...host(Math.min(number, 2)),
    bugcheck_code: 80,
    bugcheck_parameters: ['1', '2', '3', '18446744073709551615'],
    ...loaded,
    fault_offset: null,
    uptime_seconds: '7',
    recent_updates: [{ update_channel: 'content', update_version: '7', applied_at: at(0) }],
    ...place(number),
  })),
  installs: [1, 2].map((number) => ({
    event_id: `install-${number}`,
    occurred_at: at(0),
    received_at: at(0),
    ...host(number),
    outcome: 'applied',
    ...loaded,
    ...place(number),
  })),
  updates: [
    {
      event_id: 'shipped',
      occurred_at: at(0),
      received_at: at(0),
      action: 'shipped',
      update_channel: 'content',
      update_version: '7',
      driver: 'gpu.sys',
      title: 'content 7',
      target_fraction: 0,
      ...place(1),
    },
  ],
  heartbeats: [
    {
      occurred_at: at(0),
      received_at: at(0),
      ...host(3),
      booted_at: at(0),
      updates: [{ update_channel: 'content', update_version: '6' }],
      ...place(1),
    },
  ],
  dead_letters: [
    {
      source_topic: 'bugchecks',
      ...place(9),
      source_timestamp: at(4),
      received_at: at(4),
      reason: 'not_json',
      field: '',
      detail: 'wanted JSON',
      key_base64: Buffer.from('host-1').toString('base64'),
      payload_base64: Buffer.from([0, 255, 123]).toString('base64'),
    },
  ],
  arrival_clocks: [{ topic: 'bugchecks', source_partition: 0, closed_until: at(5) }],
  detector_progress: [{ detector: 'live', decided_until: at(5) }],
  deliveries: [
    {
      receiver: 'chat',
      incident_id: incident.incident_id,
      sequence: 1,
      attempt: 1,
      outcome: 'delivered',
      status: 200,
      detail: '',
      // Kept for 90 days from then, unlike the others, which are kept from when they are stored.
      started_at: new Date().toISOString().slice(0, 19).replace('T', ' '),
      duration_ms: 12,
    },
  ],
};

describe('an upgrade', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-upgrade-'));
  let server: ClickHouseServer;
  let db: ClickHouseClient;

  beforeAll(async () => {
    server = await startClickHouse({ folder });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => db.close());

  /** As ingest does: rows, then which hours they change. */
  async function write(marksHours: boolean): Promise<void> {
    for (const [table, values] of Object.entries(rows)) await db.insert({ table, values, format: 'JSONEachRow' });
    await storeIncidentChanges(db, [incident]);
    if (marksHours) await markChangedHours(db, [Date.parse('2026-03-01T12:00:00Z')]);
  }

  it.each(earlier)('from schema %i reads what was written then, and takes it a second time', async (number) => {
    const settings = { url: server.url, database: `from_${number}`, username: 'default', password: '' };
    await migrate(settings, undefined, { upTo: number });
    db = connectClickHouse(settings);
    await write(number >= MARKS_HOURS);
    await migrate(settings);
    // The road is at least once: what was on its way during the upgrade comes again.
    for (let times = 1; times <= 2; times++) {
      await expectAll();
      await write(true);
    }
  });

  async function expectAll(): Promise<void> {
    const crashes = await aggregateCrashes(db, { groupBy: ['driver', 'update_version'], filters: {}, maxRows: 10 });
    expect(crashes).toMatchObject([
      { values: { driver: 'gpu.sys', update_version: '7' }, crashes: 3, hosts: 2, hostsEstimated: false },
    ]);
    const updates = await listUpdates(db, { maxRows: 10 });
    expect(updates.find(({ version, channel }) => channel === 'content' && version === '7')).toMatchObject({
      shippedAt: new Date('2026-03-01T12:00:00Z'),
      appliedHosts: 2,
      driver: 'gpu.sys',
    });
    expect(await incidentChanges(db, incident.incident_id)).toEqual([incident]);
    expect(await countDeadLetters(db, {})).toMatchObject([{ topic: 'bugchecks', reason: 'not_json', letters: 1 }]);
    const closedUntil = Date.parse('2026-03-01T12:05:00Z');
    expect(await readArrivalClocks(db)).toEqual([{ topic: 'bugchecks', partition: 0, closedUntil }]);
    expect(await decidedUntil(db, 'live')).toBe(closedUntil);
    expect(await pastDeliveries(db, ['chat'], [incident.incident_id])).toHaveLength(1);
  }
});
