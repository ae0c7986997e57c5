import type { DeliveryRecord } from '@ringwatch/clickhouse';
import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import { incomingMessage, type MessageBatch } from '@ringwatch/kafka';
import type { Answer, DeliveryRequest } from '@ringwatch/webhook';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestRecord, type NotifierRequest, type RoutedReceiver, type Undelivered } from '@ringwatch/routing';
import { wallClock } from '../clock';
import { Telemetry } from '../telemetry';
import { DeliveryLog } from './delivery-log';
import { ReceiverLane } from './receiver-lane';

const cases = join(__dirname, '..', '..', '..', '..', 'libs', 'webhook', 'cases');
const { given: draft } = JSON.parse(readFileSync(join(cases, 'opened.json'), 'utf8')) as { given: object };
const given = incidentChangeSchema.parse(draft);
const START = Date.parse('2024-07-19T04:11:40Z');
const MINUTE = 60_000;

const delivered: Answer = { kind: 'delivered', status: 200, detail: 'answered 200' };
const failed: Answer = { kind: 'retry', status: 500, detail: 'answered 500', retryAfterMs: null };
const limited: Answer = { ...failed, status: 429, detail: 'answered 429', retryAfterMs: 7_000 };
const gone: Answer = { kind: 'gone', status: 410, detail: 'answered 410' };

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** A lane with a receiver that answers as told, and everything that can be seen of it from outside. */
function laneWith(answer: (change: IncidentChange, nth: number) => Answer, more: Partial<RoutedReceiver> = {}) {
  const sent: Array<{ at: number; incident: string; sequence: number; key: string | undefined }> = [];
  const texts: string[] = [];
  const requests: DeliveryRequest[] = [];
  const rows: DeliveryRecord[] = [];
  const events: Array<{ level: string; event: string; fields: object }> = [];
  const reports: Undelivered[] = [];
  const store = { fails: false };
  const to = (level: string) => (fields: object, event: string) => void events.push({ level, event, fields });
  const telemetry = new Telemetry({ info: to('info'), warn: to('warn'), error: to('error') });
  const unlessAway = <T>(value: () => T) =>
    store.fails ? Promise.reject(new Error('away')) : Promise.resolve(value());
  const table = {
    past: (receivers: readonly string[], incidentIds: readonly string[]) =>
      unlessAway(() => pastOf(rows, receivers, incidentIds)),
    answered: (ids: readonly string[]) =>
      unlessAway(() => rows.flatMap(({ requestId }) => (requestId && ids.includes(requestId) ? [requestId] : []))),
    standing: () =>
      unlessAway(() => {
        const last = rows.findLast(({ outcome }) => outcome === 'gone' || outcome === 'resumed');
        return last && { outcome: last.outcome as 'gone' | 'resumed', settings: last.settings! };
      }),
    lastNotice: () => Promise.resolve(undefined),
    store: (records: readonly DeliveryRecord[]) => unlessAway(() => void rows.push(...records)),
  };
  const clock = { ...wallClock, random: () => 0 };
  const log = new DeliveryLog(table, clock, telemetry);
  const send = (request: DeliveryRequest) => {
    requests.push(request);
    const body = JSON.parse(request.body) as { data?: IncidentChange; text?: string };
    const data = body.data?.incident_id === undefined ? given : body.data;
    texts.push(body.text ?? '');
    sent.push({
      at: Date.now() - START,
      incident: data.incident_id,
      sequence: data.sequence,
      key: request.headers['webhook-id'],
    });
    return Promise.resolve(answer(data, sent.length));
  };
  const receiver = { kind: 'webhook', name: 'ops', url: 'https://ops.example/hunter2', secrets: [secret] } as const;
  const routed: RoutedReceiver = {
    receiver,
    minSeverity: 'sev3',
    perSecond: undefined,
    watchdogMs: undefined,
    ...more,
  };
  const match = {
    ...{ minSeverity: undefined, scopes: undefined, channels: undefined },
    ...{ drivers: undefined, orgs: undefined, changes: undefined },
  };
  const route = { match, receivers: [routed.receiver.name], goesOn: false, groupMs: undefined };
  const routing = { receivers: [routed], routes: [route], fallback: undefined };
  const standIn = {
    report: (undelivered: readonly Undelivered[]) => Promise.resolve(void reports.push(...undelivered)),
  };
  const findChange = (id: string, sequence: number) => Promise.resolve(sequence < 9 ? change(id, sequence) : undefined);
  const parts = { log, clock, telemetry, send, standIn, findChange };
  const make = () => new ReceiverLane(routed, { routing, dashboardUrl: undefined, maxAgeMs: 1440 * MINUTE }, parts);
  return { make, lane: make(), sent, texts, requests, rows, events, reports, store, log };
}
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function pastOf(rows: DeliveryRecord[], receivers: readonly string[], incidentIds: readonly string[]) {
  return rows
    .filter((row) => receivers.includes(row.receiver) && incidentIds.includes(row.incidentId))
    .map(({ receiver, incidentId, sequence, attempt, outcome, messageId = '', startedAt }) => ({
      ...{ receiver, incidentId, sequence, attempts: attempt, outcomes: [outcome] },
      ...{ messageId, messageAt: startedAt.getTime() },
    }));
}

const change = (incident_id: string, sequence: number, more: Partial<IncidentChange> = {}) => ({
  ...given,
  incident_id,
  sequence,
  ...more,
});
function batchOf(values: unknown[], more: { isCurrent?: () => boolean; timestamp?: number } = {}): MessageBatch {
  const { isCurrent = () => true, timestamp = START } = more;
  const messages = values.map((value, offset) => {
    const text = typeof value === 'string' || value === null ? value : JSON.stringify(value);
    return incomingMessage({ offset, timestamp, key: null, value: text === null ? null : Buffer.from(text) });
  });
  return { topic: 'incidents', partition: 0, messages, isCurrent };
}
const steps = (rows: DeliveryRecord[]) => rows.map(({ sequence, attempt, outcome }) => [sequence, attempt, outcome]);

it('delivers, once, and writes it down', async () => {
  const { lane, sent, rows } = laneWith(() => delivered);
  await lane.deliver(batchOf([change('inc', 1)]));
  await lane.deliver(batchOf([change('inc', 1), change('inc', 2)]));
  expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(rows[0]).toEqual({
    receiver: 'ops',
    incidentId: 'inc',
    sequence: 1,
    attempt: 1,
    outcome: 'delivered',
    status: 200,
    detail: 'answered 200',
    startedAt: new Date(START),
    durationMs: 0,
    change: 'opened',
    settings: expect.stringMatching(/^[A-Za-z0-9_-]{12}$/),
  });
});

it('obeys Retry-After, then backs off, under one key: 429 with 7 s, 500, 200', async () => {
  const { lane, sent, rows } = laneWith((_, nth) => [limited, failed, delivered][nth - 1]!);
  const done = lane.deliver(batchOf([change('inc', 1)]));
  await jest.advanceTimersByTimeAsync(MINUTE);
  await done;
  expect(sent.map(({ at }) => at)).toEqual([0, 7_000, 9_000]);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  expect(steps(rows)).toEqual([
    [1, 1, 'retry'],
    [1, 2, 'retry'],
    [1, 3, 'delivered'],
  ]);
});

it('keeps the order of an incident, while another does not wait', async () => {
  const { lane, sent } = laneWith(({ incident_id }, nth) => (incident_id === 'bad' && nth < 4 ? failed : delivered));
  const done = lane.deliver(batchOf([change('bad', 1), change('good', 1), change('bad', 2), change('good', 2)]));
  await jest.advanceTimersByTimeAsync(500);
  expect(sent.filter(({ incident }) => incident === 'good').map(({ sequence }) => sequence)).toEqual([1, 2]);
  await jest.advanceTimersByTimeAsync(MINUTE);
  await done;
  const ofBad = sent.filter(({ incident }) => incident === 'bad').map(({ sequence }) => sequence);
  expect(ofBad).toEqual([...ofBad].sort());
  expect(ofBad.at(-1)).toBe(2);
});

it('speaks to nobody at the receiver until Retry-After is over', async () => {
  const { lane, sent } = laneWith((_, nth) => (nth === 1 ? limited : delivered));
  const done = lane.deliver(batchOf([change('one', 1)]));
  await jest.advanceTimersByTimeAsync(100);
  const later = lane.deliver(batchOf([change('two', 1)]));
  await jest.advanceTimersByTimeAsync(10_000);
  await Promise.all([done, later]);
  expect(sent.map(({ at }) => at)).toEqual([0, 7_000, 7_000]);
});

it('gives up after an hour, says so, and goes on with the next change', async () => {
  const { lane, rows, events, sent } = laneWith(({ sequence }) => (sequence === 1 ? failed : delivered));
  const done = lane.deliver(batchOf([change('inc', 1), change('inc', 2)]));
  await jest.advanceTimersByTimeAsync(62 * MINUTE);
  await done;
  expect(steps(rows).slice(-2)).toEqual([
    [1, rows.length - 1, 'gave_up'],
    [2, 1, 'delivered'],
  ]);
  expect(sent.at(-1)!.at).toBeGreaterThanOrEqual(60 * MINUTE);
  expect(events.filter(({ level }) => level === 'error').map(({ event }) => event)).toEqual(['delivery given up']);
  expect(JSON.stringify([events, rows])).not.toMatch(/hunter2|whsec_/);
});

it('goes on after a restart where the log ends', async () => {
  const { make, lane, rows, sent } = laneWith((_, nth) => (nth < 3 ? failed : delivered));
  let isCurrent = true;
  const batch = [change('inc', 1), change('inc', 2)];
  const cut = lane.deliver(batchOf(batch, { isCurrent: () => isCurrent }));
  const lost = expect(cut).rejects.toThrow('partition 0 was taken away');
  await jest.advanceTimersByTimeAsync(1_200);
  isCurrent = false;
  await jest.advanceTimersByTimeAsync(600);
  await lost;
  await make().deliver(batchOf(batch));
  await make().deliver(batchOf(batch));
  expect(steps(rows)).toEqual([
    [1, 1, 'retry'],
    [1, 2, 'retry'],
    [1, 3, 'delivered'],
    [2, 1, 'delivered'],
  ]);
  expect(sent).toHaveLength(4);
});

it('switches a receiver off that says that it is gone, and says so once', async () => {
  const { lane, rows, events, sent } = laneWith(() => gone);
  await lane.deliver(batchOf([change('inc', 1), change('inc', 2)]));
  expect(steps(rows)).toEqual([
    [1, 1, 'gone'],
    [2, 0, 'gone'],
  ]);
  expect(sent).toHaveLength(1);
  expect(events.filter(({ level }) => level === 'error').map(({ event }) => event)).toEqual([
    'receiver switched off: it says that it is gone for good',
  ]);
});

it.each([
  { name: 'a day', age: 1440 * MINUTE, outcome: 'delivered' },
  { name: 'more', age: 1440 * MINUTE + 1, outcome: 'expired' },
])('a change that has waited for $name is $outcome', async ({ age, outcome }) => {
  const { lane, rows } = laneWith(() => delivered);
  await lane.deliver(batchOf([change('inc', 1)], { timestamp: START - age }));
  expect(rows.map((row) => row.outcome)).toEqual([outcome]);
});

it('skips what it cannot read, loudly, and delivers what stands beside it', async () => {
  const { lane, sent, events } = laneWith(() => delivered);
  await lane.deliver(batchOf(['{', null, { ...given, severity: 'sev9' }, change('inc', 1)]));
  expect(sent).toHaveLength(1);
  expect(events.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual([
    { receiver: 'ops', offset: '0', reason: 'wanted a JSON object, got something that is not JSON' },
    { receiver: 'ops', offset: '1', reason: 'wanted a JSON object, got no value' },
    { receiver: 'ops', offset: '2', reason: expect.stringContaining('severity') },
  ]);
});

it('lets who was told of an incident hear its end, though it is no longer severe', async () => {
  const { lane, sent } = laneWith(() => delivered, { minSeverity: 'sev2' });
  const mild = { severity: 'sev3' } as const;
  await lane.deliver(batchOf([change('mild', 1, mild), change('bad', 1)]));
  await lane.deliver(batchOf([change('mild', 2, mild), change('bad', 2, { ...mild, change: 'resolved' })]));
  expect(sent.map(({ incident, sequence }) => [incident, sequence])).toEqual([
    ['bad', 1],
    ['bad', 2],
  ]);
});

it('alerts while ClickHouse is away, and writes it down when it is back', async () => {
  const { lane, sent, rows, store, log, events } = laneWith(() => delivered);
  store.fails = true;
  const done = lane.deliver(batchOf([change('inc', 1)]));
  await jest.advanceTimersByTimeAsync(5_000);
  await done;
  expect(sent).toHaveLength(1);
  expect(sent[0]!.at).toBeLessThan(2_000);
  expect(events.map(({ event }) => event)).toContain('delivery log not written, will be tried again');
  store.fails = false;
  await log.write();
  expect(steps(rows)).toEqual([[1, 1, 'delivered']]);
});

describe('a receiver that is gone', () => {
  it('stays off over a restart, until somebody says otherwise', async () => {
    const { make, lane, rows, sent } = laneWith((_, nth) => (nth === 1 ? gone : delivered));
    await lane.deliver(batchOf([change('inc', 1)]));
    const again = make();
    await again.standing.recall();
    await again.deliver(batchOf([change('inc', 2)]));
    expect(sent).toHaveLength(1);
    await again.obey(requestsOf({ kind: 'resume', request_id: 'r1', receiver: 'ops' }));
    await again.deliver(batchOf([change('inc', 3)]));
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 3]);
    const third = make();
    await third.standing.recall();
    expect(third.standing.isOff).toBe(false);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['gone', 'gone', 'resumed', 'delivered']);
  });

  it('is spoken to again when its settings have changed', async () => {
    const before = laneWith(() => gone);
    await before.lane.deliver(batchOf([change('inc', 1)]));
    const moved = { kind: 'webhook', name: 'ops', url: 'https://ops.example/new', secrets: [secret] } as const;
    const after = laneWith(() => delivered, { receiver: moved });
    after.rows.push(...before.rows);
    await after.lane.standing.recall();
    expect(after.lane.standing.isOff).toBe(false);
  });

  it('has what waits for it settled at once, and passed on', async () => {
    const { lane, rows, reports } = laneWith(({ incident_id }, nth) =>
      incident_id === 'one' && nth < 3 ? failed : gone,
    );
    const done = lane.deliver(batchOf([change('one', 1), change('one', 2), change('two', 1)]));
    await done;
    expect(steps(rows).map(([, , outcome]) => outcome)).toEqual(['retry', 'gone', 'gone', 'gone']);
    expect(reports.map(({ incident_id, sequence, outcome }) => [incident_id, sequence, outcome])).toEqual([
      ['two', 1, 'gone'],
      ['one', 1, 'gone'],
      ['one', 2, 'gone'],
    ]);
  });
});

const requestsOf = (...requests: NotifierRequest[]) =>
  batchOf(requests.map((request) => JSON.parse(requestRecord(request).value) as unknown));

describe('requests', () => {
  const resend = { kind: 'resend', request_id: 'r1', receiver: 'ops', incident_id: 'inc', sequence: 1 } as const;

  it('sends again what was told, under the same key, once for each request', async () => {
    const { lane, make, sent, rows } = laneWith(() => delivered);
    await lane.deliver(batchOf([change('inc', 1)]));
    await lane.obey(requestsOf(resend, { ...resend, receiver: 'somebody-else', request_id: 'r2' }));
    await make().obey(requestsOf(resend));
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 1]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(rows.map(({ attempt, outcome, requestId }) => [attempt, outcome, requestId])).toEqual([
      [1, 'delivered', undefined],
      [2, 'delivered', 'r1'],
    ]);
  });

  it('says so when there is no such change', async () => {
    const { lane, rows } = laneWith(() => delivered);
    await lane.obey(requestsOf({ ...resend, sequence: 99 }));
    expect(rows).toMatchObject([{ outcome: 'rejected', detail: 'not sent: there is no such change', requestId: 'r1' }]);
  });

  it('skips what is none', async () => {
    const { lane, events } = laneWith(() => delivered);
    await lane.obey(batchOf(['{', { kind: 'dance' }]));
    expect(events.map(({ event }) => event)).toEqual([
      'request to the notifier skipped',
      'request to the notifier skipped',
    ]);
  });

  it('tells of what another receiver was not told', async () => {
    const { lane, requests, rows } = laneWith(() => delivered, { receiver: chat });
    const report = {
      ...{ receiver: 'pager', incident_id: 'inc', sequence: 3, change: 'opened', severity: 'sev1' },
      ...{ title: 'SEV1 opened: <!channel>', outcome: 'gave_up', detail: 'answered 500' },
    };
    await lane.obey(requestsOf({ kind: 'undelivered', request_id: 'u1', receiver: 'chat', report }));
    const [{ body }] = requests as [DeliveryRequest];
    for (const part of ['pager', 'inc', 'answered 500', 'gave up', 'NOT DELIVERED']) expect(body).toContain(part);
    expect(body).not.toContain('<!channel>');
    expect(rows).toMatchObject([{ receiver: 'chat', incidentId: 'inc', change: 'undelivered', requestId: 'u1' }]);
  });
});

it('passes on what it could not tell, before it is done with it', async () => {
  const { lane, reports } = laneWith(() => ({ kind: 'rejected', status: 400, detail: 'answered 400' }));
  await lane.deliver(batchOf([change('inc', 1)]));
  expect(reports).toEqual([
    {
      ...{ receiver: 'ops', incident_id: 'inc', sequence: 1, change: 'opened', severity: 'sev1' },
      ...{ outcome: 'rejected', detail: 'answered 400', title: expect.stringContaining('SEV1 opened') },
    },
  ]);
});

const chat = { kind: 'slack', name: 'chat', url: 'https://hooks.slack.example/hunter2' } as const;

describe('chat that gets more than it takes', () => {
  const slow = { receiver: chat, perSecond: 1 };

  it('gets the last state of an incident, and every change is accounted for', async () => {
    const { lane, requests, rows } = laneWith(() => delivered, slow);
    const kinds = ['opened', ...Array.from({ length: 18 }, () => 'escalated'), 'resolved'] as const;
    const done = lane.deliver(batchOf(kinds.map((kind, i) => change('inc', i + 1, { change: kind as 'opened' }))));
    await jest.advanceTimersByTimeAsync(20_000);
    await done;
    expect(requests).toHaveLength(1);
    expect(requests[0]!.body).toContain('this stands for 20 changes');
    expect(rows).toHaveLength(20);
    expect(rows.filter(({ outcome }) => outcome === 'joined')).toHaveLength(19);
    for (const { outcome, carriedBy } of rows) expect(carriedBy).toBe(outcome === 'joined' ? 20 : undefined);
  });

  it('gets a thousand openings in a few messages, the worst first, none of them lost', async () => {
    const { lane, requests, rows, sent } = laneWith(() => delivered, slow);
    const openings = Array.from({ length: 1_000 }, (_, i) =>
      change(`inc-${i}`, 1, { severity: i === 777 ? 'sev1' : 'sev3' }),
    );
    const batches = [openings.slice(0, 1), openings.slice(1, 8), openings.slice(8)];
    const done = Promise.all(batches.map((each) => lane.deliver(batchOf(each))));
    await jest.advanceTimersByTimeAsync(60_000);
    await done;
    expect(requests.length).toBeLessThanOrEqual(4);
    expect(sent.at(-1)!.at).toBeLessThanOrEqual(15_000);
    const told = new Set(rows.filter(({ outcome }) => outcome !== 'retry').map(({ incidentId }) => incidentId));
    for (const { incident_id } of openings) expect(told).toContain(incident_id);
    for (const { outcome, digest } of rows.filter((row) => row.outcome === 'grouped')) {
      expect(outcome).toBe('grouped');
      expect(rows).toContainEqual(
        expect.objectContaining({ incidentId: digest, change: 'digest', outcome: 'delivered' }),
      );
    }
  });

  it('is not put together for programs', async () => {
    const { lane, sent, rows } = laneWith(() => delivered, { perSecond: 10 });
    const done = lane.deliver(
      batchOf(Array.from({ length: 100 }, (_, i) => change(`inc-${i % 10}`, 1 + Math.floor(i / 10)))),
    );
    await jest.advanceTimersByTimeAsync(20_000);
    await done;
    expect(sent).toHaveLength(100);
    expect(rows.every(({ outcome }) => outcome === 'delivered')).toBe(true);
    expect(sent.at(-1)!.at).toBeGreaterThanOrEqual(8_900);
  });
});

it('gathers openings where a route says so, and lets what is known pass', async () => {
  const { make, requests, sent } = laneWith(() => delivered, { receiver: chat });
  const lane = make();
  (
    lane as unknown as { settings: { routing: { routes: Array<{ groupMs: number }> } } }
  ).settings.routing.routes[0]!.groupMs = 30_000;
  const done = [lane.deliver(batchOf([change('one', 1)]))];
  await jest.advanceTimersByTimeAsync(1_000);
  done.push(lane.deliver(batchOf([change('two', 1), change('three', 1), change('one', 2, { change: 'escalated' })])));
  await jest.advanceTimersByTimeAsync(2_000);
  expect(requests).toHaveLength(2);
  await jest.advanceTimersByTimeAsync(40_000);
  await Promise.all(done);
  expect(sent.map(({ at }) => at)).toEqual([0, 1_000, 30_000]);
  expect(requests[2]!.body).toContain('2 incidents at once');
});

it('gives what a receiver calls its message to the next request about the incident, over a restart too', async () => {
  const discord = { kind: 'discord', name: 'chat', url: 'https://discord.example/api/webhooks/1/hunter2' } as const;
  const { make, lane, requests } = laneWith(() => ({ ...delivered, messageId: '4711' }) as Answer, {
    receiver: discord,
  });
  await lane.deliver(batchOf([change('inc', 1)]));
  await make().deliver(batchOf([change('inc', 2, { change: 'escalated' })]));
  expect(requests.map(({ method = 'POST', url }) => [method, url.includes('/messages/4711')])).toEqual([
    ['POST', false],
    ['PATCH', true],
  ]);
});

it('keeps the order of an incident over batches that are worked on together', async () => {
  const { lane, sent } = laneWith((_, nth) => (nth < 3 ? failed : delivered));
  const done = [1, 2, 3].map((sequence) => lane.deliver(batchOf([change('inc', sequence)])));
  await jest.advanceTimersByTimeAsync(MINUTE);
  await Promise.all(done);
  expect(sent.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 2, 3]);
});

it('tells a change once that stands in the topic twice', async () => {
  const { lane, sent } = laneWith(() => delivered);
  await Promise.all([
    lane.deliver(batchOf([change('inc', 1), change('inc', 1)])),
    lane.deliver(batchOf([change('inc', 1)])),
  ]);
  expect(sent).toHaveLength(1);
});

it('reads again what it could not pass on', async () => {
  const { lane, rows } = laneWith(() => ({ kind: 'rejected', status: 400, detail: 'answered 400' }));
  const parts = (lane as unknown as { parts: { standIn: { report: () => Promise<void> } } }).parts;
  parts.standIn.report = () => Promise.reject(new Error('Kafka is away'));
  await expect(lane.deliver(batchOf([change('inc', 1)]))).rejects.toThrow('Kafka is away');
  expect(rows).toEqual([]);
});
