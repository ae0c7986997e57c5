import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultWorld } from './fault-world';
import { IngestCopy } from './ingest-copy';
import { type Seeded } from './seeded';
import type { Commit } from './kafka-frames';
import type { Message } from './messages';
import type { Moment, PointName } from './points';
import { type Stage, TOPIC } from './stage';

/** The least time between two comparisons of a commit with the tables. */
const CHECK_EVERY_MS = 300;

/**
 * How long something may take is said for a machine that has nothing else to do; one that others use gets so many times as
 * long. Only what hangs for good is to fail: what ingest promises in seconds is measured where it is promised.
 */
export const PATIENCE = 5;

let lanes = 0;

/** One deployment of ingest on a stage: its own consumer group and database, its copies, and what was seen of them. */
export class Lane {
  readonly name = `faults_${process.pid}_${++lanes}`;
  readonly copies: IngestCopy[] = [];
  readonly violations: string[] = [];
  /** How often something happened that a row wants to have happened. */
  readonly counters = new Map<string, number>();
  kills = 0;
  /** Up to here each partition's commits were compared with the tables. */
  private readonly checked = new Map<number, number>();
  private checking = false;
  private checkAgainAt = 0;
  /** What was committed last, by partition. */
  private readonly latest = new Map<number, number>();

  constructor(
    readonly stage: Stage,
    readonly random: Seeded,
  ) {}

  get world(): FaultWorld {
    return this.stage.world;
  }

  count(what: string, by = 1): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + by);
  }

  async addCopy(): Promise<IngestCopy> {
    const slot = this.world.lease();
    const options = { world: this.world, slot, database: this.name, group: this.name };
    const copy = new IngestCopy({ ...options, onMoment: (moment) => this.see(moment) });
    this.copies.push(copy);
    await copy.open();
    await copy.start();
    return copy;
  }

  /** The copy that a row works on. */
  async firstCopy(): Promise<IngestCopy> {
    return this.copies[0] ?? this.addCopy();
  }

  async close(): Promise<void> {
    for (const copy of this.copies) {
      await copy.close();
      this.world.giveBack(copy.slot);
    }
    await this.world.ask('default', `DROP DATABASE IF EXISTS ${this.name}`).catch(() => undefined);
  }

  /** Kills a copy at a point, checks the commit rule on what it left, and starts it again. */
  async killAt(copy: IngestCopy, point: PointName, nth: number, withinMs = 25_000): Promise<void> {
    await this.within(copy.killAt(point, nth), withinMs, `nobody came to the point ${point}`);
    this.kills += 1;
    this.count(`killed at ${point}`);
    await copy.buried();
    await this.checkCommitted();
    await copy.start();
  }

  async within<T>(wanted: Promise<T>, calmMs: number, otherwise: string): Promise<T> {
    const ms = calmMs * PATIENCE;
    const timer = new AbortController();
    const late = sleep(ms, undefined, { signal: timer.signal }).then(() =>
      Promise.reject(new Error(`${otherwise} within ${ms} ms`)),
    );
    late.catch(() => undefined);
    return Promise.race([wanted, late]).finally(() => timer.abort());
  }

  async until(what: string, isSo: () => Promise<boolean> | boolean, calmMs = 30_000): Promise<void> {
    const ms = calmMs * PATIENCE;
    for (const end = Date.now() + ms; !(await isSo()); await sleep(50))
      if (Date.now() > end) throw new Error(`it did not come to this within ${ms} ms: ${what}`);
  }

  /** Records that nobody has committed yet, over all partitions. */
  async lag(): Promise<number> {
    const [bounds, committed] = await Promise.all([this.world.bounds(TOPIC), this.world.committed(this.name, TOPIC)]);
    let lag = 0;
    for (const [partition, { low, high }] of bounds)
      lag += high - Math.max(low, Math.min(high, committed.get(partition) ?? low));
    return lag;
  }

  /** Waits until all is committed. */
  async quiesce(calmMs = 60_000): Promise<void> {
    const withinMs = calmMs * PATIENCE;
    const startedAt = Date.now();
    for (let lag = await this.lag(); lag > 0; lag = await this.lag()) {
      if (Date.now() - startedAt > withinMs) throw new Error(`not quiet after ${withinMs} ms: ${lag} records behind`);
      await sleep(50);
    }
  }

  /** I6, when nobody of the group lives: what the group has committed stands in the tables. */
  async checkCommitted(): Promise<void> {
    const committed = await this.world.committed(this.name, TOPIC);
    await this.checkDurable(
      [...committed].map(([partition, offset]) => ({ partition, offset })),
      'at a kill',
    );
  }

  private async see(moment: Moment): Promise<'pass'> {
    if (moment.refusals?.length) this.count('commits that Kafka refused');
    else if (moment.point === 'committed' && moment.commit) this.noteCommitted(moment.commit);
    if (moment.status && moment.status !== 200) this.count('inserts that ClickHouse refused');
    if (moment.point === 'raw-acked') this.count('inserts answered');
    if (moment.point !== 'stored' || !moment.commit || this.checking || Date.now() < this.checkAgainAt) return 'pass';
    // I6 while it lives: the commit waits here until the tables are asked. Now and then: a question reads the whole table.
    this.checking = true;
    this.checkAgainAt = Date.now() + CHECK_EVERY_MS;
    try {
      await this.checkDurable(
        moment.commit.offsets.filter(({ topic }) => topic === TOPIC),
        'before a commit',
      );
    } catch {
      this.count('commits that could not be checked');
    } finally {
      this.checking = false;
    }
    return 'pass';
  }

  /** A commit that goes back is that of a member which has lost the partition, and was taken all the same. */
  private noteCommitted({ offsets }: Commit): void {
    for (const { topic, partition, offset } of offsets) {
      if (topic !== TOPIC) continue;
      const before = this.latest.get(partition) ?? 0;
      if (offset < 0) this.count('set to the beginning by kafkajs');
      else if (offset < before)
        this.violations.push(`I6: the commit of ${topic}[${partition}] went back from ${before} to ${offset}`);
      this.latest.set(partition, offset);
    }
  }

  private async checkDurable(commits: Array<{ partition: number; offset: number }>, when: string): Promise<void> {
    const due = commits.flatMap(({ partition, offset }) => {
      const acked = this.stage.acked.get(partition);
      const found: Array<{ partition: number; at: number; message: Message }> = [];
      for (let at = this.checked.get(partition) ?? 0; at < offset; at++) {
        const message = acked?.get(at);
        if (message) found.push({ partition, at, message });
      }
      return found;
    });
    if (due.length === 0) return;
    const events = due.flatMap(({ message: { verdict } }) => ('row' in verdict ? [verdict.row.event_id] : []));
    const dead = due
      .filter(({ message }) => 'reason' in message.verdict)
      .map(({ partition, at }) => `${partition}/${at}`);
    const quoted = (list: string[]) => ['', ...list].map((each) => `'${each}'`).join();
    const found = await this.world.ask<{ name: string }>(
      this.name,
      `SELECT event_id AS name FROM bugchecks WHERE event_id IN (${quoted(events)}) UNION ALL
       SELECT concat(toString(source_partition), '/', toString(source_offset)) AS name FROM dead_letters
       WHERE source_topic = '${TOPIC}' AND name IN (${quoted(dead)})`,
      3_000,
    );
    const stored = new Set(found.map(({ name }) => name));
    const missing = [...events, ...dead].filter((name) => !stored.has(name));
    this.count('offsets whose commit was checked', due.length);
    if (missing.length > 0)
      this.violations.push(
        `I6 ${when}: ${missing.length} committed but not stored, such as ${missing.slice(0, 3).join(', ')}`,
      );
    for (const { partition, at } of due)
      this.checked.set(partition, Math.max(this.checked.get(partition) ?? 0, at + 1));
  }

  /** After the topic was deleted, or the group set back: offsets start anew. */
  forgetCommits(): void {
    this.checked.clear();
    this.latest.clear();
  }
}
