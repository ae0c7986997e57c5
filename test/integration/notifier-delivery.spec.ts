import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentChange } from '@ringwatch/incident';
import { runAlone } from '../support/command';
import { entryFor, NotifierWorld, until } from '../support/notifier-world';

const told = ['delivered', 'joined', 'grouped'];

describe('deliveries', () => {
  let world: NotifierWorld;
  beforeAll(async () => (world = await new NotifierWorld().start()));
  afterEach(() => world.clear());
  afterAll(() => world.stop());

  const ringwatch = (...args: string[]) => runAlone(['notify', ...args], { ...process.env, ...world.settings });

  it('are neither missed nor repeated beyond one when it is killed before, during and after a request, and edits go on', async () => {
    const [before, during, answered, after, chat] = [
      await world.receiver(),
      await world.receiver(),
      await world.receiver(),
      await world.receiver(),
      await world.receiver(),
    ];
    chat.answer = () => ({ status: 200, body: JSON.stringify({ id: '4711' }) });
    const service = await world.notifier({
      receivers: [
        entryFor('k-before', before),
        entryFor('k-during', during),
        entryFor('k-answered', answered),
        entryFor('k-after', after),
        entryFor('k-chat', chat, { kind: 'discord', url: `http://127.0.0.1:${chat.port}/api/webhooks/1/x` }),
      ],
    });
    const hooks = [before, during, answered, after];
    await world.produce({ incident_id: 'k', sequence: 1 });
    await until('the first at all, with its rows', async () => {
      const rows = await Promise.all(
        ['k-before', 'k-during', 'k-answered', 'k-after', 'k-chat'].map((name) => world.rows(name, 'k')),
      );
      return rows.every((each) => each.length === 1);
    });
    const isSecond = ({ change }: { change: string }) => change === 'k 2';
    before.answer = (came) => (isSecond(came) ? 500 : 200);
    during.answer = (came) => (isSecond(came) ? 'silence' : 200);
    let killed: Promise<void> | undefined;
    answered.onAnswered = (came) => {
      if (isSecond(came) && answered.taken.includes(came)) killed ??= service.kill();
    };
    answered.answer = (came) => {
      // The others have come as far as they are to come.
      return isSecond(came) ? 503 : 200;
    };
    await world.produce(
      { incident_id: 'k', sequence: 2, change: 'escalated' },
      { incident_id: 'k', sequence: 3, change: 'escalated' },
    );
    await until('all at their points', async () => {
      const isReady =
        before.refused.length > 0 && during.refused.length > 0 && (await world.rows('k-after', 'k')).length === 3;
      if (isReady) answered.answer = () => 200;
      return isReady && (await world.rows('k-chat', 'k')).length === 3;
    });
    await until('the kill', () => killed !== undefined);
    await killed;
    for (const hook of [before, during]) hook.answer = () => 200;
    await world.produce({ incident_id: 'k', sequence: 4, change: 'resolved', state: 'resolved' });
    await service.restart();
    await until(
      'all at all',
      () => hooks.every((hook) => hook.of('k').includes('k 4')) && chat.taken.length >= 4,
      40_000,
    );
    for (const hook of hooks) {
      expect([...new Set(hook.of('k'))]).toEqual(['k 1', 'k 2', 'k 3', 'k 4']);
      expect(hook.of('k').length).toBeLessThanOrEqual(hook === answered ? 5 : 4);
      expect(hook.of('k')).toEqual([...hook.of('k')].sort());
    }
    expect(chat.taken.map(({ method, path }) => `${method} ${path.includes('/messages/4711')}`)).toEqual([
      'POST false',
      'PATCH true',
      'PATCH true',
      'PATCH true',
    ]);
  }, 90_000);

  it('of a thousand incidents in a second reach programs one by one and chat in a few messages, all accounted for; a dead receiver delays nobody', async () => {
    const [hook, chat, dead] = [await world.receiver(), await world.receiver(), await world.receiver()];
    await dead.close();
    await world.notifier({
      receivers: [entryFor('m-hook', hook), entryFor('m-chat', chat, { kind: 'slack' }), entryFor('m-dead', dead)],
      routes: [{ match: { channel: 'many-*' }, receivers: ['m-hook', 'm-chat', 'm-dead'] }, { receivers: [] }],
    });
    const suspect = {
      update_channel: 'many-1',
      update_version: '1',
      driver: 'a.sys',
      driver_version: '1',
      shipped_at: null,
      confidence: 1,
    };
    const of = (incident_id: string, more: Partial<IncidentChange> = {}) => ({
      incident_id,
      sequence: 1,
      suspect,
      ...more,
    });
    await world.produce(of('m-first'));
    await until('the first', () => hook.taken.length === 1 && chat.taken.length === 1);
    const names = Array.from({ length: 1_000 }, (_, i) => `m-${i}`);
    const producedAt = Date.now();
    await world.produce(...names.map((name) => of(name)));
    await until('all at the program', () => hook.taken.length === 1_001, 60_000);
    const tookMs = Date.now() - producedAt;
    await until('all in chat', async () => {
      const rows = await world.rows('m-chat');
      return names.every((name) => rows.some((row) => row.incident_id === name && told.includes(row.outcome)));
    });
    expect(new Set(hook.taken.map(({ change }) => change)).size).toBe(1_001);
    expect(chat.taken.length).toBeLessThanOrEqual(12);
    const rows = await world.rows('m-chat');
    for (const { digest, outcome } of rows.filter((row) => row.outcome === 'grouped'))
      expect(rows.some((row) => row.incident_id === digest && row.outcome === 'delivered')).toBe(outcome === 'grouped');
    // With a receiver that takes no connection beside it.
    const delays: number[] = [];
    for (const name of ['m-last-1', 'm-last-2', 'm-last-3']) {
      const nextAt = Date.now();
      await world.produce(of(name));
      await until('one more', () => hook.of(name).length === 1);
      delays.push(Date.now() - nextAt);
    }
    expect(Math.min(...delays)).toBeLessThan(1_000);
    expect((await world.rows('m-dead')).every(({ outcome }) => outcome === 'retry')).toBe(true);
    process.stdout.write(`a thousand incidents: ${tookMs} ms to a program, ${chat.taken.length} messages in chat\n`);
  }, 180_000);

  it('to a receiver that is gone stop until somebody says so, over a restart, and its stand-in hears of it', async () => {
    const [gone, chat] = [await world.receiver(), await world.receiver()];
    gone.answer = () => 410;
    const service = await world.notifier({
      receivers: [entryFor('g-hook', gone), entryFor('g-chat', chat, { kind: 'slack' })],
      routes: [{ match: { channel: 'gone-*' }, receivers: ['g-hook'] }, { receivers: [] }],
      fallback: 'g-chat',
    });
    const suspect = {
      update_channel: 'gone-1',
      update_version: '1',
      driver: 'a.sys',
      driver_version: '1',
      shipped_at: null,
      confidence: 1,
    };
    const changes = [1, 2, 3].map((sequence) => ({ incident_id: 'g', sequence, suspect }));
    await world.store(...changes);
    await world.produce(changes[0]!);
    await until('the stand-in', () => chat.taken.length === 1);
    for (const part of ['NOT DELIVERED', 'g-hook', 'answered 410']) expect(chat.taken[0]!.body).toContain(part);
    await service.restart();
    await world.produce(changes[1]!);
    await until('the row of what was not tried', async () => (await world.rows('g-hook', 'g')).length === 2);
    expect(gone.refused).toHaveLength(1);
    expect(await ringwatch('deliveries', '--failed', '--receiver', 'g-hook')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/g-hook +g +2 +opened +0 +gone[^]*g-hook +g +1 +opened +1 +gone[^]*2 rows/),
    });
    gone.answer = () => 200;
    expect(await ringwatch('resume', 'g-hook')).toMatchObject({ code: 0, out: expect.stringContaining('resumed') });
    expect(await ringwatch('resend', '--incident', 'g', '--receiver', 'g-hook', '--sequence', '1')).toMatchObject({
      code: 0,
      out: expect.stringContaining('delivered'),
    });
    await world.produce(changes[2]!);
    await until('the rest', () => gone.taken.length === 2);
    expect(gone.of('g')).toEqual(['g 1', 'g 3']);
    expect(gone.taken[0]!.headers['webhook-id']).toBe(gone.refused[0]!.headers['webhook-id']);
    expect(await ringwatch('resend', '--incident', 'nobody', '--receiver', 'g-hook')).toMatchObject({
      code: 2,
      err: expect.stringContaining('wanted an incident that there is, got "nobody"'),
    });
  }, 180_000);

  it('can be tried out beforehand', async () => {
    const [hook, chat] = [await world.receiver(), await world.receiver()];
    chat.answer = () => 404;
    const folder = mkdtempSync(join(tmpdir(), 'ringwatch-config-'));
    const file = join(folder, 'notifier.json');
    writeFileSync(
      file,
      JSON.stringify({ receivers: [entryFor('t-hook', hook), entryFor('t-chat', chat, { kind: 'slack' })] }),
    );
    const good = await ringwatch('test', 't-hook', '--config', file);
    expect(good).toMatchObject({
      code: 0,
      out: expect.stringMatching(/t-hook +webhook +delivered +200 +\d+ +answered 200/),
    });
    expect(hook.taken[0]!.body).toContain('this-is-a-test');
    const all = await ringwatch('test', '--config', file);
    expect(all).toMatchObject({ code: 1, out: expect.stringMatching(/t-chat +slack +gone +404/) });
    expect(chat.refused[0]!.body).toContain('THIS IS A TEST');
    const wrong = await ringwatch('test', 't-hok', '--config', file);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('wanted one of t-hook, t-chat, got "t-hok"') });
    rmSync(folder, { recursive: true });
  });

  it('keep an alert alive that ends by itself, over a restart too', async () => {
    const alertmanager = await world.receiver();
    const service = await world.notifier({
      receivers: [entryFor('a-manager', alertmanager, { kind: 'alertmanager' })],
      routes: [{ match: { channel: 'alive-*' }, receivers: ['a-manager'] }, { receivers: [] }],
    });
    const suspect = {
      update_channel: 'alive-1',
      update_version: '1',
      driver: 'a.sys',
      driver_version: '1',
      shipped_at: null,
      confidence: 1,
    };
    const open = { incident_id: 'a', sequence: 1, suspect };
    await world.store(open);
    await world.produce(open);
    await until('the alert', () => alertmanager.taken.length === 1);
    await until('its row', async () => (await world.rows('a-manager', 'a')).length === 1);
    await service.restart();
    await until('the alert again', () => alertmanager.taken.length === 2);
    await sleep(300);
    const [first, again] = alertmanager.taken.map(
      ({ body }) => (JSON.parse(body) as Array<{ labels: object; endsAt: string }>)[0]!,
    );
    expect(again!.labels).toEqual(first!.labels);
    expect(Date.parse(again!.endsAt)).toBeGreaterThan(Date.parse(first!.endsAt));
    expect(await world.rows('a-manager', 'a')).toHaveLength(1);
  }, 180_000);
});
