import { ClickHouseClient, DeadLetter, EventBlock, storeBlock, storeDeadLetters } from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import type { IncomingMessage, MessageBatch, TopicWriter } from '@ringwatch/kafka';
import type { Refusal } from '@ringwatch/message';
import type { ArrivalClocks, BatchInWork } from './arrival-clocks';
import { BlockWriter } from './block-writer';
import { toRecords } from './dead-letter-record';
import { RefusalRun } from './refusal-run';
import { countBatch, metrics } from './telemetry';

type Letter = DeadLetter & { reason: Refusal['reason'] };

/** What the intake writes to, and what a person may have said about refusals. */
export interface IntakeParts {
  db: ClickHouseClient;
  deadLetterWriter: TopicWriter;
  clocks: ArrivalClocks;
  mostRefusedShare: number;
}

/** Takes batches of the four inputs: valid events to ClickHouse, refused messages to the dead letters. */
export class Intake {
  private readonly runs = new Map<string, RefusalRun>();
  private readonly writers = Object.fromEntries(
    inputTopics.map((topic) => [topic, new BlockWriter(topic, (block) => this.store(block))]),
  ) as unknown as { [Topic in InputTopic]: BlockWriter<Topic> };

  constructor(private readonly parts: IntakeParts) {}

  /**
   * Makes the verdict on every message of a batch durable. Resolves when all is stored, so that the offsets may be
   * committed; rejects when anything is in doubt, so that the same batch is done again: every write can be repeated.
   */
  async take<Topic extends InputTopic>(topic: Topic, batch: MessageBatch): Promise<void> {
    const { clocks } = this.parts;
    const stopTimer = metrics.batchSeconds.startTimer({ topic });
    const timestamps = batch.messages.map(({ timestamp }) => timestamp);
    const inWork = await clocks.begin(topic, batch.partition, timestamps);
    try {
      const refused = await this.storeVerdicts(topic, batch, inWork);
      if (!batch.isCurrent()) return;
      clocks.end(inWork);
      countBatch(topic, batch.messages.length - refused.length, refused);
      stopTimer();
    } catch (error) {
      clocks.fail(inWork);
      throw error;
    }
  }

  private async storeVerdicts<Topic extends InputTopic>(
    topic: Topic,
    { partition, messages }: MessageBatch,
    { receivedAt }: BatchInWork,
  ): Promise<Letter[]> {
    const refused: Letter[] = [];
    const place = { receivedAt: 0, partition, offset: 0 };
    await this.writers[topic].write(messages.length, (block: EventBlock<InputTopic>, index) => {
      const message = messages[index] as IncomingMessage;
      place.receivedAt = receivedAt[index] as number;
      place.offset = message.offset;
      const refusal = block.take(message, place);
      if (refusal) refused.push(toLetter(topic, message, refusal, place));
    });
    this.runOf(topic, partition).add(topic, partition, {
      offsets: messages.map(({ offset }) => offset),
      refused: new Set(refused.map(({ sourceOffset }) => sourceOffset)),
    });
    await this.parts.deadLetterWriter.write(toRecords(refused));
    await storeDeadLetters(this.parts.db, refused);
    return refused;
  }

  private async store(block: EventBlock<InputTopic>): Promise<void> {
    await storeBlock(this.parts.db, block);
  }

  private runOf(topic: string, partition: number): RefusalRun {
    const name = `${topic}/${partition}`;
    const run = this.runs.get(name) ?? new RefusalRun(this.parts.mostRefusedShare);
    this.runs.set(name, run);
    return run;
  }
}

function toLetter(
  topic: string,
  message: IncomingMessage,
  { reason, field, detail }: Refusal,
  { receivedAt, partition }: { receivedAt: number; partition: number },
): Letter {
  return {
    reason,
    field,
    detail,
    sourceTopic: topic,
    sourcePartition: partition,
    sourceOffset: message.offset,
    sourceTimestamp: message.timestamp,
    receivedAt,
    key: message.key,
    payload: message.value,
  };
}
