import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, type EventBlock, createBlock, storeBlock } from '@ringwatch/clickhouse';
import type { FleetRecord } from '@ringwatch/fleet';
import { type InputTopic, inputTopics, isRefusal, judgeMessage, tableOf } from '@ringwatch/inputs';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { playScenario } from '../support/replay';
import { freshDatabase } from '../support/tables';

const TIMESTAMP = Date.parse('2026-03-01T12:00:00Z');
const FAR = Date.parse('2500-01-01T00:00:00Z');
const MOST = 18_446_744_073_709_551_615n;

type Stored = Record<string, unknown>;

const host = {
  occurred_at: '2026-03-01T11:59:58.512Z',
  host_id: 'host-1',
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631.3880',
};
const update = { update_channel: 'channel-file-291', update_version: 'C-00000291-00000000-00000032' };
const bugcheck = {
  ...host,
  bugcheck_code: '0x50',
  bugcheck_parameters: ['0x1', 2, '0xFFFFFFFFFFFFFFFF', '0x8000000000000000'],
  driver: 'csagent.sys',
  driver_version: '7.11',
  ...update,
};
const applied = (applied_at: string) => ({ ...update, applied_at });

const act = { occurred_at: host.occurred_at, incident_id: 'content-2-25ead81a65380a8b', actor: 'ann' };

/** Messages at their limits; some are of no plain form, so that both roads end in one block. */
const messages: Record<InputTopic, object[]> = {
  bugchecks: [
    bugcheck,
    { ...bugcheck, bugcheck_code: 4_294_967_295, fault_offset: '0xffffffffffffffff', uptime_seconds: 0 },
    { ...bugcheck, bugcheck_code: '0x000000000000000000', fault_offset: '0x0', recent_updates: [] },
    {
      ...bugcheck,
      recent_updates: ['1601-01-01', '1899-12-31', '1900-01-01'].map((day) => applied(`${day}T00:00:00Z`)),
    },
    { ...bugcheck, recent_updates: [] },
    { ...bugcheck, recent_updates: Array(32).fill(applied('9999-12-31T23:59:59.999Z')), driver: 'NVLDDMKM.SYS' },
    { ...bugcheck, org_id: 'Büro 医院 😀', host_id: '😀'.repeat(128), driver: 'Ölfilter.SYS', update_version: '' },
    { ...bugcheck, occurred_at: '2000-01-01T00:00:00Z', driver_version: '', update_channel: 'driver:A.SYS' },
  ],
  updates: [
    { occurred_at: host.occurred_at, action: 'shipped', ...update },
    { occurred_at: host.occurred_at, action: 'paused', ...update, target_fraction: 0, title: '你好 😀', ring: 'früh' },
    { occurred_at: host.occurred_at, action: 'withdrawn', ...update, target_fraction: 0.1, driver: 'A.SYS' },
    {
      occurred_at: host.occurred_at,
      action: 'expanded',
      ...update,
      vendor: 'v',
      replaces: 'r',
      content_sha256: 'ab12',
    },
  ],
  installs: [
    { ...host, ...update, outcome: 'applied' },
    { ...host, ...update, outcome: 'removed', driver: 'A.SYS', driver_version: '1', org_id: 'é' },
    { ...host, ...update, outcome: 'failed', driver: 'Ä.SYS', update_channel: 'driver:Ä' },
  ],
  heartbeats: [
    { ...host, booted_at: '2026-03-01T08:00:00.001Z' },
    { ...host, host_id: 'h2', booted_at: '0000-01-01T00:00:00Z', updates: [] },
    {
      ...host,
      host_id: 'h3',
      booted_at: '9999-12-31T23:59:59Z',
      updates: [update, { ...update, update_channel: 'ü' }],
    },
    { ...host, host_id: 'h4', booted_at: '1969-12-31T23:59:59.999Z', updates: Array(1_000).fill(update) },
  ],
  'incident-actions': [
    { ...act, action: 'acknowledge' },
    { ...act, action: 'assign', assignee: 'Jörg 😀', text: 'please' },
    { ...act, action: 'assign', assignee: '' },
    { ...act, action: 'mute', muted_until: '2026-03-01T13:00:00.001Z' },
    { ...act, action: 'mute', muted_factor: 2.5, muted_until: '2026-03-02T13:00:00Z' },
    { ...act, action: 'mute', muted_factor: 10 },
    { ...act, action: 'comment', text: 'line sep\u2028 "quoted"' },
  ],
};
function bytesOf(topic: InputTopic, message: object, row: number): Buffer {
  const id = topic === 'heartbeats' ? {} : { event_id: `e-${row}` };
  // A number that JavaScript cannot write.
  const json = JSON.stringify({ ...id, ...message }).replace('"uptime_seconds":0', `"uptime_seconds":${MOST}`);
  return Buffer.from(json);
}

/** How ClickHouse shows a value of an event: 64 bits as text, times as RFC 3339, cut to the years that it holds. */
function shown(value: unknown, name = ''): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map((each) => shown(each));
  if (typeof value === 'number' && /_(at|until)$/.test(name)) {
    const [least, most] = [Date.parse('1900-01-01T00:00:00Z'), Date.parse('2299-12-31T00:00:00Z')];
    return new Date(Math.min(most, Math.max(least, value))).toISOString();
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([each, inner]) => [each, shown(inner, each)]));
}

describe('blocks of events', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-blocks-'));
  let server: ClickHouseServer;
  let db: ClickHouseClient;

  beforeAll(async () => {
    server = await startClickHouse({ folder });
    db = await freshDatabase(server.url);
  });
  afterAll(async () => {
    await db?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    for (const table of inputTopics) await db.command({ query: `TRUNCATE TABLE ${tableOf(table)}` });
  });

  async function read(query: string): Promise<Stored[]> {
    const clickhouse_settings = { output_format_json_quote_64bit_integers: 1, date_time_output_format: 'iso' } as const;
    return (await db.query({ query, format: 'JSONEachRow', clickhouse_settings })).json<Stored>();
  }

  it.each(inputTopics)('%s are stored as they were said', async (topic) => {
    const block = createBlock(topic) as unknown as EventBlock<InputTopic>;
    const expected = messages[topic].map((message, row) => {
      const bytes = bytesOf(topic, message, row);
      const place = { receivedAt: TIMESTAMP + row, partition: 7, offset: Number.MAX_SAFE_INTEGER - row };
      expect(block.take({ bytes, valueStart: 0, valueEnd: bytes.length, timestamp: TIMESTAMP }, place)).toBeUndefined();
      const event = judgeMessage(topic, { value: bytes, timestamp: TIMESTAMP });
      expect(isRefusal(event)).toBe(false);
      const source = { received_at: new Date(TIMESTAMP + row).toISOString(), source_partition: 7 };
      return { ...(shown(event) as object), ...source, source_offset: String(place.offset) };
    });
    await storeBlock(db, block);
    const rows = await read(`SELECT * EXCEPT stored_at FROM ${tableOf(topic)} ORDER BY received_at`);
    expect(rows).toEqual(expected);
    await storeBlock(db, block);
    expect(await read(`SELECT count() AS n FROM ${tableOf(topic)} FINAL`)).toEqual([{ n: String(expected.length) }]);
  });

  it('an event time that is allowed and cannot be held is cut', async () => {
    const block = createBlock('bugchecks');
    const bytes = bytesOf('bugchecks', { ...bugcheck, occurred_at: '2400-06-01T00:00:00Z' }, 0);
    block.take(
      { bytes, valueStart: 0, valueEnd: bytes.length, timestamp: FAR },
      { receivedAt: FAR, partition: 0, offset: 0 },
    );
    await storeBlock(db, block);
    const last = '2299-12-31T00:00:00.000Z';
    expect(await read('SELECT occurred_at, received_at FROM bugchecks')).toEqual([
      { occurred_at: last, received_at: last },
    ]);
  });

  it.each([1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])('%i different texts in one column', async (count) => {
    const block = createBlock('heartbeats');
    for (let row = 0; row < count; row++) {
      const updates = row % 2 === 0 ? [{ update_channel: `ü${row}`, update_version: `${row}` }] : [];
      const bytes = Buffer.from(
        JSON.stringify({ ...host, host_id: `${row}`, org_id: `ö${row}`, booted_at: host.occurred_at, updates }),
      );
      const place = { receivedAt: TIMESTAMP, partition: 0, offset: row };
      block.take({ bytes, valueStart: 0, valueEnd: bytes.length, timestamp: TIMESTAMP }, place);
    }
    expect([block.rows, block.slowRows]).toEqual([count, 0]);
    await storeBlock(db, block);
    const right = `host_id = toString(source_offset) AND org_id = concat('ö', host_id) AND updates = if(source_offset % 2 = 0,
      [(concat('ü', host_id), host_id)], [])`;
    const [row] = await read(
      `SELECT count() AS n, countIf(${right}) AS is_right, uniqExact(org_id) AS texts FROM heartbeats`,
    );
    expect(row).toEqual({ n: String(count), is_right: String(count), texts: String(count) });
  });

  it('an empty block stores nothing', async () => {
    for (const topic of inputTopics) await storeBlock(db, createBlock(topic) as unknown as EventBlock<InputTopic>);
    expect(await read('SELECT 1 FROM heartbeats')).toEqual([]);
  });
});

describe('ordinary traffic', () => {
  /** How many rows the messages give, and how many of them on the slow road. */
  function taken(records: Array<{ topic: InputTopic; text: string; timestamp: number }>): Record<string, number[]> {
    const blocks = inputTopics.map((topic) => createBlock(topic) as unknown as EventBlock<InputTopic>);
    for (const { topic, text, timestamp } of records) {
      const [bytes, place] = [Buffer.from(text), { receivedAt: timestamp, partition: 0, offset: 0 }];
      const block = blocks[inputTopics.indexOf(topic)]!;
      expect(block.take({ bytes, valueStart: 0, valueEnd: bytes.length, timestamp }, place)).toBeUndefined();
    }
    return Object.fromEntries(blocks.map(({ topic, rows, slowRows }) => [topic, [rows, slowRows]]));
  }

  it.each([
    ['as it is', (value: FleetRecord['value']) => value],
    [
      'with organisations beyond ASCII',
      (value: FleetRecord['value']) => ('org_id' in value ? { ...value, org_id: `Büro ${value.org_id} 医院` } : value),
    ],
  ])('the simulated fleet takes the fast road, %s', (_, changed) => {
    const records = [...playScenario('july-2024', { seed: 1, fleetSize: 120 })].map((record) => ({
      topic: record.topic,
      text: JSON.stringify(changed(record.value)),
      timestamp: record.arrivesAtMs,
    }));
    const { bugchecks, installs, heartbeats } = taken(records);
    const count = (topic: InputTopic) => records.filter((record) => record.topic === topic).length;
    expect({ bugchecks, installs, heartbeats }).toEqual({
      bugchecks: [count('bugchecks'), 0],
      installs: [count('installs'), 0],
      heartbeats: [count('heartbeats'), 0],
    });
    expect(Math.min(bugchecks![0]!, installs![0]!, heartbeats![0]!)).toBeGreaterThan(50);
  });

  it('and so do the forms that the contract gives as examples', () => {
    const codes = ['"0x50"', '"0x00000050"', '80', '4294967295'];
    const channels = ['channel-file-291', 'driver:nvlddmkm.sys', 'driver:NvLddMkm.SYS', ''];
    const texts = codes.flatMap((code) =>
      channels.map((channel) =>
        JSON.stringify({
          event_id: 'b-1',
          ...bugcheck,
          update_channel: channel,
          driver: 'CSAgent.sys',
          more: { a: [1] },
        })
          .replace('"0x50"', code)
          .replace('"0x8000000000000000"', String(MOST)),
      ),
    );
    const records = texts.map((text) => ({ topic: 'bugchecks' as const, text, timestamp: TIMESTAMP }));
    expect(taken(records)['bugchecks']).toEqual([16, 0]);
  });
});
