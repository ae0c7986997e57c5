import type { DeadLetter, Erasures, EventBlock } from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import type { IncomingMessage, MessageBatch } from '@ringwatch/kafka';
import type { Refusal } from '@ringwatch/message';
import type { ArrivalClocks, BatchInWork } from './arrival-clocks';
import { BlockWriter } from './block-writer';
import { LetterWriter } from './letter-writer';
import { RefusalRun } from './refusal-run';
import { Verdicts, countBatch, metrics } from './telemetry';

/** What the intake needs of the world. Each write resolves when it is durable and can be repeated. */
export interface IntakePorts {
  /** Stores the rows of a block and says which hours they change. */
  storeBlock(block: EventBlock<InputTopic>): Promise<void>;
  /** How soon after one block of a topic the next may be begun, in milliseconds; a full one does not wait. */
  blockEveryMs: number;
  /** Puts dead letters into the topic, then into the table. */
  keepLetters(letters: readonly DeadLetter[]): Promise<void>;
  clocks: ArrivalClocks;
  /** What must not be stored any more. */
  erasures(): Erasures;
  /** Which share of refused messages says that the fault is ours. */
  mostRefusedShare: number;
}

/** Takes batches of the inputs: valid events to ClickHouse, refused messages to the dead letters. */
export class Intake {
  private readonly runs = new Map<string, RefusalRun>();
  private readonly writers: { [Topic in InputTopic]: BlockWriter<Topic> };
  private readonly letters = new LetterWriter((letters) => this.ports.keepLetters(letters));

  constructor(private readonly ports: IntakePorts) {
    const { storeBlock, blockEveryMs } = ports;
    this.writers = Object.fromEntries(
      inputTopics.map((topic) => [topic, new BlockWriter(topic, (block) => storeBlock(block), blockEveryMs)]),
    ) as unknown as { [Topic in InputTopic]: BlockWriter<Topic> };
  }

  /**
   * Makes the verdict on every message of a batch durable. Resolves when all is stored, so that the offsets may be
   * committed; rejects when anything is in doubt, so that the same batch is done again: every write can be repeated.
   */
  async take<Topic extends InputTopic>(topic: Topic, batch: MessageBatch): Promise<void> {
    const { clocks } = this.ports;
    const stopTimer = metrics.batchSeconds.startTimer({ topic });
    const timestamps = batch.messages.map(({ timestamp }) => timestamp);
    const inWork = await clocks.begin(topic, batch.partition, timestamps);
    try {
      const verdicts = await this.storeVerdicts(topic, batch, inWork);
      if (!batch.isCurrent()) return;
      clocks.end(inWork);
      countBatch(topic, verdicts);
      stopTimer();
    } catch (error) {
      clocks.fail(inWork);
      throw error;
    }
  }

  private async storeVerdicts(
    topic: InputTopic,
    { partition, messages }: MessageBatch,
    { receivedAt }: BatchInWork,
  ): Promise<Verdicts> {
    const verdicts: Verdicts = { taken: messages.length, erased: 0, refused: [] };
    const erasures = this.ports.erasures();
    const run = this.runOf(topic, partition);
    const batchRun = run.begin(messages[0]?.offset ?? 0);
    const place = { receivedAt: 0, partition, offset: 0 };
    const add = (block: EventBlock<InputTopic>, index: number) => {
      const message = messages[index] as IncomingMessage;
      place.receivedAt = receivedAt[index] as number;
      place.offset = message.offset;
      const verdict = block.take(message, place, erasures);
      batchRun.add(verdict !== undefined && verdict !== 'erased');
      if (verdict === undefined) return;
      if (verdict === 'erased' || erasures.coversBytes(message.key, message.value, message.timestamp))
        verdicts.erased++;
      else verdicts.refused.push(toLetter(topic, message, verdict, place));
    };
    await this.writers[topic].write(messages.length, add);
    run.end(place.offset + 1, batchRun);
    if (verdicts.refused.length > 0) await this.letters.write(verdicts.refused);
    return verdicts;
  }

  private runOf(topic: string, partition: number): RefusalRun {
    const name = `${topic}/${partition}`;
    const run = this.runs.get(name) ?? new RefusalRun(`${topic}[${partition}]`, this.ports.mostRefusedShare);
    this.runs.set(name, run);
    return run;
  }
}

function toLetter(
  topic: string,
  message: IncomingMessage,
  { reason, field, detail }: Refusal,
  { receivedAt, partition }: { receivedAt: number; partition: number },
): Verdicts['refused'][number] {
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
