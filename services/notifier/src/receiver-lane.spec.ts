import type { DeliveryRecord } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { incomingMessage, type MessageBatch } from '@ringwatch/kafka';
import type { Answer, DeliveryRequest } from '@ringwatch/webhook';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from './clock';
import { DeliveryLog } from './delivery-log';
import { ReceiverLane } from './receiver-lane';
import type { Route } from './routes';
import { Telemetry } from './telemetry';

const cases = join(__dirname, '..', '..', '..', 'libs', 'webhook', 'cases');
const { given } = JSON.parse(readFileSync(join(cases, 'opened.json'), 'utf8')) as { given: IncidentChange };
const START = Date.parse('2024-07-19T04:11:40Z');
const MINUTE = 60_000;

const delivered: Answer = { kind: 'delivered', status: 200, detail: 'answered 200' };
const failed: Answer = { kind: 'retry', status: 500, detail: 'answered 500', retryAfterMs: null };
const limited: Answer = { ...failed, status: 429, detail: 'answered 429', retryAfterMs: 7_000 };
const gone: Answer = { kind: 'gone', status: 410, detail: 'answered 410' };

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

/** A lane with a receiver that answers as told, and everything that can be seen of it from outside. */
function laneWith(answer: (change: IncidentChange, nth: number) => Answer, more: Partial<Route> = {}) {
  const sent: Array<{ at: number; incident: string; sequence: number; key: string | undefined }> = [];
  const rows: DeliveryRecord[] = [];
  const events: Array<{ level: string; event: string; fields: object }> = [];
  const store = { fails: false };
  const to = (level: string) => (fields: object, event: string) => void events.push({ level, event, fields });
  const telemetry = new Telemetry({ info: to('info'), warn: to('warn'), error: to('error') });
  const table = {
    past: (receiver: string, incidentIds: readonly string[]) =>
      store.fails ? Promise.reject(new Error('away')) : Promise.resolve(pastOf(rows, receiver, incidentIds)),
    store: (records: readonly DeliveryRecord[]) =>
      store.fails ? Promise.reject(new Error('away')) : Promise.resolve(void rows.push(...records)),
  };
  const clock = { ...wallClock, random: () => 0 };
  const log = new DeliveryLog(table, clock, telemetry);
  const send = (request: DeliveryRequest) => {
    const { data } = JSON.parse(request.body) as { data: IncidentChange };
    sent.push({
      at: Date.now() - START,
      incident: data.incident_id,
      sequence: data.sequence,
      key: request.headers['webhook-id'],
    });
    return Promise.resolve(answer(data, sent.length));
  };
  const receiver = { kind: 'webhook', name: 'ops', url: 'https://ops.example/hunter2', secrets: [secret] } as const;
  const route: Route = { receiver, minSeverity: 'sev3', ...more };
  const make = () =>
    new ReceiverLane(route, { dashboardUrl: undefined, maxAgeMs: 1440 * MINUTE }, { log, clock, telemetry, send });
  return { make, lane: make(), sent, rows, events, store, log };
}
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function pastOf(rows: DeliveryRecord[], receiver: string, incidentIds: readonly string[]) {
  return rows
    .filter((row) => row.receiver === receiver && incidentIds.includes(row.incidentId))
    .map(({ incidentId, sequence, attempt, outcome }) => ({
      incidentId,
      sequence,
      attempts: attempt,
      outcomes: [outcome],
    }))
    .reduce<Array<{ incidentId: string; sequence: number; attempts: number; outcomes: string[] }>>((all, row) => {
      const same = all.find((each) => each.incidentId === row.incidentId && each.sequence === row.sequence);
      if (!same) return [...all, row];
      same.attempts = Math.max(same.attempts, row.attempts);
      same.outcomes.push(...row.outcomes);
      return all;
    }, []);
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
  expect(events.map(({ level, event }) => `${level}: ${event}`)).toEqual([
    'error: receiver switched off: it says that it is gone for good',
    'warn: delivery not tried',
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
