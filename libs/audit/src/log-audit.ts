import {
  type ClickHouseClient,
  type Erasures,
  type LetterSource,
  deadLettersSince,
  loadErasures,
} from '@ringwatch/clickhouse';
import { type Account, KEPT_MS, accountForChunk } from './account';
import { type FateCounts, type Finding, noFates } from './findings';
import { offsetsSince, partitionBounds } from './log-ranges';
import { type Kafka, type LogChunk, type LogRange, readLog } from './log-reader';
import { OffsetSet } from './offset-set';
import { type Pace, unpaced } from './pace';

export interface LogAuditOptions {
  kafka: Kafka;
  db: ClickHouseClient;
  ranges: readonly LogRange[];
  pace?: Pace;
  onFinding: (finding: Finding) => void;
  /** Told after each chunk, in order within a partition. */
  onChunk?: (chunk: LogChunk, counts: FateCounts) => void | Promise<void>;
}

/** What looks wrong while rows are being deleted or erased looks right a moment later. */
const SECOND_LOOK_AFTER_MS = 1_500;

/**
 * The audit of the log: reads messages again from Kafka and accounts for each in ClickHouse. A finding is told when it
 * stands after a second look. Returns how many messages had which fate.
 */
export async function auditLog(options: LogAuditOptions): Promise<FateCounts> {
  const { kafka, db, ranges, pace = unpaced, onFinding, onChunk } = options;
  const totals = noFates();
  let erasures = await loadErasures(db);
  await readLog(kafka, ranges, async (chunk, stayAlive) => {
    let account = await look(db, chunk, erasures);
    if (account.findings.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_AFTER_MS));
      erasures = await loadErasures(db);
      account = await again(db, chunk, erasures, account);
      if (account.findings.some(({ kind }) => kind === 'extra_row')) account = await stillKept(kafka, chunk, account);
    }
    for (const finding of account.findings) onFinding(finding);
    for (const [fate, count] of Object.entries(account.counts)) totals[fate as keyof FateCounts] += count;
    await onChunk?.(chunk, account.counts);
    const beating = setInterval(() => void stayAlive(), 5_000);
    await pace.rest().finally(() => clearInterval(beating));
  });
  return totals;
}

const look = (db: ClickHouseClient, chunk: LogChunk, erasures: Erasures) =>
  accountForChunk(db, chunk, { erasures, now: Date.now() });

async function again(db: ClickHouseClient, chunk: LogChunk, erasures: Erasures, before: Account): Promise<Account> {
  const now = await look(db, chunk, erasures);
  const seen = new Set(before.findings.map(({ kind, offset }) => `${kind}@${offset}`));
  return { counts: now.counts, findings: now.findings.filter(({ kind, offset }) => seen.has(`${kind}@${offset}`)) };
}

/** Rows of records that Kafka has let go meanwhile are not extra. */
async function stillKept(kafka: Kafka, chunk: LogChunk, account: Account): Promise<Account> {
  const [bounds] = (await partitionBounds(kafka, 'ringwatch-audit', [chunk.topic])).filter(
    ({ partition }) => partition === chunk.partition,
  );
  const low = bounds?.low ?? 0;
  return { ...account, findings: account.findings.filter(({ kind, offset }) => kind !== 'extra_row' || offset >= low) };
}

const HOUR_MS = 60 * 60 * 1000;

/**
 * Compares dead letters in the table with those in the topic: every one of the table, stored since `since` (ms since 1970
 * UTC), has to be in the topic at least once. Returns how many were compared.
 */
export async function auditLetters(
  { kafka, db, pace = unpaced, onFinding }: Pick<LogAuditOptions, 'kafka' | 'db' | 'pace' | 'onFinding'>,
  since: number,
): Promise<number> {
  const oldest = Date.now() - KEPT_MS.dead_letters + 24 * HOUR_MS;
  const from = Math.max(since, oldest);
  const inTopic = new OffsetSet();
  let compared = 0;
  const pages = deadLettersSince(db, Math.floor(from / 1_000));
  const first = await pages.next();
  if (first.done || first.value.length === 0) return 0;
  await readTopic(kafka, from - HOUR_MS, pace, inTopic);
  for (let page: IteratorResult<LetterSource[]> = first; !page.done; page = await pages.next()) {
    compared += page.value.length;
    for (const { topic, partition, offset } of page.value) {
      if (inTopic.has(topic, partition, offset)) continue;
      const detail = 'a dead letter of the table that the topic dead-letters does not have';
      onFinding({ kind: 'letter_not_in_topic', topic, partition, offset, detail });
    }
    await pace.rest();
  }
  return compared;
}

async function readTopic(kafka: Kafka, since: number, pace: Pace, seen: OffsetSet): Promise<void> {
  const starts = await offsetsSince(kafka, 'dead-letters', since);
  const bounds = await partitionBounds(kafka, 'ringwatch-audit', ['dead-letters']);
  const ranges = bounds.map(({ topic, partition, low, high }) => {
    const start = starts.get(partition) ?? low;
    return { topic, partition, from: Math.max(low, start), until: high };
  });
  await readLog(kafka, ranges, async ({ messages }, stayAlive) => {
    for (const { headers } of messages) {
      const { source_topic = '', source_partition, source_offset } = headers;
      seen.add(source_topic, Number(source_partition), Number(source_offset));
    }
    const beating = setInterval(() => void stayAlive(), 5_000);
    await pace.rest().finally(() => clearInterval(beating));
  });
}
