import { createHash } from 'node:crypto';
import type { Lane } from './lane';
import { type LogRecord, readLog } from './log';
import type { ExpectedRow, Message } from './messages';
import { rollupFaults } from './rollup-oracle';
import { nameOf, type Stage, TOPIC } from './stage';

/** What the log holds, read once for all lanes of a stage. */
export interface LogSeen {
  records: Array<LogRecord & { message: Message | undefined }>;
  deadLetters: LogRecord[];
  violations: string[];
}

/** Figures of one check, for people. */
export interface Verdict {
  violations: string[];
  records: number;
  events: number;
  deadLetters: number;
  /** Rows beyond one an event before FINAL: what was stored again after a kill. */
  copies: number;
  /** sha256 of all that must not depend on order, batches or crashes. */
  stateHash: string;
}

/** Reads the log and compares it with the producer's journal: what Kafka acknowledged has to stand there, byte for byte. */
export async function readStage(stage: Stage): Promise<LogSeen> {
  const [raw, deadLetters] = [await readLog(stage.world, TOPIC), await readLog(stage.world, 'dead-letters')];
  const records = raw.map((record) => ({ ...record, message: stage.tried.get(nameOf(record)) }));
  const violations = some(
    'I1: records in the log that nobody sent',
    records.filter(({ message }) => !message).map(placeOf),
  );
  const inLog = new Map(records.map((record) => [placeOf(record), nameOf(record)]));
  const lost = [...stage.acked].flatMap(([partition, messages]) =>
    [...messages]
      .filter(([offset, message]) => inLog.get(`${partition}/${offset}`) !== nameOf(message))
      .map(([offset]) => `${partition}/${offset}`),
  );
  if (!stage.mayMissInLog) violations.push(...some('I1: acknowledged by Kafka, and not in its log', lost));
  return { records, deadLetters, violations };
}

/** I1 to I5 for one lane at rest: what its tables hold against what the log holds. `also` are events of a log that is gone. */
export async function judge(lane: Lane, log: LogSeen, also: Message[] = []): Promise<Verdict> {
  const rows = await lane.world.ask<StoredRow>(lane.name, ROWS);
  const letters = await lane.world.ask<StoredLetter>(lane.name, LETTERS);
  const [{ copies }] = (await lane.world.ask<{ copies: string }>(lane.name, COPIES)) as [{ copies: string }];
  const violations = [
    ...log.violations,
    ...checkRows(rows, log, also),
    ...checkLetters(letters, log, also.length > 0),
    ...(await rollupFaults(lane)),
  ];
  return {
    violations,
    records: log.records.length,
    events: rows.length,
    deadLetters: letters.length,
    copies: Number(copies),
    stateHash: hashOf(rows, letters),
  };
}

/** The state of a lane as one hash: `content` is what no order and no crash may change, `whole` also has places and arrival times. */
export async function stateOf(lane: Lane): Promise<{ content: string; whole: string }> {
  const rows = await lane.world.ask<StoredRow>(lane.name, ROWS);
  const letters = await lane.world.ask<StoredLetter>(lane.name, LETTERS);
  const lines = [...rows, ...letters].map((each) => JSON.stringify(each)).sort();
  return { content: hashOf(rows, letters), whole: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

const LETTERS = `SELECT source_partition, source_offset, hex(key) AS key, hex(payload) AS payload, reason
  FROM dead_letters FINAL WHERE source_topic = '${TOPIC}'`;
const COPIES = `SELECT count() - uniqExact(event_id) AS copies FROM bugchecks`;
const ROWS = `SELECT event_id, toUnixTimestamp64Milli(occurred_at) AS occurred_at, host_id, org_id, country, os_build,
    bugcheck_code, arrayMap(each -> toString(each), bugcheck_parameters) AS bugcheck_parameters, driver, driver_version,
    update_channel, update_version, fault_offset, uptime_seconds,
    arrayMap(each -> [tupleElement(each, 1), tupleElement(each, 2), toString(toUnixTimestamp64Milli(tupleElement(each, 3)))], recent_updates)
      AS recent_updates, source_partition, source_offset, toUnixTimestamp64Milli(received_at) AS received_at FROM bugchecks FINAL`;

type StoredRow = Omit<ExpectedRow, 'occurred_at'> & {
  occurred_at: string;
  source_partition: number;
  source_offset: string;
  received_at: string;
};
interface StoredLetter {
  source_partition: number;
  source_offset: string;
  key: string;
  payload: string;
  reason: string;
}

/** I1: each event of the log is one row with exactly its content, from one of its places in the log; and no other rows. */
function checkRows(rows: StoredRow[], log: LogSeen, also: Message[]): string[] {
  const places = new Map<string, { row: string; at: Set<string>; earliest: number }>();
  const add = (message: Message, place: string, timestamp: number) => {
    if (!('row' in message.verdict)) return;
    const { row } = message.verdict;
    const known = places.get(row.event_id) ?? { row: contentOf(row), at: new Set(), earliest: Infinity };
    places.set(row.event_id, known);
    known.at.add(place);
    known.earliest = Math.min(known.earliest, timestamp);
  };
  for (const record of log.records) if (record.message) add(record.message, placeOf(record), record.timestamp);
  for (const message of also) add(message, 'gone', 0);
  const [seen, doubled, strange, changed, misplaced] = [new Set<string>(), [], [], [], []].map((x) => x) as [
    Set<string>,
    string[],
    string[],
    string[],
    string[],
  ];
  for (const row of rows) {
    const { event_id } = row;
    const expected = places.get(event_id);
    if (seen.has(event_id)) doubled.push(event_id);
    seen.add(event_id);
    if (!expected) strange.push(event_id);
    else if (contentOf({ ...row, occurred_at: Number(row.occurred_at) }) !== expected.row) changed.push(event_id);
    else if (
      !expected.at.has('gone') &&
      !(expected.at.has(`${row.source_partition}/${row.source_offset}`) && Number(row.received_at) >= expected.earliest)
    )
      misplaced.push(event_id);
  }
  return [
    ...some(
      'I1: events of the log without a row',
      [...places.keys()].filter((id) => !seen.has(id)),
    ),
    ...some('I1: events with more than one row', doubled),
    ...some('I1: rows of events that nobody sent', strange),
    ...some('I1: rows with other content than was sent', changed),
    ...some('I1: rows whose source is not where the event stands, or that arrived before it was sent', misplaced),
  ];
}

/** I2 and I3: each refused record of the log is one dead letter with its bytes, key and reason, and one in the topic. */
function checkLetters(letters: StoredLetter[], log: LogSeen, mayHaveOlder: boolean): string[] {
  const hex = (bytes: Buffer | null) => bytes?.toString('hex').toUpperCase() ?? '';
  const line = (key: string, payload: string, reason: string) => `${reason} ${key} ${payload}`;
  const refused = log.records.filter(({ message }) => message && 'reason' in message.verdict);
  const wanted = new Map(
    refused.map((record) => [
      placeOf(record),
      line(hex(record.key), hex(record.value), (record.message!.verdict as { reason: string }).reason),
    ]),
  );
  const inTable = new Map(
    letters.map((each) => [
      `${each.source_partition}/${each.source_offset}`,
      line(each.key, each.payload, each.reason),
    ]),
  );
  const inTopic = new Map(
    log.deadLetters.map(({ headers, key, value }) => [
      `${headers['source_partition']}/${headers['source_offset']}`,
      line(hex(key), hex(value), headers['reason'] ?? ''),
    ]),
  );
  const places = [...wanted.keys()];
  return [
    ...some(
      'I2: refused records without a dead letter',
      places.filter((place) => !inTable.has(place)),
    ),
    ...some(
      'I3: dead letters with other bytes, key or reason',
      places.filter((place) => inTable.has(place) && inTable.get(place) !== wanted.get(place)),
    ),
    ...some(
      'I3: refused records that are not in the topic dead-letters as they were',
      places.filter((place) => inTopic.get(place) !== wanted.get(place)),
    ),
    ...some(
      'I3: dead letters of records that were not refused',
      mayHaveOlder ? [] : [...inTable.keys()].filter((place) => !wanted.has(place)),
    ),
    ...some(
      'I3: dead letters that are more than one for a record',
      letters.length > inTable.size ? [`${letters.length} rows for ${inTable.size}`] : [],
    ),
  ];
}

function contentOf(row: ExpectedRow): string {
  return JSON.stringify([
    [
      row.event_id,
      row.occurred_at,
      row.host_id,
      row.org_id,
      row.country,
      row.os_build,
      row.bugcheck_code,
      row.bugcheck_parameters,
    ],
    [
      row.driver,
      row.driver_version,
      row.update_channel,
      row.update_version,
      row.fault_offset,
      row.uptime_seconds,
      row.recent_updates,
    ],
  ]);
}

/** I5: without places and arrival times, which may differ from run to run. */
function hashOf(rows: StoredRow[], letters: StoredLetter[]): string {
  const lines = [
    ...rows.map((row) => contentOf({ ...row, occurred_at: Number(row.occurred_at) })),
    ...letters.map(({ key, payload, reason }) => `${reason} ${key} ${payload}`),
  ];
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

function placeOf({ partition, offset }: LogRecord): string {
  return `${partition}/${offset}`;
}

function some(what: string, list: string[]): string[] {
  return list.length === 0 ? [] : [`${what}: ${list.length}, such as ${list.slice(0, 3).join(', ')}`];
}
