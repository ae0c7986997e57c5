import { settleConflicts } from '@ringwatch/audit';
import { type ErasedId, Erasures, erase, loadErasures, whereNamed } from '@ringwatch/clickhouse';
import { AuditWorld, bugcheck, heartbeat, install, iso } from '../support/audit-world';
import { runCommand } from '../support/command';

describe('Erasures', () => {
  const erasures = new Erasures([
    { kind: 'host', id: 'h1', erasedAt: 100 },
    { kind: 'org', id: 'o1', erasedAt: 200 },
  ]);
  it.each([
    ['an event of the host from before', { host_id: 'h1', org_id: 'o' }, 100, true],
    ['an event of the host from after', { host_id: 'h1', org_id: 'o' }, 101, false],
    ['an event of the org', { host_id: 'h', org_id: 'o1' }, 200, true],
    ['a host that is named like the org', { host_id: 'o1', org_id: 'o' }, 1, false],
    ['what the vendor did', { action: 'shipped' }, 1, false],
  ])('%s', (_, event, timestamp, covered) => expect(erasures.covers(event, timestamp)).toBe(covered));

  it('knows a refused message by its key or by the quoted id in its bytes', () => {
    expect(erasures.coversBytes(Buffer.from('h1'), Buffer.from('{'), 100)).toBe(true);
    expect(erasures.coversBytes(null, Buffer.from('{"host_id":"h1"'), 100)).toBe(true);
    expect(erasures.coversBytes(null, Buffer.from('{"host_id":"h12"'), 100)).toBe(false);
    expect(erasures.coversBytes(null, Buffer.from('{"host_id":"h1"'), 201)).toBe(false);
  });
});

describe('erasure', () => {
  const at = new AuditWorld();
  beforeAll(() => at.start());
  afterAll(() => at.stop());

  const gone = (target: ErasedId, letIngestKnow = () => Promise.resolve()) =>
    erase(at.db, target, { erasedAt: Date.now(), letIngestKnow });
  const tables = ['bugchecks', 'installs', 'heartbeats', 'hosts', 'channel_hosts', 'applied_updates', 'dead_letters'];
  const counts = async () =>
    Object.fromEntries(await Promise.all(tables.map(async (name) => [name, await at.count(`${name} FINAL`)])));

  const T = Date.now();
  const events = (host: string, org: string) => ({
    bugchecks: [bugcheck(`b-${host}`, { host_id: host, org_id: org, occurred_at: iso(T) })],
    installs: [install(`i-${host}`, { host_id: host, org_id: org, occurred_at: iso(T) })],
    heartbeats: [heartbeat(host, { org_id: org, occurred_at: iso(T) })],
  });
  async function fill(): Promise<void> {
    for (const [host, org] of [
      ['alice-pc', 'acme'],
      ['bob-pc', 'acme'],
      ['carol-pc', 'other'],
    ] as const)
      for (const [topic, of] of Object.entries(events(host, org))) await at.send(topic, ...of);
    const alice = { host_id: 'alice-pc', org_id: 'acme' };
    await at.world.send('bugchecks', [
      { key: 'alice-pc', value: 'no json at all' },
      { key: 'x', value: '{"host_id":"\\u0061lice-pc"}' },
      { key: 'x', value: 'broken "alice-pc" {' },
      { key: 'x', value: JSON.stringify({ ...alice, host_id: 'carol-pc', org_id: 'other' }) },
    ]);
    // A conflict, whose loser is noted.
    await at.send('installs', install('i-alice-pc', { ...alice, occurred_at: iso(T), country: 'FR' }));
    await at.send('incident-actions', {
      event_id: 'a-1',
      occurred_at: iso(T),
      incident_id: 'i',
      action: 'comment',
      actor: 'sre',
      text: 'alice-pc alice-pc (acme) is repaired, alice-pc-2 is not',
    });
    await at.ingest.take();
    await settleConflicts({ db: at.db, writer: at.writer });
    const record = {
      orgs: [
        { value: 'acme', hosts: 2 },
        { value: 'other', hosts: 1 },
      ],
      example: 'alice-pc',
      orgs_total: 2,
    };
    await at.db.insert({
      table: 'incidents',
      values: [{ incident_id: 'i', sequence: 1, record: JSON.stringify(record), evidence: JSON.stringify(record) }],
      format: 'JSONEachRow',
    });
    const sign = { noted_at: iso(T).slice(0, -1), ...alice };
    await at.db.insert({ table: 'host_lives', values: [sign], format: 'JSONEachRow' });
    await at.db.insert({ table: 'silences', values: [{ ...sign, last_sign_at: T }], format: 'JSONEachRow' });
  }

  it('leaves nothing of a host in any table, and everything of the others', async () => {
    await fill();
    expect((await whereNamed(at.db, 'alice-pc')).map(({ table }) => table)).toEqual(
      expect.arrayContaining([...tables, 'incidents', 'conflicts', 'host_lives', 'silences', 'incident_actions']),
    );
    const before = await counts();
    expect(before).toMatchObject({ bugchecks: 3, installs: 3, heartbeats: 3, hosts: 3, dead_letters: 5 });
    await gone({ kind: 'host', id: 'alice-pc' });
    expect(await whereNamed(at.db, 'alice-pc')).toEqual([]);
    expect(await counts()).toEqual({
      bugchecks: 2,
      installs: 2,
      heartbeats: 2,
      hosts: 2,
      channel_hosts: 2,
      applied_updates: 2,
      dead_letters: 1,
    });
    const [incident] = await at.rows<{ record: string }>('SELECT record FROM incidents FINAL');
    expect(JSON.parse(incident!.record)).toMatchObject({
      example: '(erased)',
      orgs: [{ value: 'acme', hosts: 2 }, {}],
    });
    expect(await at.rows('SELECT text FROM incident_actions FINAL')).toEqual([
      { text: '(erased) (erased) (acme) is repaired, alice-pc-2 is not' },
    ]);
    const marks = await at.rows<{ hour: string }>('SELECT DISTINCT toString(hour) AS hour FROM changed_hours');
    expect(marks.map(({ hour }) => hour.slice(0, 13))).toContain(iso(T).slice(0, 13).replace('T', ' '));
  });

  it('is accounted for by the audit, and what comes back is named', async () => {
    expect(await at.audit()).toMatchObject({ findings: [], counts: { erased: 8, dead_letter: 1, stored: 6 } });
    await at.ingest.take({ rewound: true });
    const kinds = (await at.audit()).findings.map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(['erased_but_stored']);
  });

  it('takes an org with its hosts, and can be done again after it was cut off', async () => {
    await expect(gone({ kind: 'org', id: 'acme' }, () => Promise.reject(new Error('killed')))).rejects.toThrow(
      'killed',
    );
    expect((await loadErasures(at.db)).covers({ host_id: 'bob-pc', org_id: 'acme' }, T)).toBe(true);
    await gone({ kind: 'org', id: 'acme' });
    expect(await whereNamed(at.db, 'acme')).toEqual([]);
    expect(await at.rows('SELECT host_id FROM hosts FINAL')).toEqual([{ host_id: 'carol-pc' }]);
    expect(await at.rows('SELECT host_id FROM applied_updates FINAL')).toEqual([{ host_id: 'carol-pc' }]);
    expect(await counts()).toMatchObject({ bugchecks: 1, installs: 1, heartbeats: 1, channel_hosts: 1 });
  });

  it('is also a command', async () => {
    expect(await runCommand(at, ['erase', '--host', 'carol-pc'])).toMatchObject({
      code: 2,
      err: expect.stringMatching('--yes'),
    });
    const found = await runCommand(at, ['erase', '--host', 'carol-pc', '--verify', '--json']);
    expect([found.code, (JSON.parse(found.out) as { erased: boolean }).erased]).toEqual([1, false]);
    const done = await runCommand(at, ['erase', '--host', 'carol-pc', '--yes']);
    expect(done).toMatchObject({ code: 0, out: 'host carol-pc: nothing left in the store\n' });
  });
});
