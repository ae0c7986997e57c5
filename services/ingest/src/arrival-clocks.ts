import { ClickHouseClient, readArrivalClocks, writeArrivalClocks } from '@ringwatch/clickhouse';
import { Assignment, TopicEndReader, inputTopics } from '@ringwatch/kafka';
import { waitFor } from '@ringwatch/service-kit';
import type { Logger } from 'pino';
import { PartitionProgress, followFurthest } from './arrival-clock';
import { metrics } from './telemetry';

const CLOSE_EVERY_MS = 200;

/**
 * The arrival clocks of the partitions that this process reads, and how far they are closed. Closing is what lets the
 * detector go on: a clock is written to ClickHouse only after everything that arrived before it is stored.
 */
export class ArrivalClocks {
  private partitions = new Map<string, PartitionProgress>();
  private loading: Promise<void> = Promise.resolve();
  private written = new Map<string, number>();
  private readonly inWork = new Set<string>();
  private generation = 0;
  private closing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closedOnce = Date.now();

  constructor(
    private readonly db: ClickHouseClient,
    private readonly ends: TopicEndReader,
    private readonly groupId: string,
    private readonly logger: Logger,
  ) {}

  /** A rebalance: forget everything until the new assignment is known. */
  revoke(): void {
    this.generation++;
    this.partitions = new Map();
    this.inWork.clear();
  }

  /** New partitions: each goes on from its stored clock and the group's committed offset. */
  assign(assignment: Assignment): void {
    this.revoke();
    const generation = this.generation;
    this.loading = waitFor('arrival clocks', this.logger, () => this.load(assignment, generation));
  }

  /**
   * A batch is about to be stored: gives its partition's arrival clock, ms since 1970 UTC, which then stands still until
   * `end`. Without that a partition could be closed past rows that are still on their way.
   */
  async begin(topic: string, partition: number): Promise<number> {
    await this.loading;
    const name = `${topic}/${partition}`;
    const progress = this.partitions.get(name);
    if (!progress) throw new Error(`${topic}[${partition}] is not assigned to this process`);
    this.inWork.add(name);
    return progress.clock;
  }

  /** The batch is stored: its partition's clock and position move on. */
  end(topic: string, partition: number, progress: PartitionProgress): void {
    const name = `${topic}/${partition}`;
    if (this.partitions.has(name)) this.partitions.set(name, progress);
    this.inWork.delete(name);
  }

  start(): void {
    this.timer = setInterval(() => {
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

  private async close(): Promise<void> {
    const generation = this.generation;
    try {
      await this.loading;
      const furthest = Math.max(...(await this.storedClocks()).values(), ...this.ownClocks());
      const ends = await this.readEnds();
      if (generation !== this.generation) return;
      const idle = new Map([...this.partitions].filter(([name]) => !this.inWork.has(name)));
      for (const [name, clock] of followFurthest(idle, furthest, ends)) {
        this.partitions.set(name, { ...(this.partitions.get(name) as PartitionProgress), clock });
      }
      this.report(ends);
      await this.write();
      this.closedOnce = Date.now();
    } catch (error) {
      this.logger.warn({ err: error }, 'arrival clocks not closed, trying again');
    }
  }

  private async load(assignment: Assignment, generation: number): Promise<void> {
    const stored = await this.storedClocks();
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
    return ends;
  }

  private async write(): Promise<void> {
    const moved = [...this.partitions].filter(([name, { clock }]) => this.written.get(name) !== clock);
    const clocks = moved.map(([name, { clock }]) => ({ ...splitName(name), closedUntil: clock }));
    await writeArrivalClocks(this.db, clocks);
    for (const [name, { clock }] of moved) this.written.set(name, clock);
  }

  private report(ends: ReadonlyMap<string, bigint>): void {
    for (const [name, { position }] of this.partitions) {
      const { topic, partition } = splitName(name);
      metrics.lag.set({ topic, partition: String(partition) }, Number((ends.get(name) ?? position) - position));
    }
    if (this.partitions.size > 0) metrics.closedUntil.set(Math.min(...this.ownClocks()) / 1000);
  }
}

function splitName(name: string): { topic: string; partition: number } {
  const slash = name.lastIndexOf('/');
  return { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)) };
}
