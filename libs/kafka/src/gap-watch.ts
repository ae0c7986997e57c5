import type { Admin, Consumer, Kafka } from 'kafkajs';
import { type Gap, gapOf, readSpans } from './gap';
import type { Position } from './position-commits';

/** Asking must not hold up reading for long, and not until the session is over. */
const CHECK_WITHIN_MS = 3_000;

/** Looks for messages that went away before they were read, and tells of each gap once. */
export class GapWatch {
  private readonly admin: Admin;
  private isConnected = false;
  private readonly told = new Set<string>();
  /** How far this process has come: tells that a topic was made anew, for Kafka forgets the commits of one that is deleted. */
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
  }

  async disconnect(): Promise<void> {
    this.isConnected = false;
    await this.admin.disconnect();
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
    const look = async () => {
      const spans = await readSpans(this.admin, this.groupId, assignment);
      for (const span of spans) {
        const reached = this.reached.get(`${span.topic}/${span.partition}`) ?? -1;
        const gap = gapOf(reached > span.high ? { ...span, committed: reached } : span);
        if (!gap || isLate) continue;
        this.tell(gap);
        const position = { topic: gap.topic, partition: gap.partition, next: gap.low };
        consumer.seek({ topic: gap.topic, partition: gap.partition, offset: String(gap.low) });
        onMoved(position);
      }
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

  private tell(gap: Gap): void {
    const name = `${gap.topic}/${gap.partition}`;
    this.reached.delete(name);
    const told = `${name}@${gap.committed}`;
    if (this.told.has(told)) return;
    this.told.add(told);
    this.onGap(gap);
  }
}
