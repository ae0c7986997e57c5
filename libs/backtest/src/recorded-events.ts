import {
  type ClickHouseClient,
  type InputBlocks,
  createBlock,
  storeBlock,
  writeArrivalClocks,
} from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import type { Refusal } from '@ringwatch/message';
import { ArrivalReader } from './arrival-of';

/** Rows of one insert: large, since nobody waits for the single event. */
const MOST_ROWS = 131_072;
const MOST_BYTES = 48 * 1024 * 1024;
/** Arrival time is closed so far after the last event, which is then decided upon. */
const CLOSE_AFTER_MS = 2_000;

/** What was stored of one topic. */
export interface TopicCounts {
  taken: number;
  refused: number;
  /** Lines that arrived before one that stands above them. */
  outOfOrder: number;
}

/**
 * Stores recorded events as ingest would, by the same judgement, each with its own arrival time. The order of lines does
 * not matter: whatever stands above, a line arrives when it says.
 */
export class RecordedEvents {
  readonly counts = Object.fromEntries(
    inputTopics.map((topic) => [topic, { taken: 0, refused: 0, outOfOrder: 0 }]),
  ) as Record<InputTopic, TopicCounts>;
  /** The first and the last arrival, milliseconds since 1970 UTC; undefined while there is none. */
  arrived: { first: number; last: number } | undefined;
  private readonly arrivals = new ArrivalReader();
  private readonly place = { receivedAt: 0, partition: 0, offset: 0 };
  private readonly message = { bytes: new Uint8Array(), valueStart: 0, valueEnd: 0, timestamp: 0 };
  private readonly open = new Map<InputTopic, InputBlocks[InputTopic]>();
  private readonly latest = new Map<InputTopic, number>();
  private readonly spare = new Map<InputTopic, InputBlocks[InputTopic]>();
  private storing: Promise<void> = Promise.resolve();

  constructor(private readonly db: ClickHouseClient) {}

  /** Takes the line that stands there; says why when it is refused. Now and then `makeRoom` has to be waited for. */
  take(topic: InputTopic, bytes: Uint8Array, start: number, end: number): Refusal | undefined {
    const receivedAt = this.arrivals.read(bytes, start, end);
    const refused = typeof receivedAt === 'number' ? this.judge(topic, bytes, start, end, receivedAt) : receivedAt;
    const counts = this.counts[topic];
    if (refused) counts.refused++;
    else counts.taken++;
    return refused;
  }

  /** Full blocks go to ClickHouse; memory is bounded when this is waited for every few thousand events. */
  async makeRoom(): Promise<void> {
    for (const [topic, block] of this.open) if (isFull(block)) await this.store(topic, block);
  }

  /** Stores the rest and closes arrival time behind the last event. */
  async finish(): Promise<void> {
    for (const [topic, block] of this.open) await this.store(topic, block);
    await this.storing;
    if (!this.arrived) return;
    await writeArrivalClocks(this.db, [
      { topic: 'recorded', partition: 0, closedUntil: this.arrived.last + CLOSE_AFTER_MS },
    ]);
  }

  private judge(
    topic: InputTopic,
    bytes: Uint8Array,
    start: number,
    end: number,
    receivedAt: number,
  ): Refusal | undefined {
    const { message, place } = this;
    Object.assign(message, { bytes, valueStart: start, valueEnd: end, timestamp: receivedAt });
    place.receivedAt = receivedAt;
    const refused = this.blockOf(topic).take(message, place) as Refusal | undefined;
    if (refused) return refused;
    place.offset++;
    const { first, last } = this.arrived ?? { first: receivedAt, last: receivedAt };
    this.arrived = { first: Math.min(first, receivedAt), last: Math.max(last, receivedAt) };
    const latest = this.latest.get(topic) ?? 0;
    if (receivedAt < latest) this.counts[topic].outOfOrder++;
    else this.latest.set(topic, receivedAt);
    return undefined;
  }

  private blockOf(topic: InputTopic): InputBlocks[InputTopic] {
    let block = this.open.get(topic);
    if (!block) {
      block = this.spare.get(topic) ?? createBlock(topic);
      this.spare.delete(topic);
      this.open.set(topic, block);
    }
    return block;
  }

  /** One block is on its way while the next one fills. */
  private async store(topic: InputTopic, block: InputBlocks[InputTopic]): Promise<void> {
    await this.storing;
    this.open.delete(topic);
    this.storing = storeBlock(this.db, block).then(() => {
      block.clear();
      this.spare.set(topic, block);
    });
    this.storing.catch(() => undefined); // whoever waits for it next hears of it
  }
}

function isFull(block: InputBlocks[InputTopic]): boolean {
  return block.rows >= MOST_ROWS || block.size() > MOST_BYTES;
}
