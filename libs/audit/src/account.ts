import { createHash } from 'node:crypto';
import {
  type ClickHouseClient,
  type Content,
  type Erasures,
  contentKey,
  contentOf,
  contentsAtOffsets,
  knownConflictLetters,
  lettersAtOffsets,
  rowsOfIds,
} from '@ringwatch/clickhouse';
import { type InputEvents, type InputTopic, isRefusal, judgeMessage } from '@ringwatch/inputs';
import { canonicalPayload } from './canonical-payload';
import { type Fate, type FateCounts, type Finding, type FindingKind, noFates } from './findings';
import type { LogChunk, LogMessage } from './log-reader';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long rows are kept (the tables' TTL): a record older than that may have lost its row to it. */
export const KEPT_MS: Record<InputTopic | 'dead_letters', number> = {
  bugchecks: 90 * DAY_MS,
  updates: Infinity,
  installs: 90 * DAY_MS,
  heartbeats: 7 * DAY_MS,
  'incident-actions': Infinity,
  dead_letters: 14 * DAY_MS,
};
/** Ids in one question: bounds its length. */
const IDS_AT_ONCE = 500;

export interface Account {
  counts: FateCounts;
  findings: Finding[];
}

interface Unexplained {
  message: LogMessage;
  event: InputEvents[InputTopic];
  content: Content;
}

/**
 * Accounts for every offset of a chunk: each message is judged again by the exact decoder, and has to be found as what the
 * verdict asks for. Rows are asked for before dead letters, since a conflict's letter is there before its row goes.
 */
export async function accountForChunk(
  db: ClickHouseClient,
  chunk: LogChunk,
  { erasures, now }: { erasures: Erasures; now: number },
): Promise<Account> {
  const topic = chunk.topic as InputTopic;
  const range = { partition: chunk.partition, first: chunk.from, last: chunk.until - 1 };
  const rows = byOffset(await contentsAtOffsets(db, topic, range));
  const letters = new Map((await lettersAtOffsets(db, topic, range)).map((letter) => [letter.offset, letter]));
  const book = new Book(chunk);
  const leftOver: Unexplained[] = [];
  for (const message of chunk.messages) {
    const here = rows.get(message.offset);
    rows.delete(message.offset);
    const letter = letters.get(message.offset);
    const age = now - message.timestamp;
    const verdict = judgeMessage(topic, message);
    if (isRefusal(verdict)) {
      if (letter) {
        if (letter.hash === hashOf(message.value)) book.note('dead_letter');
        else
          book.find('letter_differs', message.offset, `${verdict.reason}: the bytes in dead_letters are not its own`);
      } else if (erasures.coversBytes(message.key, message.value, message.timestamp)) book.note('erased');
      else if (here)
        book.find('refused_but_stored', message.offset, `${verdict.reason} ${verdict.field}: ${verdict.detail}`);
      else if (age > KEPT_MS.dead_letters) book.note('expired');
      else
        book.find('missing', message.offset, `no dead letter: ${verdict.reason} ${verdict.field}: ${verdict.detail}`);
      continue;
    }
    const content = contentOf(topic, verdict);
    if (erasures.covers(verdict, message.timestamp)) {
      // What somebody did stays, without the words that named the id.
      if (here && (topic !== 'incident-actions' || here.has(contentKey(content))))
        book.find('erased_but_stored', message.offset, idOf(verdict));
      else book.note('erased');
    } else if (here?.has(contentKey(content))) {
      here.delete(contentKey(content));
      book.note('stored');
    } else leftOver.push({ message, event: verdict, content });
    if (here && here.size > 0 && !erasures.covers(verdict, message.timestamp))
      book.find('other_content', message.offset, `${idOf(verdict)}: its row says ${[...here][0]}`);
  }
  for (const [offset, contents] of rows) book.find('extra_row', offset, `no record there: ${[...contents][0]}`);
  for (const each of await withoutCopies(db, topic, leftOver, book)) {
    const { message, event, content } = each;
    const letter = letters.get(message.offset);
    if (letter?.reason === 'conflict') book.note('conflict');
    else if (letter && letter.hash === hashOf(message.value)) book.note('dead_letter');
    else if ((await knownConflictLetters(db, topic, [hashOf(canonicalPayload(topic, content))])).size > 0)
      book.note('conflict');
    else if (now - message.timestamp > KEPT_MS[topic]) book.note('expired');
    else book.find('missing', message.offset, `no row and no dead letter: ${idOf(event)}`);
  }
  return { counts: book.counts, findings: book.findings };
}

/** Collects what is found of one chunk. */
class Book {
  readonly counts = noFates();
  readonly findings: Finding[] = [];

  constructor(private readonly chunk: LogChunk) {}

  note(fate: Fate): void {
    this.counts[fate]++;
  }

  find(kind: FindingKind, offset: number, detail: string): void {
    this.findings.push({ kind, topic: this.chunk.topic, partition: this.chunk.partition, offset, detail });
  }
}

/** Notes those whose content stands under another offset as duplicates; the others are returned. */
async function withoutCopies(
  db: ClickHouseClient,
  topic: InputTopic,
  events: readonly Unexplained[],
  book: Book,
): Promise<Unexplained[]> {
  const others: Unexplained[] = [];
  for (let at = 0; at < events.length; at += IDS_AT_ONCE) {
    const part = events.slice(at, at + IDS_AT_ONCE);
    const ids = [...new Set(part.map(({ event }) => ('event_id' in event ? event.event_id : event.host_id)))];
    const instants = [...new Set(part.map(({ content }) => content[topic === 'heartbeats' ? 0 : 1] as number))];
    const found = new Set((await rowsOfIds(db, topic, { ids, instants })).map(({ content }) => contentKey(content)));
    for (const each of part) {
      if (found.has(contentKey(each.content))) book.note('duplicate');
      else others.push(each);
    }
  }
  return others;
}

function byOffset(rows: ReadonlyArray<{ offset: number; content: Content }>): Map<number, Set<string>> {
  const contents = new Map<number, Set<string>>();
  for (const { offset, content } of rows) {
    const known = contents.get(offset);
    if (known) known.add(contentKey(content));
    else contents.set(offset, new Set([contentKey(content)]));
  }
  return contents;
}

function idOf(event: InputEvents[InputTopic]): string {
  return 'event_id' in event
    ? `event_id ${event.event_id}`
    : `host_id ${event.host_id} at ${new Date(event.occurred_at).toISOString()}`;
}

/** SHA-256 in upper-case hexadecimal; a null value is kept as no bytes. */
export const hashOf = (bytes: Buffer | null) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')
    .toUpperCase();
