import type { IncidentChange } from '@ringwatch/incident';
import { migrate } from '@ringwatch/clickhouse';
import { connectKafka, createTopics } from '@ringwatch/kafka';
import { incidentOn, insert, insertIncidents } from '../support/api';
import { Stack, eventually } from '../support/stack';

interface StoredAction {
  event_id: string;
  incident_id: string;
  action: string;
  actor: string;
  assignee: string;
  text: string;
  muted_factor: number | null;
  received_ms: number;
}
type Answer = { event_id: string; errors?: Array<{ path: string; code: string }>; detail?: string };

/** The api, real Kafka, and ingest that stores what comes by it: what becomes of an action then is the detector's. */
describe('what people do with incidents, over HTTP', () => {
  const stack = new Stack();
  const post = async (id: string, action: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${stack.url('api')}/api/v1/incidents/${id}/${action}`, {
      method: 'POST',
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer };
  };
  const stored = async (eventId: string) => {
    const answer = await stack.db.query({
      query: `SELECT event_id, incident_id, action, actor, assignee, text, muted_factor, toUnixTimestamp64Milli(received_at) AS received_ms
              FROM incident_actions WHERE event_id = {id: String}`,
      query_params: { id: eventId },
      format: 'JSONEachRow',
    });
    return answer.json<StoredAction>();
  };
  const arrived = (eventId: string) =>
    eventually(
      () => stored(eventId),
      (rows) => rows.length > 0,
    );
  const incident = (version: string, more: Partial<IncidentChange> = {}) => incidentOn('content', version, more);

  /** Arrival time while recorded events are played, and what somebody did then. */
  const played = '2024-07-19T04:30:00.000Z';
  let whilePlaying: Awaited<ReturnType<typeof post>>;

  beforeAll(async () => {
    await stack.start();
    const { clickhouseUrl: url, kafkaBrokers: brokers } = stack.platform;
    await migrate({ url, database: 'ringwatch', username: 'default', password: '' });
    await createTopics(connectKafka({ brokers, clientId: 'test' }));
    await stack.run('api');
    await insertIncidents(stack.db, [
      incident('1'),
      incident('2', { state: 'acknowledged', acknowledged_at: '2024-07-19T04:12:00.000Z', acknowledged_by: 'ann' }),
      incident('3', { state: 'resolved', change: 'resolved' }),
    ]);
    await insert(stack.db, 'arrival_clocks', [{ topic: 'bugchecks', source_partition: 0, closed_until: played }]);
    whilePlaying = await post('inc-1', 'comment', { text: 'played' });
    await stack.db.command({ query: 'TRUNCATE TABLE arrival_clocks' });
    await stack.run('ingest');
  });
  afterAll(() => stack.stop());

  it.each([
    ['acknowledge', { actor: 'ann', text: 'mine' }, { actor: 'ann', text: 'mine' }],
    ['assign', { assignee: 'ben' }, { actor: 'anonymous', assignee: 'ben' }],
    ['mute', { muted_factor: 2 }, { muted_factor: 2 }],
    ['comment', { text: 'the vendor has answered' }, { text: 'the vendor has answered' }],
    ['resolve', undefined, { actor: 'anonymous', text: '' }],
  ])('takes %s and ingest stores it', async (action, body, wanted) => {
    const sentAt = Date.now();
    const aheadBefore = Date.now() - performance.now();
    const answer = await post('inc-1', action, body);
    const setBackMs = Math.ceil(Math.max(0, aheadBefore - (Date.now() - performance.now())));
    expect([answer.status, answer.body]).toMatchObject([202, { incident_id: 'inc-1', action }]);
    const [row] = await arrived(answer.body.event_id);
    expect(row).toMatchObject({ incident_id: 'inc-1', action, ...wanted });
    // Once it was 373 ms before `sentAt`: whether the machine's clock was set back meanwhile is seen by the steady one.
    expect(row!.received_ms).toBeGreaterThanOrEqual(sentAt - setBackMs);
  });

  it('counts what is sent again under the same key once, also after a restart of the api', async () => {
    const headers = { 'idempotency-key': 'page-17/ack' };
    const both = await Promise.all([1, 2].map(() => post('inc-1', 'comment', { text: 'looking' }, headers)));
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(both[1]!.body).toEqual(both[0]!.body);
    await arrived(both[0]!.body.event_id);
    await stack.kill('api');
    const again = await eventually(
      () => post('inc-1', 'comment', { text: 'looking' }, headers).catch(() => undefined),
      (answer) => answer !== undefined,
    );
    expect([again!.status, again!.body]).toEqual([202, both[0]!.body]);
    const other = await post('inc-1', 'comment', { text: 'something else' }, headers);
    expect([other.status, other.body.detail]).toEqual([422, expect.stringContaining('this key came before')]);
    const contents = await stack.db.query({
      query: 'SELECT DISTINCT content_hash FROM incident_actions WHERE event_id = {id: String}',
      query_params: { id: both[0]!.body.event_id },
      format: 'JSONEachRow',
    });
    expect(await contents.json()).toHaveLength(1);
  });

  it.each([
    ['inc-none', 'acknowledge', {}, 404],
    ['inc-2', 'acknowledge', {}, 409],
    ['inc-2', 'unmute', {}, 409],
    ['inc-2', 'mute', { muted_until: '2024-07-19T04:12:00Z' }, 409],
    ['inc-3', 'comment', { text: 'late' }, 409],
  ])('refuses %s %s %j with %i', async (id, action, body, status) => {
    expect((await post(id, action, body)).status).toBe(status);
  });

  it.each([
    ['comment', {}, 'text'],
    ['comment', { text: '' }, 'text'],
    ['comment', { text: 'x'.repeat(4_001) }, 'text'],
    ['comment', { text: 'a\u0007b' }, 'text'],
    ['comment', { text: 'x', colour: 'red' }, 'colour'],
    ['assign', {}, 'assignee'],
    ['mute', {}, 'muted_until'],
    ['mute', { muted_factor: 1 }, 'muted_factor'],
    ['mute', { muted_until: '2999-01-01T00:00:00Z' }, 'muted_until'],
    ['acknowledge', { actor: '' }, 'actor'],
  ])('refuses the body of %s %j and names %s', async (action, body, field) => {
    const answer = await post('inc-2', action, body);
    expect([answer.status, answer.body.errors?.map(({ path }) => path)]).toEqual([400, [field]]);
  });

  it('refuses what is no JSON, too large, of another method or with a wrong key', async () => {
    const url = `${stack.url('api')}/api/v1/incidents/inc-1/comment`;
    const send = (body: string, type: string, method = 'POST') =>
      fetch(url, { method, body, headers: { 'content-type': type } }).then(({ status }) => status);
    expect(await send('text=x', 'application/x-www-form-urlencoded')).toBe(415);
    expect(await send('{"text":"x"}', 'text/plain')).toBe(415);
    expect(await send('{"text":', 'application/json')).toBe(400);
    expect(await send(JSON.stringify({ text: 'x'.repeat(70_000) }), 'application/json')).toBe(413);
    expect(await send('{"text":"x"}', 'application/json', 'PUT')).toBe(405);
    expect((await fetch(url)).status).toBe(405);
    expect((await post('inc-1', 'comment', { text: 'x' }, { 'idempotency-key': 'ä'.repeat(3) })).status).toBe(400);
  });

  it('arrives with what is played, where that is long past', async () => {
    expect([whilePlaying.status, whilePlaying.body]).toMatchObject([202, { occurred_at: played }]);
    expect(await arrived(whilePlaying.body.event_id)).toMatchObject([{ received_ms: Date.parse(played) }]);
  });
});
