import { createRequire } from 'node:module';
import type { FetchedRecord } from './record-batch';

/** The parts of kafkajs that are replaced, as far as we touch them. */
export interface KafkaJsInternals {
  /** Turns the bytes of a fetch response, version 11, into what `ConsumerGroup.fetch` makes batches of. */
  fetchResponse: { decode: (bytes: Buffer) => Promise<unknown> };
  consumerGroup: {
    fetch(this: ConsumerGroupParts, nodeId: number): Promise<InternalBatch[]>;
    joinAndSync(this: ConsumerGroupParts): Promise<void>;
  };
  /** kafkajs' reader and writer of numbers and strings. `UVarInt` stands for Kafka's compact encoding. */
  Decoder: new (bytes: Buffer) => InternalDecoder;
  Encoder: new () => InternalEncoder;
  /** kafkajs' own reader of what stands in one partition of a response, for formats older than record batches. */
  decodeMessages: (decoder: InternalDecoder) => Promise<OldMessage[]>;
}

export interface ConsumerGroupParts {
  /** Null while the broker does not know us, or not any more. */
  memberId: string | null;
  maxBytes: number;
  maxBytesPerPartition: number;
  cluster: Cluster;
}

/** The brokers as a consumer knows them. */
export interface Cluster {
  findControllerBroker(): Promise<{
    /** By API key; nothing before the broker was asked. */
    versions?: Record<number, { maxVersion: number } | undefined>;
    connectionPool: { send<T>(exchange: Exchange<T>): Promise<T> };
  }>;
}

interface Exchange<T> {
  request: { apiKey: number; apiName: string; apiVersion: number; encode: () => Promise<InternalEncoder> };
  response: { decode: (bytes: Buffer) => Promise<T>; parse: (decoded: T) => Promise<T> };
}

/** kafkajs' batch: what one fetch brought of one partition. */
export interface InternalBatch {
  topic: string;
  partition: number;
  fetchedOffset: string;
  rawMessages: readonly FetchedRecord[];
  messagesWithinOffset: readonly FetchedRecord[];
  messages: readonly FetchedRecord[];
}

export interface InternalDecoder {
  buffer: Buffer;
  offset: number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string;
  readArray<T>(read: (decoder: InternalDecoder) => T): T[];
  readBoolean(): boolean;
  readUVarIntString(): string | null;
  readUVarIntArray<T>(read: (decoder: InternalDecoder) => T): T[] | null;
  readTaggedFields(): unknown;
}

export interface InternalEncoder {
  writeBuffer(bytes: Buffer): this;
  writeBoolean(value: boolean): this;
  writeUVarInt(value: number): this;
  writeUVarIntString(value: string): this;
}

/** A message of a topic that has been written by a Kafka before 0.11. */
export interface OldMessage {
  offset: string;
  timestamp?: string;
  key: Buffer | null;
  value: Buffer | null;
}

const KNOWN_VERSION = '2.2.4';

/** kafkajs' internals, or why they are not as we know them: then kafkajs is left alone. */
export function findKafkaJsInternals(): KafkaJsInternals | string {
  const load = createRequire(__filename);
  try {
    const { version } = load('kafkajs/package.json') as { version: string };
    if (version !== KNOWN_VERSION) return `wanted kafkajs ${KNOWN_VERSION}, got ${version}`;
    const found = {
      fetchResponse: load('kafkajs/src/protocol/requests/fetch/v11/response'),
      consumerGroup: load('kafkajs/src/consumer/consumerGroup').prototype,
      Decoder: load('kafkajs/src/protocol/decoder'),
      Encoder: load('kafkajs/src/protocol/encoder'),
      decodeMessages: load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages'),
    } as KafkaJsInternals;
    const functions = [
      found.fetchResponse.decode,
      found.consumerGroup.fetch,
      found.consumerGroup.joinAndSync,
      found.Decoder.prototype.readInt64,
      found.Encoder.prototype.writeUVarIntString,
      found.decodeMessages,
    ];
    return functions.every((each) => typeof each === 'function') ? found : 'wanted functions, got something else';
  } catch (error) {
    return `wanted kafkajs' internals, got ${String(error)}`;
  }
}
