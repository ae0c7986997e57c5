import { redrive } from '@ringwatch/audit';
import { countDeadLetters } from '@ringwatch/clickhouse';
import { AuditWorld, bugcheck, install } from '../support/audit-world';
import { runCommand } from '../support/command';

describe('dead letters', () => {
  const at = new AuditWorld();
  beforeAll(() => at.start());
  afterAll(() => at.stop());

  const old = Date.now() - 3_600_000;
  const valid = JSON.stringify(bugcheck('fixed'));
  const redriveAll = (selection: object, dryRun = false) =>
    redrive({ db: at.db, writer: at.writer, selection, dryRun });
  const ends = async () => (await at.world.endsOf('bugchecks')).reduce((sum, end) => sum + Number(end), 0);

  beforeAll(async () => {
    await at.world.send('bugchecks', [
      { key: 'host-fixed', value: valid, partition: 2, timestamp: old },
      { key: 'x', value: JSON.stringify(bugcheck('bad', { driver: undefined })) },
      { key: 'x', value: JSON.stringify(bugcheck('bad', { driver: undefined })) },
      { key: null, value: Buffer.from([0xff]) },
    ]);
    await at.world.send('installs', [{ key: 'x', value: JSON.stringify(install('i', { outcome: 'lost' })) }]);
    // Earlier rules refused what passes today.
    await at.ingest.take({ drops: (topic, { key }) => topic === 'bugchecks' && String(key) === 'host-fixed' });
    await at.do(`INSERT INTO dead_letters (source_topic, source_partition, source_offset, source_timestamp, received_at, reason, field,
      detail, key, payload) VALUES ('bugchecks', 2, 0, fromUnixTimestamp64Milli(${old}), now64(3), 'out_of_range', 'driver', 'too new',
      'host-fixed', '${valid}')`);
    await at.do(`INSERT INTO dead_letters (source_topic, source_partition, source_offset, source_timestamp, received_at, reason,
      payload) VALUES ('bugchecks', 0, 999, now64(3), now64(3), 'conflict', '${valid}')`);
  });

  it('are counted by topic, reason and field, with the latest as a sample', async () => {
    const counts = await countDeadLetters(at.db, {});
    expect(counts.map(({ topic, reason, field, letters }) => [topic, reason, field, letters])).toEqual([
      ['bugchecks', 'missing_field', 'driver', 2],
      ['bugchecks', 'conflict', '', 1],
      ['bugchecks', 'not_json', '', 1],
      ['bugchecks', 'out_of_range', 'driver', 1],
      ['installs', 'wrong_type', 'outcome', 1],
    ]);
    expect(counts[3]).toMatchObject({
      sample_source: 'bugchecks[2]@0',
      sample_detail: 'too new',
      sample_text: valid.slice(0, 200),
    });
    expect(await countDeadLetters(at.db, { topic: 'installs', since: Date.now() + 1 })).toEqual([]);
  });

  it('are shown what would be sent, and nothing is', async () => {
    const before = await ends();
    expect(await redriveAll({}, true)).toEqual({
      passed: 1,
      refused: { 'missing_field driver': 2, not_json: 1, 'wrong_type outcome': 1 },
    });
    expect(await ends()).toBe(before);
  });

  it('go back to their topic by key, bytes and timestamp, once, and stay listed', async () => {
    const before = await ends();
    expect(await redriveAll({ reason: 'out_of_range' })).toEqual({ passed: 1, refused: {} });
    expect(await redriveAll({ reason: 'out_of_range' })).toEqual({ passed: 0, refused: {} });
    expect(await ends()).toBe(before + 1);
    const sent = (await at.world.recordsOf('bugchecks')).filter(
      ({ key }) => String(key) === 'host-fixed',
    ) as unknown as Array<{
      value: Buffer;
      timestamp: string;
    }>;
    expect(sent.map(({ value, timestamp }) => [String(value), timestamp])).toEqual([
      [valid, String(old)],
      [valid, String(old)],
    ]);
    await at.ingest.take();
    expect(await at.count("bugchecks FINAL WHERE event_id = 'fixed'")).toBe(1);
    const [counted] = await countDeadLetters(at.db, { reason: 'out_of_range' });
    expect(counted).toMatchObject({ letters: 1, redriven: 1 });
    expect((await at.audit()).findings).toEqual([]);
  });

  it('of conflicts are never sent', async () => {
    expect(await redriveAll({ reason: 'conflict' })).toEqual({ passed: 0, refused: {} });
  });

  describe('ringwatch', () => {
    const ringwatch = (...args: string[]) => runCommand(at, args);

    it('lists them for people and machines', async () => {
      const listed = await ringwatch('dead-letters', 'list', '--topic', 'bugchecks');
      expect(listed).toMatchObject({ code: 0, err: '' });
      expect(listed.out).toMatch(/^topic +reason +field +letters +redriven/);
      expect(listed.out).toMatch(/bugchecks +out_of_range +driver +1 +1 /);
      expect(listed.out).toMatch(/5 dead letters\n$/);
      const { out } = await ringwatch('dead-letters', 'list', '--reason', 'not_json', '--json');
      expect(JSON.parse(out)).toMatchObject([{ reason: 'not_json', letters: 1 }]);
    });

    it('redrives what is selected, or everything only when told so', async () => {
      expect(await ringwatch('dead-letters', 'redrive')).toMatchObject({
        code: 2,
        err: expect.stringMatching('--yes'),
      });
      expect(await ringwatch('dead-letters', 'redrive', '--reason', 'conflict')).toMatchObject({ code: 2 });
      const { code, out } = await ringwatch('dead-letters', 'redrive', '--dry-run', '--json');
      expect([code, JSON.parse(out)]).toMatchObject([0, { passed: 0, dryRun: true }]);
    });

    it('audits, with an exit code that says whether there are findings', async () => {
      await at.ingest.commit();
      const clean = await ringwatch('audit', '--topic', 'bugchecks');
      expect(clean.out).toMatch(/messages accounted for in .* nothing found\n$/);
      expect(clean.code).toBe(0);
      await at.do('ALTER TABLE bugchecks DELETE WHERE 1');
      const found = await ringwatch('audit', '--json');
      expect(found.code).toBe(1);
      const { findings } = JSON.parse(found.out) as { findings: Array<{ kind: string; topic: string }> };
      // The row of `fixed` is gone; two letters were put into the table by hand, without the topic.
      expect(findings.map(({ kind }) => kind).sort()).toEqual([
        'letter_not_in_topic',
        'letter_not_in_topic',
        'missing',
      ]);
      expect((await ringwatch('audit', '--topic', 'bugchecks', '--last', '0')).code).toBe(2);
    });

    it('explains itself, and what it cannot reach', async () => {
      expect(await ringwatch('--help')).toMatchObject({ code: 0, out: expect.stringMatching('ringwatch audit') });
      expect(await ringwatch('audit', '--help')).toMatchObject({ code: 0, out: expect.stringMatching('Exit codes') });
      expect(await ringwatch('audti')).toMatchObject({ code: 2, err: expect.stringMatching('no command "audti"') });
      expect(await ringwatch('audit', '--sinc')).toMatchObject({ code: 2, err: expect.stringMatching('--sinc') });
      const away = await runCommand(at, ['audit'], { CLICKHOUSE_URL: 'http://127.0.0.1:1' });
      expect(away).toMatchObject({
        code: 2,
        err: expect.stringMatching('ClickHouse at http://127.0.0.1:1 does not answer'),
      });
    });
  });
});
