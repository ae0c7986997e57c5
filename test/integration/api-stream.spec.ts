import { type ApiUnderTest, incidentOn, insertIncidents, startApiUnderTest } from '../support/api';

const start = Date.parse('2024-07-19T04:00:00.000Z');
const change = (incidentId: string, sequence: number, second: number) =>
  incidentOn('content', incidentId, {
    incident_id: incidentId,
    sequence,
    detected_at: new Date(start + second * 1_000).toISOString(),
  });

interface Event {
  id: string | undefined;
  event: string | undefined;
  data: Record<string, unknown>;
}

describe('the stream of changes, over real ClickHouse', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApiUnderTest();
    await insertIncidents(api.db, [change('b', 1, 0), change('a', 1, 1), change('b', 2, 1)]);
  });
  afterAll(() => api.stop());

  /** Listens until so many changes came; `meanwhile` happens once the stream is open. */
  async function listen(options: { after?: string; changes: number; meanwhile?: () => Promise<unknown> }) {
    const headers: Record<string, string> = options.after === undefined ? {} : { 'last-event-id': options.after };
    const answer = await fetch(`${api.url}/api/v1/stream`, { headers });
    expect([answer.status, answer.headers.get('x-accel-buffering')]).toEqual([200, 'no']);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const events: Event[] = [];
    let [text, begun] = ['', false];
    while (events.filter(({ event }) => event === 'incident').length < options.changes || !begun) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      events.push(...blocks.filter((block) => block.includes('data: ')).map(toEvent));
      if (!begun && events.some(({ event }) => event === 'status')) {
        begun = true;
        await options.meanwhile?.();
      }
    }
    await reader.cancel();
    return events.filter(({ event }) => event === 'incident');
  }
  const toEvent = (block: string): Event => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    return { id: field('id'), event: field('event'), data: JSON.parse(field('data')!) as Event['data'] };
  };
  const names = (events: Event[]) => events.map(({ data }) => `${data['incident_id']}${data['sequence']}`);

  it('tells what comes, and goes on where a client was', async () => {
    const first = await listen({ changes: 1, meanwhile: () => insertIncidents(api.db, [change('a', 2, 5)]) });
    expect(names(first)).toEqual(['a2']);
    // Nobody listens now.
    await insertIncidents(api.db, [change('a', 3, 6), change('c', 1, 6)]);
    const second = await listen({
      after: first[0]!.id!,
      changes: 3,
      meanwhile: () => insertIncidents(api.db, [change('a', 4, 9)]),
    });
    expect(names(second)).toEqual(['a3', 'c1', 'a4']);
    expect(names(await listen({ after: second[0]!.id!, changes: 2 }))).toEqual(['c1', 'a4']);
    const all = await listen({ after: Buffer.from('[0,"",0]').toString('base64url'), changes: 7 });
    expect(names(all)).toEqual(['b1', 'a1', 'b2', 'a2', 'a3', 'c1', 'a4']);
  });

  it('stores the same change again without telling it again', async () => {
    const id = Buffer.from(JSON.stringify([start + 6_000, 'c', 1])).toString('base64url');
    const events = await listen({
      after: id,
      changes: 2,
      meanwhile: () => insertIncidents(api.db, [change('a', 3, 6), change('a', 4, 9), change('d', 1, 12)]),
    });
    expect(names(events)).toEqual(['a4', 'd1']);
  });

  it('refuses an id that is none, and answers HEAD', async () => {
    const answer = await fetch(`${api.url}/api/v1/stream`, { headers: { 'last-event-id': 'x' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    const head = await fetch(`${api.url}/api/v1/stream`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  });

  it('ends when the service does', async () => {
    const answer = await fetch(`${api.url}/api/v1/stream`);
    const text = answer.text();
    const startedAt = Date.now();
    await api.service.stop();
    expect(await text).toMatch(/^retry: /);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
