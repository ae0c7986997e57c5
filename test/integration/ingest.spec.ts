import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseClient, rollChangedHours } from '@ringwatch/clickhouse';
import { inputTopics } from '@ringwatch/inputs';
import { type Platform, startPlatform } from '../support/platform';
import { IngestProcess, until } from '../support/ingest-process';
import { KafkaWorld, RecordToSend } from '../support/producer';
import { freshDatabase } from '../support/tables';

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat) process.stdout.write('kcat is not installed: the test that produces with it is skipped\n');

const iso = (instant: number) => new Date(instant).toISOString();
const bugcheck = (id: string, more: object = {}) => ({
  event_id: id,
  occurred_at: iso(Date.now()),
  host_id: `host-${id}`,
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631.3880',
  bugcheck_code: '0x50',
  bugcheck_parameters: ['0x1', '0x2', '0x3', '0x4'],
  driver: 'csagent.sys',
  driver_version: '7.11',
  update_channel: 'channel-file-291',
  update_version: '32',
  ...more,
});
const heartbeat = (host: string) => ({
  occurred_at: iso(Date.now()),
  host_id: host,
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631.3880',
  booted_at: iso(Date.now()),
});
const asRecord = (event: Record<string, unknown>, more: Partial<RecordToSend> = {}): RecordToSend => ({
  key: String(event['host_id'] ?? event['update_channel']),
  value: JSON.stringify(event),
  ...more,
});
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

/** The storm: how much is sent while processes are killed. */
const EVENTS = 20_000;
const BAD = 20;
const KILLS = 5;

describe('ingest', () => {
  let platform: Platform;
  let world: KafkaWorld;
  let db: ClickHouseClient;
  let ingest: IngestProcess;
  let group = 'first-group';

  beforeAll(async () => {
    platform = await startPlatform();
    db = await freshDatabase(platform.clickhouseUrl);
    const [{ name }] = (await rows('SELECT currentDatabase() AS name')) as [{ name: string }];
    ingest = new IngestProcess(platform, name);
    await ingest.start(group);
    world = await new KafkaWorld(platform.kafkaBrokers).connect();
  });
  afterAll(async () => {
    await world?.disconnect();
    await ingest?.stop();
    await db?.close();
    await platform?.stop();
  });

  async function rows<Row = Record<string, unknown>>(query: string): Promise<Row[]> {
    const answer = await db.query({ query, format: 'JSONEachRow' });
    return answer.json<Row>();
  }
  const count = async (of: string) => Number((await rows<{ n: number }>(`SELECT count() AS n FROM ${of}`))[0]!.n);
  const bugchecks = (prefix: string) => count(`bugchecks FINAL WHERE startsWith(event_id, '${prefix}-')`);
  const closedUntil = async () =>
    new Map(
      (
        await rows<{ name: string; closed: number }>(`SELECT concat(topic, '/', toString(source_partition)) AS name,
          toUnixTimestamp64Milli(max(arrival_clocks.closed_until)) AS closed FROM arrival_clocks GROUP BY topic, source_partition`)
      ).map(({ name, closed }) => [name, Number(closed)]),
    );
  const isReadToItsEnd = async (topic: string) =>
    String(await world.committedOf(group, topic)) ===
    String((await world.endsOf(topic)).map((end) => (end === '0' ? '-1' : end)));

  it('stores a thousand good bugchecks and gives ten bad ones among them back, bytes and key untouched', async () => {
    const bad: Array<{ reason: string; field: string; value: Buffer | null }> = [
      { reason: 'not_json', field: '', value: Buffer.from('hello') },
      { reason: 'not_json', field: '', value: null },
      { reason: 'not_json', field: '', value: Buffer.alloc(0) },
      { reason: 'not_json', field: '', value: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x80, 0x0a, 0x7d]) },
      { reason: 'not_object', field: '', value: Buffer.from('["é"]') },
      { reason: 'missing_field', field: 'host_id', value: json({ ...bugcheck('x'), host_id: undefined }) },
      { reason: 'wrong_type', field: 'driver', value: json(bugcheck('x', { driver: 'a\u0000.sys' })) },
      {
        reason: 'out_of_range',
        field: 'bugcheck_parameters',
        value: json(bugcheck('x', { bugcheck_parameters: [1] })),
      },
      { reason: 'too_large', field: '', value: json(bugcheck('x', { more: 'y'.repeat(1_000_000) })) },
      {
        reason: 'too_large',
        field: '',
        value: json(bugcheck('x', { more: JSON.parse('['.repeat(32) + ']'.repeat(32)) })),
      },
    ];
    const timestamp = Date.now();
    const records = numbered('good', 1_000).map((id): RecordToSend => asRecord(bugcheck(id), { timestamp }));
    bad.forEach(({ value }, at) =>
      records.splice(97 * at + 50, 0, { key: keyOf(at), value, partition: at % 4, timestamp }),
    );
    await world.send('bugchecks', records);

    await until('all committed', () => isReadToItsEnd('bugchecks'));
    expect(await bugchecks('good')).toBe(1_000);
    expect(await count('bugchecks FINAL')).toBe(1_000);

    const inTable = await rows(`SELECT hex(key) AS key, hex(payload) AS payload, reason, field, detail, source_topic,
      source_partition, toString(source_offset) AS source_offset, toUnixTimestamp64Milli(source_timestamp) AS source_timestamp,
      dead_letters.received_at >= dead_letters.source_timestamp AS arrived FROM dead_letters FINAL ORDER BY key`);
    const inTopic = (await world.recordsOf('dead-letters')).sort((one, other) => Buffer.compare(one.key!, other.key!));
    expect(inTable).toHaveLength(10);
    expect(inTopic).toHaveLength(10);
    bad.forEach(({ reason, field, value }, at) => {
      const row = inTable[at]!;
      expect(row).toMatchObject({
        key: keyOf(at).toString('hex').toUpperCase(),
        payload: (value ?? Buffer.alloc(0)).toString('hex').toUpperCase(),
        reason,
        field,
        source_topic: 'bugchecks',
        source_partition: at % 4,
        source_timestamp: timestamp,
        arrived: 1,
      });
      const { key, value: payload, headers } = inTopic[at]!;
      expect([key, payload]).toEqual([keyOf(at), value]);
      const { detail, source_offset } = row;
      expect(headers).toEqual({
        reason,
        field,
        detail,
        source_topic: 'bugchecks',
        source_partition: String(at % 4),
        source_offset,
        source_timestamp: iso(timestamp),
      });
    });
  });

  it('counts an event once that comes three times, in other batches, partitions and spellings, and keeps its first arrival', async () => {
    const first = Date.now() - 60_000;
    const ids = numbered('again', 300);
    const occurred_at = '2026-01-31T23:59:59.9994Z';
    const spellings = [
      { occurred_at, driver: 'NVLDDMKM.sys', update_channel: 'driver:NvLddMkm.sys', bugcheck_code: 80 },
      { occurred_at: '2026-02-01T00:59:59.999+01:00', driver: 'nvlddmkm.SYS', update_channel: 'driver:nvlddmkm.SYS' },
      {
        occurred_at,
        driver: 'nvlddmkm.sys',
        update_channel: 'driver:nvlddmkm.sys',
        bugcheck_code: '0x00000050',
        newer: [],
      },
    ];
    const received = `SELECT event_id, toUnixTimestamp64Milli(received_at) AS at, toString(occurred_at) AS occurred_at
      FROM bugchecks FINAL WHERE startsWith(event_id, 'again-') ORDER BY event_id`;
    const seen: unknown[] = [];
    for (const [round, spelling] of spellings.entries()) {
      const records = ids.map((id) =>
        asRecord(bugcheck(id, spelling), { key: `${round}-${id}`, partition: round, timestamp: first + round * 1_000 }),
      );
      await world.send('bugchecks', round === 2 ? [...records, ...records].reverse() : records);
      await until('all committed', () => isReadToItsEnd('bugchecks'));
      seen.push(await rows(received));
    }
    expect(seen[0]).toHaveLength(300);
    expect(seen[0]).toContainEqual(expect.objectContaining({ occurred_at: '2026-01-31 23:59:59.999' }));
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    await rollChangedHours(db);
    const counted = `SELECT sum(crashes) AS crashes, sum(hosts) AS hosts FROM crashes_per_hour FINAL WHERE driver = 'nvlddmkm.sys'`;
    expect(await rows(counted)).toEqual([{ crashes: 300, hosts: 300 }]);
  });

  it('stores every field of all four inputs exactly', async () => {
    const at = Date.now() - 5_000;
    const common = { occurred_at: iso(at), host_id: 'exact-ü😀', org_id: 'o', country: 'ZZ', os_build: '"\\' };
    const update = { update_channel: 'driver:A.SYS', update_version: "1'; --" };
    const numbers =
      '"bugcheck_parameters":[18446744073709551615,"0xFFFFFFFFFFFFFFFF",9007199254740993,0],"fault_offset":9007199254740993';
    const crash = {
      ...common,
      ...update,
      event_id: 'exact-1',
      bugcheck_code: 4294967295,
      driver: 'A.SYS',
      driver_version: '',
    };
    const recent_updates = [
      { ...update, applied_at: '2026-01-01T00:00:00+01:00' },
      { ...update, update_channel: 'c', applied_at: iso(at) },
    ];
    const whole = JSON.stringify({ ...crash, uptime_seconds: 0, recent_updates }).replace('{', `{${numbers},`);
    const release = { ...update, event_id: 'exact-2', occurred_at: iso(at), action: 'expanded' };
    const told = {
      driver: 'A.sys',
      replaces: '0.9',
      ring: 'r1',
      target_fraction: 0.1,
      vendor: 'v',
      title: 't\u2028',
      content_sha256: 'ab',
    };
    const install = {
      ...common,
      ...update,
      event_id: 'exact-3',
      outcome: 'removed',
      driver: 'A.sys',
      driver_version: '1.0',
    };
    const beat = {
      ...common,
      booted_at: '1601-01-01T00:00:00Z',
      updates: [update, { update_channel: 'c', update_version: '2' }],
    };
    await world.send('bugchecks', [{ key: 'exact', value: whole, timestamp: at }]);
    await world.send('updates', [asRecord({ ...release, ...told }, { timestamp: at })]);
    await world.send('installs', [asRecord(install, { timestamp: at })]);
    await world.send('heartbeats', [asRecord(beat, { timestamp: at })]);
    for (const topic of inputTopics) await until(`${topic} committed`, () => isReadToItsEnd(topic));

    const stored = async (table: string, where: string) => {
      const [row] = await rows(
        `SELECT * REPLACE (toUnixTimestamp64Milli(occurred_at) AS occurred_at) FROM ${table} FINAL WHERE ${where}`,
      );
      return row;
    };
    const canonical = { ...update, update_channel: 'driver:a.sys' };
    expect(await stored('bugchecks', "event_id = 'exact-1'")).toMatchObject({
      ...common,
      ...canonical,
      occurred_at: at,
      bugcheck_code: 4294967295,
      driver: 'a.sys',
      driver_version: '',
      recent_updates: [
        { ...canonical, applied_at: '2025-12-31 23:00:00.000' },
        {
          update_channel: 'c',
          update_version: update.update_version,
          applied_at: iso(at).slice(0, 23).replace('T', ' '),
        },
      ],
    });
    const exact = `SELECT toString(bugcheck_parameters) AS parameters, toString(fault_offset) AS fault_offset,
      toString(uptime_seconds) AS uptime FROM bugchecks FINAL WHERE event_id = 'exact-1'`;
    expect(await rows(exact)).toEqual([
      {
        parameters: '[18446744073709551615,18446744073709551615,9007199254740993,0]',
        fault_offset: '9007199254740993',
        uptime: '0',
      },
    ]);
    const missing =
      "SELECT fault_offset, uptime_seconds, recent_updates FROM bugchecks FINAL WHERE event_id = 'good-0'";
    expect(await rows(missing)).toEqual([{ fault_offset: null, uptime_seconds: null, recent_updates: [] }]);
    expect(await stored('updates', "event_id = 'exact-2'")).toMatchObject({
      ...release,
      ...canonical,
      ...told,
      driver: 'a.sys',
      occurred_at: at,
    });
    expect(await stored('installs', "event_id = 'exact-3'")).toMatchObject({
      ...install,
      ...canonical,
      driver: 'a.sys',
      occurred_at: at,
    });
    expect(await stored('heartbeats', "host_id = 'exact-ü😀'")).toMatchObject({
      ...common,
      occurred_at: at,
      booted_at: '1900-01-01 00:00:00.000',
      updates: [canonical, { update_channel: 'c', update_version: '2' }],
    });
  });

  it('takes a record whose timestamp no calendar holds for a bad message, not for its end', async () => {
    const before = await count('dead_letters FINAL');
    await world.send('installs', [{ ...asRecord(bugcheck('wild')), value: 'wild', timestamp: '-4611686018427387904' }]);
    await world.send('installs', [{ ...asRecord(bugcheck('wild')), value: 'none', timestamp: -1 }]);
    await until('all committed', () => isReadToItsEnd('installs'));
    expect((await count('dead_letters FINAL')) - before).toBe(2);
  });

  it('lets arrival time go on in partitions that are idle, also behind the marks of transactions', async () => {
    const update = {
      event_id: 'in-a-transaction',
      occurred_at: iso(Date.now()),
      action: 'paused',
      update_channel: 'c',
      update_version: '1',
    };
    await world.sendInTransaction('updates', [asRecord(update)], 'commit');
    await world.sendInTransaction('updates', [asRecord({ ...update, event_id: 'aborted' })], 'abort');
    const timestamp = Date.now() + 1_000;
    await world.send('heartbeats', [asRecord(heartbeat('h'), { timestamp, partition: 1 })]);
    await until(
      'all partitions closed up to the last record',
      async () => Math.min(...(await closedUntil()).values()) >= timestamp,
    );
    const closed = await closedUntil();
    expect([...closed.keys()].sort()).toEqual(
      [
        'updates/0',
        'incident-actions/0',
        ...['bugchecks', 'installs', 'heartbeats'].flatMap((topic) => [0, 1, 2, 3].map((at) => `${topic}/${at}`)),
      ].sort(),
    );
    expect(new Set(closed.values())).toEqual(new Set([timestamp]));
    expect(await rows("SELECT event_id FROM updates FINAL WHERE event_id IN ('aborted', 'in-a-transaction')")).toEqual([
      { event_id: 'in-a-transaction' },
    ]);
  });

  it('closes no arrival time before what arrives later, however far the clocks of producers are apart', async () => {
    const watched = watchClosing('apart');
    for (let portion = 0; portion < 50; portion++) {
      const now = Date.now();
      const records = numbered(`apart-${portion}`, 40).map((id, at) =>
        asRecord(bugcheck(id), {
          timestamp: now - (at % 2) * 900 - Math.floor(Math.random() * 200),
          partition: at % 4,
        }),
      );
      await world.send('bugchecks', records);
      await world.send('heartbeats', [asRecord(heartbeat('apart'), { timestamp: now })]);
      await sleep(Math.random() * 150);
    }
    await until('all committed', () => isReadToItsEnd('bugchecks'));
    expect(await bugchecks('apart')).toBe(2_000);
    await watched.check();
  });

  (hasKcat ? it : it.skip)('takes what kcat produces', async () => {
    const lines = numbered('kcat', 500).map((id) => JSON.stringify(bugcheck(id)));
    lines.splice(250, 0, 'not json');
    const before = await count('dead_letters FINAL');
    const args = ['-P', '-b', platform.kafkaBrokers.join(','), '-t', 'bugchecks', '-k', 'host-of-kcat', '-z', 'none'];
    const { status, stderr } = spawnSync('kcat', args, { input: lines.join('\n'), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    await until('all committed', () => isReadToItsEnd('bugchecks'));
    expect(await bugchecks('kcat')).toBe(500);
    expect((await count('dead_letters FINAL')) - before).toBe(1);
  });

  it('loses nothing and doubles nothing over kill -9 of ingest and of ClickHouse, and closes no arrival time too early', async () => {
    const watched = watchClosing('storm');
    const cut: number[] = [];
    const producing = produceStorm(() => cut.length);
    const killClickHouse = async () => {
      await platform.clickhouse.kill();
      await sleep(Math.random() * 300);
      await platform.clickhouse.start();
    };
    // The last one goes on in its own group, which waits until the session of the killed member is over, 10 s.
    for (const nextGroup of ['second-group', 'third-group', 'fourth-group', 'fifth-group', 'fifth-group']) {
      const reached = await bugchecks('storm');
      const isMoreStored = async () => (await bugchecks('storm')) > reached;
      const seen = watched.states();
      const isMoreClosed = async () => watched.states() > seen && (await isMoreStored());
      // The producer waits for the next kill, so that there may be no more to store.
      await until(
        'some more stored and closed',
        async () => (await isMoreClosed()) || isReadToItsEnd('bugchecks'),
        60_000,
      );
      await sleep(Math.random() * 400);
      const killing = cut.length % 2 === 1 ? killClickHouse() : undefined;
      await sleep(Math.random() * 50);
      await ingest.kill();
      await killing;
      cut.push(await bugchecks('storm'));
      if (nextGroup !== group) await world.handOver(group, nextGroup, 'bugchecks');
      group = nextGroup;
      await ingest.start(group);
      if (cut.length > 2) continue;
      await sleep(Math.random() * 500);
      await killClickHouse();
    }
    await producing;
    await until('all committed', () => isReadToItsEnd('bugchecks'), 120_000);
    for (const topic of inputTopics) await until(`${topic} committed`, () => isReadToItsEnd(topic));

    process.stdout.write(
      `stored at each kill: ${cut.join(', ')} of ${EVENTS}; rows with copies: ${await count('bugchecks')}\n`,
    );
    expect(cut.every((stored) => stored > 0 && stored < EVENTS)).toBe(true);
    await checkStorm();
    await watched.check();

    // Read again from the beginning: nothing changes.
    await ingest.kill();
    group = 'rewound-group';
    await ingest.start(group);
    for (const topic of inputTopics) await until(`${topic} committed`, () => isReadToItsEnd(topic));
    await checkStorm();
  }, 400_000);

  async function checkStorm(): Promise<void> {
    expect(await bugchecks('storm')).toBe(EVENTS);
    expect(await count("(SELECT DISTINCT event_id FROM bugchecks WHERE startsWith(event_id, 'storm-'))")).toBe(EVENTS);
    await rollChangedHours(db);
    const counted = `SELECT sum(crashes) AS crashes FROM crashes_per_5_minutes FINAL WHERE driver = 'storm.sys'`;
    expect(await rows(counted)).toEqual([{ crashes: EVENTS }]);
    expect(await count("dead_letters FINAL WHERE startsWith(payload, 'storm ')")).toBe(BAD);
    const inTopic = (await world.recordsOf('dead-letters')).map(({ value }) => String(value));
    expect(new Set(inTopic.filter((value) => value.startsWith('storm '))).size).toBe(BAD);
  }

  it('is not ready while a table takes nothing although both servers answer, commits nothing, and goes on by itself', async () => {
    expect((await ingest.readiness()).status).toBe(200);
    const before = await world.committedOf(group, 'updates');
    await db.command({ query: 'ALTER TABLE updates ADD CONSTRAINT nothing_may_come CHECK 0' });
    const update = { event_id: 'waits', occurred_at: iso(Date.now()), action: 'paused', update_channel: 'c' };
    await world.send('updates', [asRecord({ ...update, update_version: '1' })]);
    await until('not ready', async () => (await ingest.readiness()).status === 503, 15_000);
    expect(JSON.parse((await ingest.readiness()).body)).toMatchObject({
      error: { progress: { status: 'down', reason: expect.stringContaining('updates/0 stands at offset') } },
    });
    expect(await world.committedOf(group, 'updates')).toEqual(before);
    await db.command({ query: 'ALTER TABLE updates DROP CONSTRAINT nothing_may_come' });
    await until('ready', async () => (await ingest.readiness()).status === 200);
    expect(await count("updates FINAL WHERE event_id = 'waits'")).toBe(1);
  });

  it('stops at a run of poison, says so, leaves what is behind it in the topic and goes on elsewhere', async () => {
    const before = BigInt((await world.endsOf('updates'))[0]!);
    const dead = await count('dead_letters FINAL');
    for (let portion = 0; portion < 10; portion++)
      await world.send(
        'updates',
        numbered('poison', 500).map((value) => ({ value: `${value} ${randomBytes(60).toString('hex')}` })),
      );
    const update = {
      event_id: 'behind-the-poison',
      occurred_at: iso(Date.now()),
      action: 'paused',
      update_channel: 'c',
      update_version: '1',
    };
    await world.send('updates', [asRecord(update)]);
    await until('not ready', async () => (await ingest.readiness()).status === 503);
    expect(JSON.parse((await ingest.readiness()).body)).toMatchObject({
      error: { refusals: { status: 'down', reason: expect.stringContaining('stopped reading updates[0]') } },
    });
    const errors = () => ingest.said.filter(({ level, msg }) => level === 'error' && msg === 'partition stopped');
    expect(errors()).toEqual([expect.objectContaining({ topic: 'updates', partition: 0 })]);

    await world.send(
      'heartbeats',
      numbered('beside-the-poison', 100).map((host) => asRecord(heartbeat(host))),
    );
    await until(
      'heartbeats stored',
      async () => (await count("heartbeats FINAL WHERE startsWith(host_id, 'beside-the-poison')")) === 100,
    );
    const committed = BigInt((await world.committedOf(group, 'updates'))[0]!);
    expect(committed - before).toBeLessThan(2_000n);
    expect(BigInt(await count('dead_letters FINAL')) - BigInt(dead)).toBe(committed - before);
    expect(await count("updates FINAL WHERE event_id = 'behind-the-poison'")).toBe(0);
    expect(errors()).toHaveLength(1);
  });

  /** Two producers whose clocks differ, in portions, with bad messages among them. Each sixth waits for the kill before it. */
  async function produceStorm(kills: () => number): Promise<void> {
    const portion = 500;
    for (let at = 0; at < EVENTS; at += portion) {
      await until('a kill', () => at < ((kills() + 1) * EVENTS) / (KILLS + 1), 120_000);
      const now = Date.now();
      const records = Array.from({ length: portion }, (_, index) => {
        const timestamp = now - (index % 2) * 700 - Math.floor(Math.random() * 300);
        return asRecord(bugcheck(`storm-${at + index}`, { driver: 'storm.sys' }), { timestamp });
      });
      if ((at / portion) % (EVENTS / portion / BAD) === 0) records.push({ value: `storm ${at}`, timestamp: now });
      await world.send('bugchecks', records);
      await world.send('heartbeats', [asRecord(heartbeat(`storm-${at}`), { timestamp: now })]);
      await sleep(100);
    }
  }

  /** Looks at what is closed and what is stored below it, again and again; nothing may come below later. */
  function watchClosing(prefix: string) {
    const looks = new Map<string, { question: string; stored: unknown }>();
    const look = async () => {
      const closed = await closedUntil();
      const below = [0, 1, 2, 3].map((partition) => {
        const until = closed.get(`bugchecks/${partition}`) ?? 0;
        return `toUInt32(countIf(source_partition = ${partition} AND toUnixTimestamp64Milli(received_at) < ${until})) AS p${partition}`;
      });
      const question = `SELECT ${below.join()} FROM bugchecks FINAL WHERE startsWith(event_id, '${prefix}-')`;
      const seen = { question, stored: await rows(question) };
      looks.set(JSON.stringify(seen), seen);
    };
    let isOn = true;
    const looking = (async () => {
      for (; isOn; await sleep(40)) await look().catch(() => undefined); // ClickHouse is killed now and then
    })();
    const check = async () => {
      isOn = false;
      await looking;
      expect(looks.size).toBeGreaterThan(2);
      for (const { question, stored } of looks.values())
        expect([question, await rows(question)]).toEqual([question, stored]);
    };
    return { check, states: () => looks.size };
  }
});

function json(event: object): Buffer {
  return Buffer.from(JSON.stringify(event));
}

function keyOf(at: number): Buffer {
  return Buffer.from([0xff, 0x00, at]);
}
