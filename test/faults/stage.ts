import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, type Producer } from 'kafkajs';
import { createTopics } from '@ringwatch/kafka';
import type { FaultWorld } from './fault-world';
import { type Message, MessageMaker } from './messages';
import { Seeded } from './seeded';

export const TOPIC = 'bugchecks';
/** How the endless stream of messages of a stage is made up. */
export interface Diet {
  /** Messages a portion, and the pause after it. */
  portion: number;
  everyMs: number;
  /** Share of messages that must be refused, and of copies of an earlier event. */
  bad: number;
  again: number;
}
const usualDiet: Diet = { portion: 20, everyMs: 120, bad: 0.05, again: 0.1 };

/** The topic of one act: a producer that keeps a journal, and all that Kafka has acknowledged to it. */
export class Stage {
  /** What Kafka acknowledged, by partition and offset: the journal. */
  readonly acked = new Map<number, Map<number, Message>>();
  /** All that was tried to send, by its bytes: what stands in the log without an acknowledgement is in here too. */
  readonly tried = new Map<string, Message>();
  readonly random: Seeded;
  readonly maker: MessageMaker;
  /** What was acknowledged is no longer in the log by the row's own doing (retention, deleted topic). */
  mayMissInLog = false;
  diet: Diet = usualDiet;
  partitions = 4;
  private readonly events: Message[] = [];
  private feeding = false;
  private fed: Promise<void> = Promise.resolve();

  private constructor(
    readonly world: FaultWorld,
    private readonly producer: Producer,
    seed: number,
    name: string,
  ) {
    this.random = new Seeded(seed).fork('stage');
    this.maker = new MessageMaker(this.random.fork('messages'), `${name}-${seed}`);
  }

  /** Makes the topics anew: what was deleted from a log comes back when its broker is killed, so emptying is not enough. */
  static async set(world: FaultWorld, seed: number, name: string): Promise<Stage> {
    await createTopics(world.kafka);
    await world.recreate([TOPIC, 'dead-letters']);
    const producer = world.kafka.producer({ allowAutoTopicCreation: false, metadataMaxAge: 2_000 });
    await producer.connect();
    const stage = new Stage(world, producer, seed, name);
    stage.partitions = (await world.bounds(TOPIC)).size;
    return stage;
  }

  async strike(): Promise<void> {
    await this.pauseFeeding();
    await this.producer.disconnect();
  }

  /** Sends portion after portion until `pauseFeeding`. */
  feed(): void {
    if (this.feeding) return;
    this.feeding = true;
    this.fed = (async () => {
      for (; this.feeding; await sleep(this.diet.everyMs)) {
        const partition = this.random.int(0, this.partitions - 1);
        await this.sendSome(this.diet.portion, () => partition);
      }
    })();
  }

  async pauseFeeding(): Promise<void> {
    this.feeding = false;
    await this.fed;
  }

  async sendSome(count: number, partitionOf?: () => number): Promise<void> {
    const { random, maker, events, diet } = this;
    const messages: Message[] = [];
    for (let at = 0; at < count; at++) {
      const draw = random.next();
      if (draw < diet.bad) messages.push(maker.bad());
      else if (draw < diet.bad + diet.again && events.length > 0) messages.push(maker.again(random.pick(events)));
      else events.push(messages[messages.push(maker.event()) - 1] as Message);
    }
    await this.send(messages, partitionOf);
  }

  /** Sends until Kafka acknowledges; a portion of which that is not known is sent again, and may stand there twice. */
  async send(messages: Message[], partitionOf = () => this.random.int(0, this.partitions - 1)): Promise<void> {
    const placed = messages.map((message) => ({ message, partition: partitionOf() }));
    for (const { message } of placed) this.tried.set(nameOf(message), message);
    for (;;) {
      try {
        return await this.sendOnce(placed);
      } catch {
        await sleep(200);
      }
    }
  }

  /** Notes messages that another producer sends; the journal does not speak of those. */
  expect(messages: Message[]): void {
    for (const message of messages) this.tried.set(nameOf(message), message);
  }

  /** A topic that was deleted or emptied takes its journal with it; what it said is handed over. */
  forgetJournal(): Message[] {
    const messages = [...this.acked.values()].flatMap((ofPartition) => [...ofPartition.values()]);
    this.acked.clear();
    return messages;
  }

  private async sendOnce(placed: Array<{ message: Message; partition: number }>): Promise<void> {
    const acks = await this.producer.send({
      topic: TOPIC,
      acks: -1,
      compression: CompressionTypes.GZIP,
      messages: placed.map(({ message, partition }) => ({ key: message.key, value: message.value, partition })),
    });
    for (const { partition, baseOffset, errorCode } of acks) {
      if (errorCode !== 0) throw new Error(`Kafka answered ${errorCode}`);
      const ofPartition = this.acked.get(partition) ?? new Map<number, Message>();
      this.acked.set(partition, ofPartition);
      const there = placed.filter((each) => each.partition === partition);
      for (const [at, { message }] of there.entries()) ofPartition.set(Number(baseOffset) + at, message);
    }
  }
}

/** What tells messages apart in the log: key and value. */
export function nameOf({ key, value }: { key: Buffer | null; value: Buffer | null }): string {
  return `${key?.toString('latin1')}|${value?.toString('latin1')}`;
}
