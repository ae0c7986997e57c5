import type { Admin, Consumer, Kafka } from 'kafkajs';
import { type Gap, gapOf, readSpans, type Span } from './gap';
import { Incarnations } from './incarnations';
import type { Cluster } from './kafkajs-internals';
import type { Position } from './position-commits';

/** Asking must not hold up reading for long, and not until the session is over. */
const CHECK_WITHIN_MS = 3_000;
/** How often Kafka is asked whether the topics are still the same ones, besides before each commit. */
const LOOK_EVERY_MS = 1_000;

/** Looks for messages that went away before they were read, and tells of each gap once. */
export class GapWatch {
  private readonly admin: Admin;
  private isConnected = false;
  private readonly told = new Set<string>();
  private readonly incarnations = new Incarnations();
  private topics: string[] = [];
  private looks: NodeJS.Timeout | undefined;
  private isOutOfDate = false;
  /** How far this process has come: Kafka forgets the commits of a topic that is deleted. */
  private readonly reached = new Map<string, number>();

  constructor(
    kafka: Kafka,
    private readonly groupId: string,
    private readonly onGap: (gap: Gap) => void,
  ) {
    this.admin = kafka.admin();
  }

  async connect(): Promise<void> {
    await this.admin.connect();
    this.isConnected = true;
    this.looks = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  async disconnect(): Promise<void> {
    this.isConnected = false;
    clearInterval(this.looks);
    await this.admin.disconnect();
  }

  /** Asks these brokers for the ids of topics. */
  askOf(cluster: Cluster): void {
    this.incarnations.askOf(cluster);
  }

  /** A topic was made anew while it was read: the next check has to send the reader to its beginning. */
  get mustCheck(): boolean {
    return this.isOutOfDate;
  }

  /** Asks whether that is so. What cannot be asked now is asked again. */
  async look(): Promise<boolean> {
    const hasChanged = await this.incarnations.haveChanged(this.topics).catch(() => false);
    this.isOutOfDate ||= hasChanged;
    return this.isOutOfDate;
  }

  /** The id of the topic that positions belong to. */
  topicIdOf(topic: string): string | undefined {
    return this.incarnations.of(topic);
  }

  /** Everything before `next` is stored. */
  reach({ topic, partition, next }: Position): void {
    this.reached.set(`${topic}/${partition}`, next);
  }

  /**
   * Compares what the group has committed with what there is, after an assignment and before the first fetch. Sends the
   * reader to the oldest message that is left; `onMoved` hears of it. Resolves in any case, and soon: what was not looked
   * at then is seen when the first batch does not follow the last one.
   */
  async check(
    assignment: Readonly<Record<string, number[]>>,
    consumer: Consumer,
    onMoved: (position: Position) => void,
  ): Promise<void> {
    if (!this.isConnected) return;
    let isLate = false;
    this.topics = Object.keys(assignment);
    this.isOutOfDate = false;
    const look = async () => {
      const ids = await this.incarnations.ask(this.topics);
      const spans = await readSpans(this.admin, this.groupId, assignment);
      if (isLate) return;
      for (const span of spans) {
        const gap = this.gapBefore(span, ids.get(span.topic));
        if (!gap) continue;
        this.tell(gap);
        const position = { topic: gap.topic, partition: gap.partition, next: gap.low };
        consumer.seek({ topic: gap.topic, partition: gap.partition, offset: String(gap.low) });
        onMoved(position);
      }
      this.incarnations.adopt(ids);
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((done) => (timer = setTimeout(done, CHECK_WITHIN_MS)));
    await Promise.race([look().catch(() => undefined), late]);
    clearTimeout(timer);
    isLate = true;
  }

  /** A batch was read: it should start at `expected`. Kafka went on elsewhere when there was nothing left there. */
  compare(batch: Position & { expected: number; high: number }): void {
    const { topic, partition, expected, next: low, high } = batch;
    if (low === expected) return;
    this.tell({ topic, partition, committed: expected, low, high, lost: Math.max(0, low - expected) });
  }

  private gapBefore(span: Span, topicId: string | undefined): Gap | undefined {
    const { topic, partition, committed, high } = span;
    const isOther = (id: string | undefined) => id !== undefined && topicId !== undefined && id !== topicId;
    const reached = this.reached.get(`${topic}/${partition}`) ?? -1;
    const isAnew = isOther(span.topicId) || (reached >= 0 && isOther(this.incarnations.of(topic)));
    return gapOf({ ...span, committed: isAnew || reached > high ? Math.max(reached, committed) : committed }, isAnew);
  }

  private tell(gap: Gap): void {
    const name = `${gap.topic}/${gap.partition}`;
    this.reached.delete(name);
    const told = `${name}@${gap.committed}`;
    if (this.told.has(told)) return;
    this.told.add(told);
    this.onGap(gap);
  }
}
