import {
  type AuditReport,
  Auditor,
  type Finding,
  auditLetters,
  auditStates,
  canonicalPayload,
  settleConflicts,
} from '@ringwatch/audit';
import { contentOf } from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics, isRefusal, judgeMessage, tableOf } from '@ringwatch/inputs';
import { AuditWorld, GROUP, bugcheck, heartbeat, install, iso, shipped } from '../support/audit-world';
import { until } from '../support/ingest-process';

const named = (findings: readonly Finding[]) =>
  findings.map(({ kind, topic, partition, offset }) => `${kind} ${topic}[${partition}]@${offset}`).sort();

describe('the audit of the log', () => {
  const at = new AuditWorld();
  beforeAll(() => at.start());
  afterAll(() => at.stop());

  const where = async (table: string, condition: string) => {
    const [row] = await at.rows<{ p: number; o: number }>(
      `SELECT source_partition AS p, source_offset AS o FROM ${table} FINAL WHERE ${condition}`,
    );
    return `${table}[${row!.p}]@${row!.o}`;
  };

  it('finds nothing where nothing is', async () => {
    expect(await at.audit()).toMatchObject({ findings: [], counts: { stored: 0 } });
  });

  it('accounts for every message of a good world', async () => {
    const now = Date.now();
    const full = bugcheck('full', {
      fault_offset: '0xFFFFFFFFFFFFFFFF',
      uptime_seconds: 0,
      recent_updates: [
        { update_channel: 'driver:A.sys', update_version: "it's é\\", applied_at: '1601-01-01T00:00:00Z' },
      ],
    });
    await at.send('bugchecks', full, bugcheck('a'), bugcheck('b'), bugcheck('c', { occurred_at: iso(now) }));
    await at.send('bugchecks', bugcheck('c', { occurred_at: iso(now) }));
    await at.send('installs', install('i'), install('j', { outcome: 'failed', driver: 'A.sys' }));
    await at.send('updates', shipped('u'), shipped('v', { target_fraction: undefined, title: '«é»' }));
    await at.send(
      'heartbeats',
      heartbeat('h'),
      heartbeat('k', { updates: undefined, booted_at: '1601-01-01T00:00:00Z' }),
    );
    await at.world.send('bugchecks', [
      { key: 'x', value: Buffer.from([0xff, 0x00]), partition: 1 },
      { key: null, value: null, partition: 2 },
    ]);
    await at.world.sendInTransaction('installs', [at.record(install('aborted'), { partition: 3 })], 'abort');
    await at.world.sendInTransaction('installs', [at.record(install('committed'), { partition: 3 })], 'commit');
    await at.ingest.take();
    // The copy of `c` is gone at the latest when the parts are merged.
    await at.do('OPTIMIZE TABLE bugchecks FINAL');
    expect(await at.audit()).toEqual({
      findings: [],
      counts: { stored: 11, duplicate: 1, conflict: 0, dead_letter: 2, erased: 0, expired: 0 },
    });
  });

  it('names a message whose row is gone, and one whose dead letter is gone', async () => {
    const row = await where('bugchecks', "event_id = 'a'");
    const beat = await where('heartbeats', "host_id = 'h'");
    await at.do("ALTER TABLE bugchecks DELETE WHERE event_id = 'a'");
    await at.do("ALTER TABLE heartbeats DELETE WHERE host_id = 'h'");
    await at.do("ALTER TABLE dead_letters DELETE WHERE source_topic = 'bugchecks' AND source_partition = 1");
    const { findings, counts } = await at.audit();
    const letter = findings.find(({ detail }) => detail.startsWith('no dead letter: not_json'))!;
    expect(letter.partition).toBe(1);
    expect(named(findings)).toEqual(
      [`missing ${row}`, `missing ${beat}`, `missing bugchecks[1]@${letter.offset}`].sort(),
    );
    expect(counts).toMatchObject({ stored: 9, dead_letter: 1 });
    await at.ingest.take({ rewound: true });
    expect((await at.audit()).findings).toEqual([]);
  });

  it('names a row that says something else, rows that no message explains, and other bytes of a dead letter', async () => {
    const changed = await where('installs', "event_id = 'i'");
    await at.do("INSERT INTO installs SELECT * REPLACE ('FR' AS country) FROM installs WHERE event_id = 'i'");
    await at.do("ALTER TABLE installs DELETE WHERE event_id = 'i' AND country = 'DE'");
    const refused = await at.rows<{ o: number }>(
      'SELECT source_offset AS o FROM dead_letters FINAL WHERE source_partition = 2',
    );
    await at.do("ALTER TABLE dead_letters UPDATE payload = 'other' WHERE source_partition = 2");
    const partition = Number(changed.match(/\[(\d)/)![1]);
    await at.do(`INSERT INTO updates (event_id, occurred_at, received_at, action, update_channel, update_version, source_partition,
      source_offset) SELECT 'ghost', occurred_at, received_at, action, 'ghost', '1', 0, 0 FROM updates WHERE event_id = 'u'`);
    const [mark] = (await at.world.endsOf('installs')).map(Number).slice(3); // the last offset is the mark of a transaction
    await at.do(`INSERT INTO installs (event_id, occurred_at, received_at, host_id, source_partition, source_offset)
      VALUES ('nowhere', now(), now(), 'h', 3, ${mark! - 1})`);
    const { findings } = await at.audit();
    expect(named(findings)).toEqual(
      [
        `missing installs[${partition}]@${changed.split('@')[1]}`,
        `other_content installs[${partition}]@${changed.split('@')[1]}`,
        'other_content updates[0]@0',
        `extra_row installs[3]@${mark! - 1}`,
        `letter_differs bugchecks[2]@${refused[0]!.o}`,
      ].sort(),
    );
    await at.do("ALTER TABLE updates DELETE WHERE event_id = 'ghost'");
    await at.do("ALTER TABLE installs DELETE WHERE event_id IN ('nowhere', 'i')");
    await at.do('ALTER TABLE dead_letters DELETE WHERE source_partition = 2');
    await at.ingest.take({ rewound: true });
    expect((await at.audit()).findings).toEqual([]);
  });

  it('names a refused message that has a row instead of a dead letter', async () => {
    await at.world.send('updates', [{ key: 'x', value: '[]' }]);
    await at.ingest.take({ drops: () => true });
    const offset = Number((await at.world.endsOf('updates'))[0]) - 1;
    await at.do(`INSERT INTO updates (event_id, occurred_at, received_at, source_partition, source_offset)
      VALUES ('bad', now(), now(), 0, ${offset})`);
    expect(named((await at.audit()).findings)).toEqual([`refused_but_stored updates[0]@${offset}`]);
    await at.do("ALTER TABLE updates DELETE WHERE event_id = 'bad'");
    await at.ingest.take({ rewound: true });
  });

  it('names a dead letter of the table that the topic does not have', async () => {
    const findings: Finding[] = [];
    const audit = () => auditLetters({ kafka: at.kafka, db: at.db, onFinding: (each) => findings.push(each) }, 0);
    expect(await audit()).toBe(3);
    expect(findings).toEqual([]);
    await at.do(
      "INSERT INTO dead_letters (source_topic, source_partition, source_offset) VALUES ('installs', 1, 4711)",
    );
    await audit();
    expect(named(findings)).toEqual(['letter_not_in_topic installs[1]@4711']);
    await at.do('ALTER TABLE dead_letters DELETE WHERE source_offset = 4711');
  });

  it('takes what is older than the store keeps for expired', async () => {
    const old = Date.now() - 8 * 24 * 3_600_000;
    await at.world.send('heartbeats', [at.record(heartbeat('old', { occurred_at: iso(old) }), { timestamp: old })]);
    await at.ingest.take({ drops: () => true });
    expect(await at.audit()).toMatchObject({ findings: [], counts: { expired: 1 } });
  });
});

describe('the audit of conflicts', () => {
  const at = new AuditWorld();
  beforeAll(() => at.start());
  afterAll(() => at.stop());

  let marked: number[] = [];
  const settle = (more: object = {}) =>
    settleConflicts({ db: at.db, writer: at.writer, markHours: async (hours) => void marked.push(...hours), ...more });
  const letters = () =>
    at.rows(
      "SELECT source_topic, source_partition, source_offset, payload FROM dead_letters FINAL WHERE reason = 'conflict' ORDER BY ALL",
    );

  const T = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;
  const act = { event_id: 'c', incident_id: 'content-a-1-0', actor: 'ann' };
  const pairs: Record<InputTopic, [Record<string, unknown>, Record<string, unknown>]> = {
    bugchecks: [
      bugcheck('c', { occurred_at: iso(T) }),
      bugcheck('c', { occurred_at: iso(T - 3_600_000 * 1_000), driver: 'other.sys' }),
    ],
    updates: [
      shipped('c', { occurred_at: iso(T) }),
      shipped('c', { occurred_at: iso(T - 5), update_channel: 'wrong' }),
    ],
    installs: [
      install('c', { occurred_at: iso(T), host_id: 'right' }),
      install('c', { occurred_at: iso(T), host_id: 'wrong', update_channel: 'wrong' }),
    ],
    heartbeats: [
      heartbeat('h', { occurred_at: iso(T), updates: [] }),
      heartbeat('h', { occurred_at: iso(T), updates: [{ update_channel: 'wrong', update_version: '1' }] }),
    ],
    'incident-actions': [
      { ...act, occurred_at: iso(T), action: 'mute', muted_until: iso(Date.now() + 3_600_000) },
      { ...act, occurred_at: iso(T), action: 'comment', text: 'of another producer' },
    ],
  };

  it('finds the same id with other content in all inputs, and keeps what arrived first', async () => {
    const timestamp = Date.now();
    for (const topic of inputTopics) {
      const [first, second] = pairs[topic];
      await at.world.send(topic, [at.record(first, { partition: 0, timestamp })]);
      await at.world.send(topic, [at.record(second, { partition: 0, timestamp: timestamp + 1 })]);
      await at.world.send(topic, [at.record(first, { partition: 0, timestamp: timestamp + 2 })]); // a copy is no conflict
    }
    await at.ingest.take();
    expect(await settle()).toEqual({ bugchecks: 1, updates: 1, installs: 1, heartbeats: 1, 'incident-actions': 1 });
    for (const topic of inputTopics) {
      expect([topic, await at.count(`${tableOf(topic)} FINAL`)]).toEqual([topic, 1]);
      expect(await at.count(`${tableOf(topic)} FINAL WHERE source_offset = 0`)).toBe(1);
    }
    expect(marked).toEqual([T - 3_600_000 * 1_000]);
    const { counts, findings } = await at.audit();
    expect(findings).toEqual([]);
    expect([counts.stored + counts.duplicate, counts.conflict]).toEqual([10, 5]);
    expect(await at.rows('SELECT update_channel FROM known_updates FINAL')).toEqual([{ update_channel: 'content-a' }]);
    expect(await at.rows('SELECT DISTINCT host_id FROM applied_updates')).toEqual([{ host_id: 'right' }]);
    expect(await at.rows("SELECT host_id FROM hosts FINAL WHERE host_id = 'wrong'")).toEqual([]);
    expect(await at.rows("SELECT * FROM channel_hosts FINAL WHERE update_channel = 'wrong'")).toEqual([]);
  });

  it('keeps the loser as canonical JSON that is the same event, in topic and table', async () => {
    const inTable = await letters();
    expect(inTable).toHaveLength(5);
    const inTopic = (await at.world.recordsOf('dead-letters')).filter(
      ({ headers }) => headers['reason'] === 'conflict',
    );
    for (const topic of inputTopics) {
      const [, loser] = pairs[topic];
      const told = judgeMessage(topic, { value: Buffer.from(JSON.stringify(loser)), timestamp: Date.now() });
      const payload = inTable.find(({ source_topic }) => source_topic === topic)!['payload'] as string;
      expect(payload).toBe(canonicalPayload(topic, contentOf(topic, told as never)).toString());
      const again = judgeMessage(topic, { value: Buffer.from(payload), timestamp: Date.now() });
      expect([isRefusal(again), again]).toEqual([false, told]);
      expect(inTopic.find(({ headers }) => headers['source_topic'] === topic)!.value!.toString()).toBe(payload);
    }
  });

  it('settles a loser that a rewind brings back, without another row in dead_letters', async () => {
    await at.ingest.take({ rewound: true });
    expect(await at.count("bugchecks FINAL WHERE event_id = 'c'")).toBe(2);
    const before = await letters();
    expect(await settle()).toEqual({ bugchecks: 1, updates: 1, installs: 1, heartbeats: 1, 'incident-actions': 1 });
    expect(await letters()).toEqual(before);
    for (const topic of inputTopics) expect(await at.count(`${tableOf(topic)} FINAL`)).toBe(1);
    expect((await at.audit()).findings).toEqual([]);
  });

  it('takes a loser that is told once more, under another offset, for a copy of the first', async () => {
    const before = await letters();
    const [, loser] = pairs.installs;
    await at.world.send('installs', [at.record(loser, { partition: 1 })]);
    await at.ingest.take();
    expect(await settle()).toMatchObject({ installs: 1 });
    expect(await letters()).toEqual(before);
    expect((await at.audit()).findings).toEqual([]);
  });

  it('takes up a settlement that was cut off', async () => {
    await at.send(
      'bugchecks',
      bugcheck('cut', { occurred_at: iso(T) }),
      bugcheck('cut', { occurred_at: iso(T + 7_200_000) }),
    );
    await at.ingest.take();
    marked = [];
    await expect(settle({ markHours: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed');
    expect(await at.count("bugchecks FINAL WHERE event_id = 'cut'")).toBe(1);
    expect(await at.count('conflicts FINAL WHERE settled = 0')).toBe(1);
    await settle();
    expect(marked).toHaveLength(1);
    expect(await at.count('conflicts FINAL WHERE settled = 0')).toBe(0);
  });

  it('looks at what came since, and finds again what is far back only when asked to look at the whole', async () => {
    await at.do('ALTER TABLE bugchecks DELETE WHERE 1');
    const columns = 'event_id, occurred_at, received_at, host_id, source_partition, source_offset, stored_at';
    await at.do(`INSERT INTO bugchecks (${columns}) VALUES ('old', now(), now(), 'a', 0, 900, now() - 3600)`);
    await at.do(`INSERT INTO bugchecks (${columns}) VALUES ('old', now(), now(), 'b', 0, 901, now() - 3600)`);
    expect(await settle()).toMatchObject({ bugchecks: 0 });
    expect(await settle({ whole: true })).toMatchObject({ bugchecks: 1 });
  });
});

describe('the audit of states', () => {
  const at = new AuditWorld();
  beforeAll(() => at.start());
  afterAll(() => at.stop());

  async function differences(repair = true): Promise<string[]> {
    const findings: Finding[] = [];
    await auditStates({ db: at.db, onFinding: (each) => findings.push(each), repair });
    return findings.map(({ topic, detail }) => `${topic} ${detail.replace(', made right from raw', '')}`).sort();
  }
  const states = ['hosts', 'channel_hosts', 'applied_updates', 'known_updates'];
  const all = () => Promise.all(states.map((table) => at.rows(`SELECT * FROM ${table} FINAL ORDER BY ALL`)));

  it('finds states that are missing, late or unexplained, and makes them right', async () => {
    await at.send('installs', install('1'), install('2'), install('3', { outcome: 'failed' }));
    await at.send('heartbeats', heartbeat('host-1'), heartbeat('beats'));
    await at.send('updates', shipped('u', { update_channel: 'content-b' }));
    await at.ingest.take();
    for (const table of states) await at.do(`OPTIMIZE TABLE ${table} FINAL`);
    const right = await all();
    expect(await differences()).toEqual([]);

    await at.do("ALTER TABLE hosts DELETE WHERE host_id = 'beats'");
    await at.do("ALTER TABLE hosts UPDATE last_seen_at = '2000-01-01' WHERE host_id = 'host-1'");
    await at.do("ALTER TABLE channel_hosts UPDATE first = (now64(3) + 60, now64(3)) WHERE host_id = 'host-2'");
    await at.do("INSERT INTO applied_updates VALUES ('ghost', '1', 'nobody', (now64(3), now64(3)))");
    await at.do("INSERT INTO known_updates VALUES ('content-b', '1', (now64(3) - 3600, now64(3)))");
    const broken = [
      'applied_updates unexplained: ghost 1 nobody',
      'channel_hosts late: content-a host-2',
      'hosts late: host-1',
      'hosts missing: beats',
      'known_updates unexplained: content-b 1',
    ];
    expect(await differences(false)).toEqual(broken);
    expect(await differences()).toEqual(broken);
    expect(await differences()).toEqual([]);
    expect(await all()).toEqual(right);
  });

  it('does not call a state unexplained whose row may have expired', async () => {
    await at.do("INSERT INTO hosts VALUES ('long-ago', (now64(3) - 864000, now64(3), 'o', 'DE', 'b'), now64(3))");
    expect(await differences()).toEqual([]);
  });
});

describe('the auditor', () => {
  const at = new AuditWorld();
  beforeAll(() => at.start());
  afterAll(() => at.stop());

  it('settles, finds what is new once, goes on from there, and stands still while ingest is behind', async () => {
    const findings: Finding[] = [];
    const reports: AuditReport[] = [];
    const failures: unknown[] = [];
    let behind = false;
    const auditor = new Auditor({
      kafka: at.kafka,
      db: at.db,
      writer: at.writer,
      groupId: GROUP,
      isBehind: () => behind,
      onFinding: (finding) => findings.push(finding),
      onReport: (report) => reports.push(report),
      onFailure: (error) => failures.push(error),
      share: 1,
      everyMs: 50,
    });
    const counts = () => Object.fromEntries(reports.map(({ audit, counts: of }) => [audit, of]));

    await at.send('bugchecks', bugcheck('a'), bugcheck('lost'), bugcheck('twice'), bugcheck('twice', { driver: 'x' }));
    await at.ingest.take({ drops: (_, { value }) => String(value).includes('lost') });
    await at.ingest.commit();
    await auditor.round(true);
    expect(failures).toEqual([]);
    expect(named(findings)).toEqual([expect.stringMatching(/^missing bugchecks/)]);
    expect(findings[0]!.detail).toContain('event_id lost');
    expect(counts()).toMatchObject({ conflicts: { bugchecks: 1 }, log: { stored: 2, conflict: 1 } });
    expect(Object.keys(counts()).sort()).toEqual(['conflicts', 'letters', 'log', 'rollups', 'states']);

    await auditor.round(false); // what was looked at is not looked at again
    expect([findings.length, counts()['log']]).toEqual([1, expect.objectContaining({ stored: 0 })]);

    behind = true;
    const rounds = reports.length;
    auditor.start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(reports).toHaveLength(rounds);
    behind = false;
    await until('a round is done', () => reports.length > rounds);
    await auditor.stop();
    expect(auditor.secondsSinceRound()).toBeLessThan(60);
    expect(failures).toEqual([]);
  });
});
