import {
  Arrived,
  ClickHouseClient,
  DeadLetter,
  storeDeadLetters,
  storeEvents,
} from '@ringwatch/clickhouse';
import { type InputEvents, type InputTopic, isRefusal, judgeMessage } from '@ringwatch/inputs';
import type { IncomingMessage, MessageBatch, TopicWriter } from '@ringwatch/kafka';
import type { Refusal } from '@ringwatch/message';
import { stampArrivals } from './arrival-clock';
import type { ArrivalClocks } from './arrival-clocks';
import { toRecords } from './dead-letter-record';
import { RefusalRun } from './refusal-run';
import { countBatch, metrics } from './telemetry';

/** Takes batches of the four inputs: valid events to ClickHouse, refused messages to the dead letters. */
export class Intake {
  private readonly runs = new Map<string, RefusalRun>();

  constructor(
    private readonly db: ClickHouseClient,
    private readonly deadLetterWriter: TopicWriter,
    private readonly clocks: ArrivalClocks,
  ) {}

  /**
   * Makes the verdict on every message of a batch durable. Resolves when all is stored, so that the offsets may be
   * committed; rejects when anything is in doubt, so that the same batch is done again: every write can be repeated.
   */
  async take<Topic extends InputTopic>(topic: Topic, batch: MessageBatch): Promise<void> {
    const stopTimer = metrics.batchSeconds.startTimer({ topic });
    const { partition, messages } = batch;
    const inWork = await this.clocks.begin(topic, partition);
    const { receivedAt, clock } = stampArrivals(
      inWork.clock,
      messages.map((message) => message.timestamp),
    );
    const { events, refused, verdicts } = sort(topic, partition, messages, receivedAt);
    const run = this.runOf(topic, partition);
    run.check(topic, partition, verdicts);

    await storeEvents(this.db, topic, events);
    await this.deadLetterWriter.write(toRecords(refused));
    await storeDeadLetters(this.db, refused);
    if (!batch.isCurrent()) return;
    this.clocks.end(inWork, clock);
    run.add(verdicts);
    countBatch(topic, events.length, refused);
    stopTimer();
  }

  private runOf(topic: string, partition: number): RefusalRun {
    const name = `${topic}/${partition}`;
    const run = this.runs.get(name) ?? new RefusalRun();
    this.runs.set(name, run);
    return run;
  }
}

type Letter = DeadLetter & { reason: Refusal['reason'] };

function sort<Topic extends InputTopic>(
  topic: Topic,
  partition: number,
  messages: readonly IncomingMessage[],
  receivedAt: readonly number[],
): { events: Array<Arrived<InputEvents[Topic]>>; refused: Letter[]; verdicts: boolean[] } {
  const verdicts: boolean[] = [];
  const events: Array<Arrived<InputEvents[Topic]>> = [];
  const refused: Letter[] = [];
  for (const [index, message] of messages.entries()) {
    const arrivedAt = receivedAt[index] as number;
    const verdict = judgeMessage(topic, message);
    verdicts.push(isRefusal(verdict));
    if (isRefusal(verdict)) refused.push(toLetter(topic, partition, message, { ...verdict, arrivedAt }));
    else events.push({ event: verdict, receivedAt: arrivedAt, partition, offset: BigInt(message.offset) });
  }
  return { events, refused, verdicts };
}

function toLetter(
  topic: string,
  partition: number,
  message: IncomingMessage,
  verdict: Refusal & { arrivedAt: number },
): Letter {
  return {
    reason: verdict.reason,
    field: verdict.field,
    detail: verdict.detail,
    sourceTopic: topic,
    sourcePartition: partition,
    sourceOffset: BigInt(message.offset),
    sourceTimestamp: message.timestamp,
    receivedAt: verdict.arrivedAt,
    key: message.key,
    payload: message.value,
  };
}
