import { StandIn, targets } from '@ringwatch/webhook/stand-ins';
import type { IncidentChange } from '@ringwatch/incident';
import { NotifierWorld, until } from '../support/notifier-world';

type Kind = keyof typeof targets;
const kinds = Object.keys(targets) as Kind[];

/** One incident from its beginning to its end, through a real notifier, to what stands for each target. */
describe('every kind of receiver', () => {
  let world: NotifierWorld;
  const made = Object.fromEntries(kinds.map((kind) => [kind, targets[kind]()])) as {
    [Each in Kind]: ReturnType<(typeof targets)[Each]>;
  };
  const standIns = new Map<Kind, StandIn>(kinds.map((kind) => [kind, new StandIn(made[kind])]));
  const standIn = (kind: Kind) => standIns.get(kind)!;

  beforeAll(async () => {
    world = await new NotifierWorld().start();
    await Promise.all([...standIns.values()].map((each) => each.listen()));
    await world.notifier({
      receivers: kinds.map((kind) => ({ kind, name: kind, url: standIn(kind).url, ...made[kind].settings })),
    });
  });
  afterAll(async () => {
    await world.stop();
    await Promise.all([...standIns.values()].map((each) => each.close()));
  });

  let sequence = 0;
  async function happens(change: IncidentChange['change'], more: Partial<IncidentChange> = {}): Promise<void> {
    sequence += 1;
    const told = kinds.filter((kind) => kind !== 'rollout' || ['opened', 'resolved'].includes(change));
    const before = new Map(told.map((kind) => [kind, standIn(kind).taken.length]));
    await world.produce({ incident_id: 'inc-1', sequence, change, ...more });
    await until(
      `${change} at everyone`,
      () => told.every((kind) => standIn(kind).taken.length > before.get(kind)!),
      60_000,
    );
    // What an answer gave back is in the log before the next change goes out.
    await until(
      'its rows',
      async () =>
        (await Promise.all(told.map((kind) => world.rows(kind, 'inc-1')))).every((rows) =>
          rows.some((row) => row.sequence === sequence && row.outcome === 'delivered'),
        ),
      60_000,
    );
  }

  it('hears of an incident in its own form, and each message follows the first', async () => {
    standIn('slack').play({ do: 'limit', seconds: 1 }, { do: 'answer', status: 500 });
    standIn('telegram').play({ do: 'limit', seconds: 1 });
    await happens('opened');
    await happens('escalated');
    await happens('acknowledged', { state: 'acknowledged' });
    await happens('resolved', { state: 'resolved', recommendation: 'none' });

    expect([...made.discord.messages.values()].map((versions) => versions.length)).toEqual([4]);
    expect(made.telegram.messages.map(({ reply_parameters }) => reply_parameters?.message_id)).toEqual([
      undefined,
      1,
      1,
      1,
    ]);
    expect([...made['google-chat'].threads].map(([key, messages]) => [key, messages.length])).toEqual([['inc-1', 4]]);
    expect(made.pagerduty.alerts.map(({ status, events }) => [status, events.length])).toEqual([['resolved', 4]]);
    expect(made.alertmanager.alerts.size).toBe(1);
    expect(made.alertmanager.firing(Date.now())).toEqual([]);
    const asked = standIn('rollout').bodies.map((body) => (body as { data: { action: string } }).data.action);
    expect(asked).toEqual(['halt', 'resume']);
    const words = JSON.stringify(standIn('teams').bodies.at(-1));
    expect(words).toContain('Follow-up 3 to the incident');
    expect(standIn('slack').refused.map(({ answer }) => answer.status)).toEqual([429, 500]);
  });

  it('is written down with what a pipeline says, and with no secret anywhere', async () => {
    const rows = await Promise.all(kinds.map((kind) => world.rows(kind)));
    expect(rows.flat().map(({ detail }) => detail)).toContain(
      'answered 200: halt of C-00000291-00000000-00000032 begun',
    );
    const tables = await world.db.query({ query: 'SELECT * FROM deliveries', format: 'TabSeparated' });
    const written = `${world.log}\n${await tables.text()}`;
    expect(written).toContain('delivery made');
    for (const kind of kinds) for (const secret of made[kind].secrets) expect(written).not.toContain(secret);
    for (const each of standIns.values()) if (each.target.path !== '') expect(written).not.toContain(each.target.path);
  });
});
