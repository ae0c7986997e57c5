import type { KafkaMessage } from 'kafkajs';

/** One message as Kafka holds it: bytes, not yet looked at. */
export interface IncomingMessage {
  /** Its place in the partition; exact, for no partition comes near 2^53 messages. */
  readonly offset: number;
  /** The record's Kafka timestamp, milliseconds since 1970. */
  readonly timestamp: number;
  /** Cut out of the record when asked for, and again each time: keep it if it is needed twice. */
  readonly key: Buffer | null;
  /** Cut out of `bytes` when asked for, and again each time. */
  readonly value: Buffer | null;
  /** Bytes that hold the value and, as a rule, those of many other messages: for readers that want no copy and no object. */
  readonly bytes: Buffer;
  /** Where the value starts in `bytes`; -1 for a null value. */
  readonly valueStart: number;
  /** Where it ends in `bytes`, exclusive; -1 for a null value. */
  readonly valueEnd: number;
}

const NONE = Buffer.alloc(0);

/** A message whose value was already cut out: what kafkajs decodes, and what tests make up. */
export function incomingMessage(message: {
  offset: number;
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
}): IncomingMessage {
  const { value } = message;
  return {
    ...message,
    bytes: value ?? NONE,
    valueStart: value ? 0 : -1,
    valueEnd: value ? value.length : -1,
  };
}

/** What a fetch brought, as messages: they are messages already, unless kafkajs has decoded them itself. */
export function toMessages(decoded: readonly KafkaMessage[]): readonly IncomingMessage[] {
  const records: readonly unknown[] = decoded;
  if ((records[0] as Partial<IncomingMessage> | undefined)?.bytes) return records as readonly IncomingMessage[];
  return decoded.map(({ offset, timestamp, key, value }) =>
    incomingMessage({ offset: Number(offset), timestamp: Number(timestamp), key, value }),
  );
}
