import { ClickHouseClient, readArrivalClocks, writeArrivalClocks } from '@ringwatch/clickhouse';
import { inputTopics } from '@ringwatch/inputs';
import { Assignment, TopicEndReader } from '@ringwatch/kafka';
import { waitFor } from '@ringwatch/service-kit';
import type { Logger } from 'pino';
import { PartitionProgress, followFurthest, stampArrivals } from './arrival-clock';
import { StandingStill } from './standing-still';
import { metrics } from './telemetry';

const CLOSE_EVERY_MS = 200;
/** Above this lag storing goes first: clocks are closed less often, and what runs beside ingest waits for it. */
const FAR_BEHIND_MESSAGES = 50_000;
/** Closing takes two small questions of ClickHouse and eight of Kafka; nobody acts within a second on what is so late. */
const CLOSE_FAR_BEHIND_EVERY_MS = 1_000;
/**
 * How old what is known may be when a clock is written. With the time limit of an insert this must not exceed the session of
 * the consumer group: who has the partition next must find what was written for it before.
 */
const FRESH_MS = 2_000;
/** While no clock has anything to follow, the ends are read for the lag alone. */
const READ_ENDS_EVERY_MS = 2_000;

/** A batch that is being stored: when its messages arrived (ms since 1970 UTC) and its partition's clock after the last. */
export interface BatchInWork {
  name: string;
  receivedAt: readonly number[];
  clock: number;
  isStored: boolean;
}

/**
 * The arrival clocks of the partitions that this process reads, and how far they are closed. Closing is what lets the
 * detector go on: a clock is written to ClickHouse only after everything that arrived before it is stored.
 */
export class ArrivalClocks {
  private partitions = new Map<string, PartitionProgress>();
  private loading: Promise<void> = Promise.resolve();
  private written = new Map<string, number>();
  /** The batches of each partition that are not stored yet, in order. */
  private readonly inWork = new Map<string, BatchInWork[]>();
  private generation = 0;
  private closing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closedOnce = Date.now();
  /** When Kafka last answered: a failed look is repeated at once, so that readiness hears of it. */
  private endsReadAt = 0;
  private behind = 0;
  private readonly standing = new StandingStill(performance.now());

  constructor(
    private readonly db: ClickHouseClient,
    private readonly ends: TopicEndReader,
    private readonly groupId: string,
    private readonly logger: Logger,
  ) {}

  /**
   * A rebalance: forget everything until the new assignment is known. Resolves when nothing is being written any more: a
   * clock that lands after the next reader has looked would close arrival time past what that one stores. Never rejects.
   */
  async revoke(): Promise<void> {
    this.generation++;
    this.partitions = new Map();
    this.inWork.clear();
    this.standing.revoked(performance.now());
    await this.closing;
  }

  /** New partitions: each goes on from its stored clock and the group's committed offset. */
  assign(assignment: Assignment): void {
    void this.revoke();
    this.loading = this.loadOnce(assignment, this.generation, this.closing);
  }

  /**
   * A batch is about to be stored: gives its messages their arrival times. Its partition's clock stands still from here
   * until `end`: else it could be closed past rows that are still on their way. The next batch may begin before.
   */
  async begin(topic: string, partition: number, timestamps: readonly number[]): Promise<BatchInWork> {
    await this.loading;
    const name = `${topic}/${partition}`;
    const progress = this.partitions.get(name);
    if (!progress) throw new Error(`${topic}[${partition}] is not assigned to this process`);
    const waiting = this.inWork.get(name) ?? [];
    const batch = { name, ...stampArrivals(waiting.at(-1)?.clock ?? progress.clock, timestamps), isStored: false };
    this.inWork.set(name, [...waiting, batch]);
    return batch;
  }

  /**
   * The batch is stored: its partition's clock moves on, once all batches before it are stored too. A batch of an earlier
   * assignment changes nothing: meanwhile the partition may have been read and closed further by another process.
   */
  end(batch: BatchInWork): void {
    const waiting = this.inWork.get(batch.name) ?? [];
    const progress = this.partitions.get(batch.name);
    if (!progress || !waiting.includes(batch)) return;
    batch.isStored = true;
    while (waiting[0]?.isStored) {
      const { clock } = waiting.shift() as BatchInWork;
      progress.clock = Math.max(progress.clock, clock);
    }
  }

  /** The batch is not stored and will be read again, and with it all that came after it. */
  fail(batch: BatchInWork): void {
    const waiting = this.inWork.get(batch.name) ?? [];
    const at = waiting.indexOf(batch);
    if (at >= 0) waiting.splice(at);
  }

  /** A partition is read up to `next`, the offset of the message that comes next. */
  readTo(topic: string, partition: number, next: bigint): void {
    const name = `${topic}/${partition}`;
    const progress = this.partitions.get(name);
    if (progress) this.partitions.set(name, { ...progress, position: next });
  }

  start(): void {
    this.timer = setInterval(() => {
      if (this.isFarBehind() && Date.now() - this.closedOnce < CLOSE_FAR_BEHIND_EVERY_MS) return;
      this.closing ??= this.close().finally(() => (this.closing = undefined));
    }, CLOSE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.closing;
  }

  /** Seconds since clocks were last brought up to date: large when Kafka or ClickHouse does not answer. */
  secondsSinceClosed(): number {
    return (Date.now() - this.closedOnce) / 1000;
  }

  /** Where nothing has gone on for `mostMs` although messages wait, for people; undefined while all goes on. */
  standsStill(mostMs: number): string | undefined {
    return this.standing.complaint(performance.now(), mostMs);
  }

  /** Whether many messages of our partitions were not stored yet when Kafka was last asked. */
  isFarBehind(): boolean {
    return this.behind > FAR_BEHIND_MESSAGES;
  }

  private async close(): Promise<void> {
    const generation = this.generation;
    try {
      await this.loading;
      const startedAt = performance.now();
      const furthest = Math.max(...(await this.storedClocks()).values(), ...this.ownClocks());
      if (this.ownClocks().some((clock) => clock < furthest) || Date.now() - this.endsReadAt >= READ_ENDS_EVERY_MS) {
        const ends = await this.readEnds();
        if (generation !== this.generation) return;
        this.follow(furthest, ends);
        this.report(ends);
      }
      // A process that was stopped meanwhile may have lost its partitions to another, which stamps by an older clock.
      if (performance.now() - startedAt > FRESH_MS) return;
      await this.write();
      this.closedOnce = Date.now();
    } catch (error) {
      this.logger.warn({ err: error }, 'arrival clocks not closed, trying again');
    }
  }

  private follow(furthest: number, ends: ReadonlyMap<string, bigint>): void {
    const idle = new Map([...this.partitions].filter(([name]) => !this.inWork.get(name)?.length));
    for (const [name, clock] of followFurthest(idle, furthest, ends)) {
      this.partitions.set(name, { ...(this.partitions.get(name) as PartitionProgress), clock });
    }
  }

  /**
   * Loads until it is done or out of date. What an earlier assignment is still writing has to be there first: a clock that
   * lands after it was read would close arrival time past what comes next.
   */
  private async loadOnce(
    assignment: Assignment,
    generation: number,
    closing: Promise<void> | undefined,
  ): Promise<void> {
    await closing;
    while (generation === this.generation) {
      try {
        return await waitFor('arrival clocks', this.logger, () => this.load(assignment, generation));
      } catch (error) {
        this.logger.error({ err: error }, 'arrival clocks not loaded, trying again');
      }
    }
  }

  private async load(assignment: Assignment, generation: number): Promise<void> {
    const stored = await this.clocksOfAll();
    const partitions = new Map<string, PartitionProgress>();
    for (const [topic, ours] of Object.entries(assignment)) {
      const positions = await this.ends.positionsOf(this.groupId, topic);
      for (const partition of ours) {
        const name = `${topic}/${partition}`;
        partitions.set(name, { clock: stored.get(name) ?? 0, position: positions.get(partition) ?? 0n });
      }
    }
    if (generation !== this.generation) return;
    this.partitions = partitions;
    this.written = new Map();
    this.standing.assigned();
  }

  /**
   * The stored clocks, with a row for every partition of the inputs, also of those that other processes read: arrival time
   * is closed where all are, so a partition without a row would not be waited for. A partition that was added later starts
   * at the furthest clock, since decisions up to there may have been taken without it.
   */
  private async clocksOfAll(): Promise<Map<string, number>> {
    const stored = await this.storedClocks();
    const furthest = Math.max(0, ...stored.values());
    const missing = [...(await this.readEnds()).keys()].filter((name) => !stored.has(name));
    await writeArrivalClocks(
      this.db,
      missing.map((name) => ({ ...splitName(name), closedUntil: furthest })),
    );
    for (const name of missing) stored.set(name, furthest);
    return stored;
  }

  private async storedClocks(): Promise<Map<string, number>> {
    const clocks = await readArrivalClocks(this.db);
    return new Map(clocks.map(({ topic, partition, closedUntil }) => [`${topic}/${partition}`, closedUntil]));
  }

  private ownClocks(): number[] {
    return [...this.partitions.values()].map(({ clock }) => clock);
  }

  private async readEnds(): Promise<Map<string, bigint>> {
    const ends = new Map<string, bigint>();
    for (const topic of inputTopics) {
      for (const [partition, end] of await this.ends.endsOf(topic)) ends.set(`${topic}/${partition}`, end);
    }
    this.endsReadAt = Date.now();
    return ends;
  }

  private async write(): Promise<void> {
    const moved = [...this.partitions].filter(([name, { clock }]) => this.written.get(name) !== clock);
    const clocks = moved.map(([name, { clock }]) => ({ ...splitName(name), closedUntil: clock }));
    await writeArrivalClocks(this.db, clocks);
    for (const [name, { clock }] of moved) this.written.set(name, clock);
  }

  private report(ends: ReadonlyMap<string, bigint>): void {
    this.standing.look(this.partitions, ends, performance.now());
    this.behind = 0;
    for (const [name, { position }] of this.partitions) {
      const { topic, partition } = splitName(name);
      const lag = Number((ends.get(name) ?? position) - position);
      metrics.lag.set({ topic, partition: String(partition) }, lag);
      this.behind += lag;
    }
    if (this.partitions.size > 0) metrics.closedUntil.set(Math.min(...this.ownClocks()) / 1000);
  }
}

function splitName(name: string): { topic: string; partition: number } {
  const slash = name.lastIndexOf('/');
  return { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)) };
}
