import { isDeepStrictEqual } from 'node:util';
import { type InputTopic, isRefusal, judgeMessage } from '@ringwatch/inputs';
import { type ReadBlock, type Row, readBlock } from '../native/read-block.fixture';
import { createBlock } from './create-block';
import type { EventBlock } from './event-block';

/** DateTime64 holds the years 1900 to 2299. */
const LEAST = Date.parse('1900-01-01T00:00:00Z');
const MOST = Date.parse('2299-12-31T00:00:00Z');
const held = (instant: number) => Math.min(MOST, Math.max(LEAST, instant));
/** What surrounds a message in the bytes that were fetched, unless a test says otherwise: all of it goes on with JSON. */
const BEFORE = Buffer.from('{"event_id":"before","a":["');
const AFTER = Buffer.from('0"},"event_id":"after","uptime_seconds":1}]}');

/** The row that is stored of an event: what DateTime64 cannot hold is cut. */
export function rowOf(event: object): Row {
  const row = { ...event } as Row;
  for (const name of ['occurred_at', 'booted_at', 'applied_at'] as const)
    if (name in row) row[name] = held(row[name] as number);
  if (Array.isArray(row['recent_updates'])) row['recent_updates'] = (row['recent_updates'] as Row[]).map(rowOf);
  return row;
}

/** What a message comes to: its row, its refusal as one line, and whether the slow road was taken. */
export interface Outcome {
  row: Row | undefined;
  refusal: string | undefined;
  isSlow: boolean;
}

/**
 * A block whose every message is judged by `judgeMessage` too. Differences are gathered, so that a run of many messages can
 * compare its rows in one go.
 */
export class JudgedBlock<Topic extends InputTopic> {
  readonly block: EventBlock<Topic>;
  private taken = 0;
  private refused = 0;
  private readonly expected: Row[] = [];
  private readonly messages: Buffer[] = [];

  constructor(
    readonly topic: Topic,
    private readonly timestamp: number,
  ) {
    this.block = createBlock(topic) as unknown as EventBlock<Topic>;
  }

  /** Takes the bytes `start` to `end`. @throws where the refusal differs, or nothing was said about the message. */
  take(bytes: Buffer, start: number, end: number): void {
    const value = Buffer.from(bytes.subarray(start, end));
    const verdict = judgeMessage(this.topic, { value, timestamp: this.timestamp });
    const place = { receivedAt: this.timestamp, partition: 3, offset: this.taken++ };
    const message = { bytes, valueStart: start, valueEnd: end, timestamp: this.timestamp };
    const refusal = this.block.take(message, place);
    const wanted = isRefusal(verdict) ? verdict : undefined;
    if (!same(refusal, wanted)) throw new Difference(value, refusal, wanted);
    if (wanted) this.refused++;
    else this.expect(rowOf(verdict), place.offset, value);
    if (this.block.rows !== this.expected.length) throw new Difference(value, this.block.rows, this.expected.length);
  }

  /** Reads the block back and compares it with the judged events. @throws at the first row that differs. */
  compare(): { taken: number; refused: number; rows: number; slowRows: number; read: ReadBlock } {
    const read = readBlock(this.block.toNative());
    this.expected.forEach((row, at) => {
      if (!isDeepStrictEqual(read.rows[at], row)) throw new Difference(this.messages[at]!, read.rows[at], row);
    });
    const { slowRows } = this.block;
    return { taken: this.taken, refused: this.refused, rows: read.rows.length, slowRows, read };
  }

  private expect(row: Row, offset: number, value: Buffer): void {
    row['received_at'] = this.timestamp;
    row['source_partition'] = 3;
    row['source_offset'] = BigInt(offset);
    this.expected.push(row);
    this.messages.push(value);
  }
}

/** What the block made of a message is not what `judgeMessage` says. */
export class Difference extends Error {
  constructor(value: Buffer, got: unknown, wanted: unknown) {
    const shown = (what: unknown) =>
      JSON.stringify(what, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'nothing';
    super(`got ${shown(got)}, wanted ${shown(wanted)}, of ${JSON.stringify(value.toString('latin1'))} (latin1)`);
  }
}

/** One message through a block of its own, between the bytes of others; compared with `judgeMessage`. */
export function outcomeOf(topic: InputTopic, value: Buffer | string, timestamp: number): Outcome {
  const message = Buffer.from(value);
  const judged = new JudgedBlock(topic, timestamp);
  judged.take(Buffer.concat([BEFORE, message, AFTER]), BEFORE.length, BEFORE.length + message.length);
  const { slowRows, read } = judged.compare();
  const verdict = judgeMessage(topic, { value: message, timestamp });
  return {
    row: read.rows[0],
    refusal: isRefusal(verdict) ? `${verdict.reason} ${verdict.field}`.trim() : undefined,
    isSlow: slowRows > 0,
  };
}

function same(a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined ? a === b : isDeepStrictEqual(a, b);
}
