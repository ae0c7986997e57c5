import { setTimeout as sleep } from 'node:timers/promises';
import { pastDeliveries } from '@ringwatch/clickhouse';
import { Webhook } from 'standardwebhooks';
import { AllTargets, kinds } from '../support/all-targets';
import { entryFor, NotifierWorld, secret, type StubReceiver, until } from '../support/notifier-world';

describe('the notifier', () => {
  let world: NotifierWorld;
  beforeAll(async () => (world = await new NotifierWorld().start()));
  afterEach(() => world.clear());
  afterAll(() => world.stop());

  /** A notifier for these receivers, each a generic webhook unless its name begins with `slack`. */
  const notifier = (receivers: Record<string, StubReceiver>) =>
    world.notifier({
      receivers: Object.entries(receivers).map(([name, receiver]) =>
        entryFor(name, receiver, name.startsWith('slack') ? { kind: 'slack' } : {}),
      ),
    });
  const outcomes = async (name: string, incident: string) =>
    (await pastDeliveries(world.db, [name], [incident])).map(
      ({ sequence, outcomes: each }) => [sequence, each] as const,
    );

  it('tells each receiver in its own form, signed, and skips what is no change', async () => {
    const [hook, chat] = [await world.receiver(), await world.receiver()];
    await notifier({ 'hook-a': hook, 'slack-a': chat });
    await world.produce(
      'not JSON',
      { incident_id: 'a', sequence: 1 },
      { incident_id: 'a', sequence: 2, change: 'updated' },
    );
    await until('both changes at the webhook, one in chat', () => hook.of('a').length === 2 && chat.taken.length === 1);
    for (const { headers, body } of hook.taken)
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    expect(JSON.parse(hook.taken[0]!.body)).toMatchObject({
      type: 'incident.opened',
      data: { incident_id: 'a', sequence: 1 },
    });
    expect(JSON.parse(chat.taken[0]!.body)).toMatchObject({ text: expect.stringContaining('SEV1 opened') });
    await until('rows', async () => (await outcomes('hook-a', 'a')).length === 2);
    expect(await outcomes('hook-a', 'a')).toEqual([
      [1, ['delivered']],
      [2, ['delivered']],
    ]);
    expect(await outcomes('slack-a', 'a')).toEqual([[1, ['delivered']]]);
  });

  it('carries an incident to its end in every kind of receiver: each message follows the first, and no secret is written down', async () => {
    const all = new AllTargets(world);
    await all.start();
    const { made } = all;
    all.standIn('slack').play({ do: 'limit', seconds: 1 }, { do: 'answer', status: 500 });
    all.standIn('telegram').play({ do: 'limit', seconds: 1 });
    const butPipelines = kinds.filter((kind) => kind !== 'rollout');
    await all.happens({ change: 'opened' });
    await all.happens({ change: 'escalated' }, butPipelines);
    await all.happens({ change: 'acknowledged', state: 'acknowledged' }, butPipelines);
    await all.happens({ change: 'resolved', state: 'resolved', recommendation: 'none' });

    expect([...made.discord.messages.values()].map((versions) => versions.length)).toEqual([4]);
    const replies = made.telegram.messages.map(({ reply_parameters }) => reply_parameters?.message_id);
    expect(replies).toEqual([undefined, 1, 1, 1]);
    expect([...made['google-chat'].threads.values()].map((messages) => messages.length)).toEqual([4]);
    expect(made.pagerduty.alerts.map(({ status, events }) => [status, events.length])).toEqual([['resolved', 4]]);
    expect([made.alertmanager.alerts.size, made.alertmanager.firing(Date.now())]).toEqual([1, []]);
    const asked = all.standIn('rollout').bodies.map((body) => (body as { data: { action: string } }).data.action);
    expect(asked).toEqual(['halt', 'resume']);
    expect(JSON.stringify(all.standIn('teams').bodies.at(-1))).toContain('Follow-up 3 to the incident');
    expect(all.standIn('slack').refused.map(({ answer }) => answer.status)).toEqual([429, 500]);

    const details = (await world.rows('rollout')).map(({ detail }) => detail);
    expect(details).toContain('answered 200: halt of C-00000291-00000000-00000032 begun');
    const table = await world.db.query({ query: 'SELECT * FROM deliveries', format: 'TabSeparated' });
    const written = `${world.log}\n${await table.text()}`;
    expect(written).toContain('delivery made');
    for (const { secrets, path } of kinds.map((kind) => made[kind]))
      for (const secret of path === '' ? secrets : [...secrets, path]) expect(written).not.toContain(secret);
    await all.stop();
  });

  it('keeps the order for a receiver that was down, and lets no other wait for it', async () => {
    const [up, down] = [await world.receiver(), await world.receiver()];
    await notifier({ 'hook-up': up, 'hook-down': down });
    await world.produce({ incident_id: 'b', sequence: 1 });
    // A receiver under a new name is told all that is in the topic; what it has not settled holds up what is behind it.
    await until('the first and all before it settled', async () => {
      const counts = ['a', 'b'].map(async (incident) => (await outcomes('hook-down', incident)).length);
      return (await Promise.all(counts)).join() === '2,1' && up.of('b').length === 1;
    });
    await down.close();
    const producedAt = Date.now();
    await world.produce(...[2, 3, 4].map((sequence) => ({ incident_id: 'b', sequence })));
    await until('all at the one that is up', () => up.of('b').length === 4);
    expect(Date.now() - producedAt).toBeLessThan(2_000);
    await until('a failed attempt', async () => (await outcomes('hook-down', 'b')).length === 2);
    await down.listen();
    await until('all at the one that was down', () => down.of('b').length === 4);
    expect(down.of('b')).toEqual(['b 1', 'b 2', 'b 3', 'b 4']);
    const [, second] = await outcomes('hook-down', 'b');
    expect([...second![1]!].sort()).toEqual(['delivered', 'retry']);
  });

  it('misses nothing and repeats nothing that it knows of when it is killed between attempts', async () => {
    const hook = await world.receiver();
    const service = await notifier({ 'hook-c': hook });
    await world.produce({ incident_id: 'c', sequence: 1 }, { incident_id: 'd', sequence: 1 });
    await until('the first delivered', () => hook.of('c').length === 1 && hook.of('d').length === 1);
    hook.answer = ({ change }) => (change.startsWith('d ') ? 500 : 200);
    await world.produce({ incident_id: 'c', sequence: 2 }, { incident_id: 'd', sequence: 2 });
    await until('one taken, one refused', () => hook.of('c').length === 2 && hook.of('d', hook.refused).length > 0);
    await until('its row', async () => (await outcomes('hook-c', 'c')).length === 2);
    await service.kill();
    hook.answer = () => 200;
    await service.restart();
    await until('the rest', () => hook.of('c').length === 2 && hook.of('d').length === 2, 60_000);
    await sleep(1_000);
    expect(hook.of('c')).toEqual(['c 1', 'c 2']);
    expect(hook.of('d')).toEqual(['d 1', 'd 2']);
    const ids = [...hook.refused, ...hook.taken]
      .filter(({ change }) => change === 'd 2')
      .map(({ headers }) => headers['webhook-id']);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
  });

  it('stops within seconds while it waits for a dead receiver', async () => {
    const hook = await world.receiver();
    const service = await notifier({ 'hook-e': hook });
    await world.produce({ incident_id: 'e', sequence: 1 });
    await until('the first delivered', () => hook.of('e').length === 1);
    hook.answer = ({ change }) => (change === 'e 2' ? 500 : 200); // what other tests left in the topic is told to it as well
    await world.produce({ incident_id: 'e', sequence: 2 });
    await until('some attempts', () => hook.of('e', hook.refused).length >= 3);
    const stoppingAt = Date.now();
    await service.stop();
    expect(Date.now() - stoppingAt).toBeLessThan(5_000);
  });
});
