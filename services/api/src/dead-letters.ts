import { type LetterPosition, type ShownLetter, countDeadLetters, listDeadLetters } from '@ringwatch/clickhouse';
import { z } from 'zod';
import { decodeCursor, pageOf } from './cursor';
import type { LettersQuery } from './operation-answers';
import type { Store } from './store';

const position = z.tuple([z.number().int(), z.string(), z.number().int(), z.number().int()]);

/** Lists refused messages, newest record first; on the first page also how many there are of each kind. */
export async function readDeadLetters(store: Store, query: LettersQuery) {
  const { since, until } = query;
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  const filters = { topics: query.topic, reasons: query.reason, fields: query.field, since, until };
  const [found, counted] = await Promise.all([
    store.ask('list-dead-letters', (db) => listDeadLetters(db, { filters, after, maxRows: query.limit + 1 })),
    after === undefined
      ? store.ask('count-dead-letters', (db) =>
          countDeadLetters(db, { since: since?.getTime(), until: until?.getTime() }),
        )
      : null,
  ]);
  const { page, nextCursor } = pageOf(found, query.limit, (last) => [
    last.recordAt.getTime(),
    last.topic,
    last.partition,
    last.offset,
  ]);
  const reasons = counted?.map(({ first_at, last_at, topic, reason, field, letters, redriven }) => ({
    topic,
    reason,
    field,
    letters,
    redriven,
    first_at: new Date(first_at),
    last_at: new Date(last_at),
  }));
  return { reasons: reasons ?? null, letters: page.map(toWire), next_cursor: nextCursor };
}

function positionOf(cursor: string): LetterPosition {
  const [recordMs, topic, partition, offset] = decodeCursor(cursor, position);
  return { recordAt: new Date(recordMs), topic, partition, offset };
}

function toWire({ recordAt, receivedAt, payloadBytes, redrivenAt, ...rest }: ShownLetter) {
  return {
    ...rest,
    record_at: recordAt,
    received_at: receivedAt,
    payload_bytes: payloadBytes,
    redriven_at: redrivenAt,
  };
}
