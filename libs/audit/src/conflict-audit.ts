import {
  type ClickHouseClient,
  type DeadLetter,
  type Loser,
  type RowOfId,
  conflictingIds,
  contentFields,
  contentKey,
  finishConflicts,
  knownConflictLetters,
  markChangedHours,
  openConflicts,
  readAuditProgress,
  rowsOfIds,
  storeDeadLetters,
  storedSince,
  writeAuditProgress,
} from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import type { TopicWriter } from '@ringwatch/kafka';
import { hashOf } from './account';
import { canonicalPayload } from './canonical-payload';
import { toRecords } from './dead-letter-record';
import { type Pace, unpaced } from './pace';

export interface ConflictAuditOptions {
  db: ClickHouseClient;
  /** Writes to the topic of dead letters. */
  writer: TopicWriter;
  /** Told the event times (ms since 1970 UTC) of bugchecks that were deleted: marks their hours to be counted again. */
  markHours?: (instants: number[]) => Promise<void>;
  pace?: Pace;
  /** Looks at everything that is stored, not only at what came since the last audit. */
  whole?: boolean;
}

/** An insert's rows get their time when it begins and are seen when it ends; both clocks are the server's. */
const OVERLAP_S = 300;
/** Ids in the memory of one question. */
const ROWS_A_SHARE = 1_000_000;
const IDS_AT_ONCE = 500;

/**
 * The audit of conflicts: finds the same id with other content among what was stored since the last audit, and settles it.
 * What arrived first stays; the others become dead letters (topic, then table), are noted, deleted, and what rested on them
 * is made again. Can be cut off anywhere and repeated. Returns how many were settled, by topic.
 */
export async function settleConflicts(options: ConflictAuditOptions): Promise<Record<InputTopic, number>> {
  const { db, pace = unpaced, whole = false } = options;
  const markHours = options.markHours ?? ((instants) => markChangedHours(db, instants));
  const settled = Object.fromEntries(inputTopics.map((topic) => [topic, 0])) as Record<InputTopic, number>;
  await finishConflicts(db, markHours);
  const progress = new Map(
    (await readAuditProgress(db, 'conflicts')).map(({ topic, until }) => [topic, until / 1_000]),
  );
  for (const topic of inputTopics) {
    const since = whole ? 0 : Math.max(0, (progress.get(topic) ?? 0) - OVERLAP_S);
    const { rows, now } = await storedSince(db, topic, since);
    const shares = Math.max(1, Math.ceil(rows / ROWS_A_SHARE));
    for (let share = 0; rows > 0 && share < shares; share++) {
      settled[topic] += await settleShare({ ...options, markHours }, topic, { since, share, shares });
      await pace.rest();
    }
    await writeAuditProgress(db, 'conflicts', [{ topic, partition: 0, until: now * 1_000 }]);
  }
  return settled;
}

/** The ids under which more than one content stands at the moment, in the whole store; nothing is settled. */
export async function openConflictIds(db: ClickHouseClient): Promise<Array<{ topic: InputTopic; id: string }>> {
  const found: Array<{ topic: InputTopic; id: string }> = [];
  for (const topic of inputTopics) {
    const { rows } = await storedSince(db, topic, 0);
    const shares = Math.max(1, Math.ceil(rows / ROWS_A_SHARE));
    for (let share = 0; rows > 0 && share < shares; share++) {
      const ids = await conflictingIds(db, topic, { since: 0, share, shares, most: IDS_AT_ONCE });
      found.push(...ids.map(({ id }) => ({ topic, id })));
    }
  }
  return found;
}

async function settleShare(
  { db, writer, markHours }: Required<Pick<ConflictAuditOptions, 'db' | 'writer' | 'markHours'>>,
  topic: InputTopic,
  part: { since: number; share: number; shares: number },
): Promise<number> {
  for (let settled = 0; ;) {
    const ids = await conflictingIds(db, topic, { ...part, most: IDS_AT_ONCE });
    if (ids.length === 0) return settled;
    const instants = [...new Set(ids.flatMap((each) => each.instants))];
    const rows = await rowsOfIds(db, topic, { ids: ids.map(({ id }) => id), instants });
    const losers = losersAmong(topic, rows);
    if (losers.length === 0) return settled;
    const letters = await newLetters(db, topic, losers);
    await writer.write(toRecords(letters));
    await storeDeadLetters(db, letters);
    await openConflicts(
      db,
      losers.map(({ row }) => toLoser(topic, row)),
    );
    settled += await finishConflicts(db, markHours);
  }
}

export interface LosingRow {
  row: RowOfId;
  /** The row that stays. */
  winner: RowOfId;
}

/**
 * Of rows under some ids, those whose content did not arrive first, one row a content: its earliest. First is who has the
 * least arrival time, then the lower partition, then the lower offset. Pure.
 */
export function losersAmong(topic: InputTopic, rows: readonly RowOfId[]): LosingRow[] {
  const byId = new Map<string, RowOfId[]>();
  for (const row of [...rows].sort(byArrival)) {
    const id = topic === 'heartbeats' ? JSON.stringify([row.content[1], row.content[0]]) : String(row.content[0]);
    const contents = byId.get(id);
    if (!contents) byId.set(id, [row]);
    else if (!contents.some(({ content }) => contentKey(content) === contentKey(row.content))) contents.push(row);
  }
  return [...byId.values()].flatMap(([winner, ...others]) => others.map((row) => ({ row, winner: winner as RowOfId })));
}

function byArrival(one: RowOfId, other: RowOfId): number {
  return one.receivedAt - other.receivedAt || one.partition - other.partition || one.offset - other.offset;
}

/** Dead letters for losers whose content has none yet: a rewind brings the row back, but no second letter. */
async function newLetters(
  db: ClickHouseClient,
  topic: InputTopic,
  losers: readonly LosingRow[],
): Promise<Array<DeadLetter & { reason: 'conflict' }>> {
  const letters = losers.map(({ row, winner }) => {
    const value = fieldsOf(topic, row);
    return {
      reason: 'conflict' as const,
      field: topic === 'heartbeats' ? 'occurred_at' : 'event_id',
      detail: `wanted the content that arrived first (${topic}[${winner.partition}]@${winner.offset}) under this id, got another`,
      sourceTopic: topic,
      sourcePartition: row.partition,
      sourceOffset: row.offset,
      sourceTimestamp: row.receivedAt,
      receivedAt: row.receivedAt,
      key: Buffer.from(String(value['host_id'] ?? value['update_channel'] ?? value['incident_id'])),
      payload: canonicalPayload(topic, row.content),
    };
  });
  const known = new Set<string>();
  for (let at = 0; at < letters.length; at += IDS_AT_ONCE) {
    const hashes = letters.slice(at, at + IDS_AT_ONCE).map(({ payload }) => hashOf(payload));
    for (const hash of await knownConflictLetters(db, topic, hashes)) known.add(hash);
  }
  return letters.filter(({ payload }) => !known.has(hashOf(payload)));
}

function toLoser(topic: InputTopic, row: RowOfId): Loser {
  const value = fieldsOf(topic, row);
  const text = (name: string) => (typeof value[name] === 'string' ? value[name] : '');
  return {
    topic,
    eventId: text('event_id'),
    hostId: text('host_id'),
    orgId: text('org_id'),
    occurredAt: value['occurred_at'] as number,
    receivedAt: row.receivedAt,
    contentHash: row.contentHash,
    updates: updatesOf(topic, value),
  };
}

function updatesOf(topic: InputTopic, value: Record<string, unknown>): Loser['updates'] {
  if (topic === 'heartbeats')
    return (value['updates'] as string[][]).map(([channel = '', version = '']) => ({ channel, version }));
  const counts = topic === 'installs' ? value['outcome'] === 'applied' : value['action'] === 'shipped';
  if (topic === 'bugchecks' || topic === 'incident-actions' || !counts) return [];
  return [{ channel: String(value['update_channel']), version: String(value['update_version']) }];
}

function fieldsOf(topic: InputTopic, { content }: RowOfId): Record<string, unknown> {
  return Object.fromEntries(contentFields[topic].map((field, index) => [field, content[index]]));
}
