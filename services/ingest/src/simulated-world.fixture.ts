import { type ClickHouseClient, Erasures } from '@ringwatch/clickhouse';
import type { IncomingMessage, TopicEndReader } from '@ringwatch/kafka';
import pino from 'pino';
import { ArrivalClocks } from './arrival-clocks';
import { Intake } from './intake';

const PARTITIONS = 2;
const MOST_IN_WORK = 2;
/** More turns of the event loop than any story takes. */
const MOST_TURNS = 20_000;

/** What happened in a world, to see that its faults were really met. */
export const sights = { crashes: 0, lostAnswers: 0, failures: 0, zombieWrites: 0, refusedCommits: 0, redone: 0 };

/** mulberry32: a seeded source of numbers in [0, 1). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const turn = () => new Promise<void>((done) => setImmediate(done));
const never = () => new Promise<never>(() => undefined);

/** One process of ingest: it may die at any await, or live on after its partitions went to another. */
interface Process {
  generation: number;
  isDead: boolean;
  intake: Intake;
  clocks: ArrivalClocks;
}

/**
 * The topic, the store and the group as they behave under faults: every call may be slow, fail before or after it took
 * effect, or be the last thing its process does. The intake and the arrival clocks are the real ones.
 */
export class SimulatedWorld {
  readonly stored = new Map<string, number>();
  readonly letters = new Set<string>();
  readonly lettersInTopic = new Set<string>();
  private readonly random: () => number;
  private readonly log: IncomingMessage[][];
  private readonly committed = Array<number>(PARTITIONS).fill(0);
  private readonly closed = new Map<string, number>();
  private generation = 0;
  private turns = 0;
  private trouble: number;
  /** The first promise that was broken. Thrown where it happens it would pass for one more fault of the world. */
  private broken: string | undefined;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.trouble = 0.05 + this.random() * 0.25;
    this.log = Array.from({ length: PARTITIONS }, (_, partition) =>
      Array.from({ length: 3 + Math.floor(this.random() * 12) }, (_, offset) => this.message(partition, offset)),
    );
  }

  /** Plays until everything is committed. @throws when a promise is broken on the way */
  async play(): Promise<void> {
    while (!this.isDone()) {
      const member = this.startProcess();
      const lanes = this.log.map((_, partition) => this.read(member, partition));
      const patience = 3 + Math.floor(this.random() * 40);
      for (let waited = 0; !this.isDone() && !member.isDead && waited < patience; waited++) {
        if (waited % 7 === 0) void this.close(member);
        await this.pass();
      }
      this.trouble *= 0.7; // in the end the world is kind
      this.generation++; // whoever lives on is a zombie from here
      if (this.random() < 0.3) member.isDead = true;
      void Promise.all(lanes).catch(() => undefined);
    }
    for (let more = 0; more < 20; more++) await turn();
    this.check();
  }

  private startProcess(): Process {
    const member: Process = { generation: this.generation, isDead: false } as Process;
    const db = {
      query: async () => {
        await this.step(member, () => undefined, 'kind');
        const rows = [...this.closed].map(([name, closed_until]) => ({
          topic: name.split('/')[0],
          source_partition: Number(name.split('/')[1]),
          closed_until,
        }));
        return { json: async () => rows };
      },
      // Time keeps a clock from landing after a take-over: a session is longer than the age of what is written and an insert.
      insert: ({ values }: { values: Array<{ topic: string; source_partition: number; closed_until: string }> }) =>
        this.step(
          member,
          () => member.generation === this.generation && values.forEach((row) => this.closeUntil(row)),
          'kind',
        ),
    } as unknown as ClickHouseClient;
    const ends = {
      endsOf: async (topic: string) =>
        new Map(topic === 'heartbeats' ? this.log.map((messages, at) => [at, BigInt(messages.length)]) : []),
      positionsOf: async () => new Map(this.committed.map((offset, at) => [at, BigInt(offset)])),
    } as unknown as TopicEndReader;
    member.clocks = new ArrivalClocks(db, ends, 'group', pino({ level: 'silent' }));
    member.intake = new Intake({
      storeBlock: (block) => this.step(member, () => this.storeRows(member, block.toNative(), block.rows)),
      blockEveryMs: 0,
      keepLetters: async (letters) => {
        const names = letters.map(({ sourcePartition, sourceOffset }) => `${sourcePartition}/${sourceOffset}`);
        await this.step(member, () => names.forEach((name) => this.lettersInTopic.add(name)));
        await this.step(member, () => names.forEach((name) => this.letters.add(name)));
      },
      clocks: member.clocks,
      erasures: () => new Erasures(),
      mostRefusedShare: 1,
    });
    member.clocks.assign({ heartbeats: this.log.map((_, partition) => partition) });
    return member;
  }

  /**
   * Reads a partition as `KafkaBatchServer` does: ahead of what is stored, committing in order. A batch that failed is read
   * again, with all that came after it, once nothing of the partition is in work any more.
   */
  private async read(member: Process, partition: number): Promise<void> {
    const messages = this.log[partition] as IncomingMessage[];
    let next = this.committed[partition] as number;
    let isResting = false;
    const current: Array<{ first: number; next: number }> = [];
    const inWork: Array<Promise<void>> = [];
    let before: Promise<void> = Promise.resolve();
    while (!member.isDead && next < messages.length) {
      const range = { first: next, next: Math.min(messages.length, next + 1 + Math.floor(this.random() * 5)) };
      const batch = messages.slice(range.first, range.next);
      current.push(range);
      next = range.next;
      const isCurrent = () => current.includes(range) && member.generation === this.generation;
      const work = member.intake.take('heartbeats', { topic: 'heartbeats', partition, messages: batch, isCurrent });
      const previous = before;
      before = work.then(
        async () => {
          await previous;
          if (isCurrent()) await this.commit(member, partition, range.next);
          if (current[0] === range) current.shift();
        },
        () => {
          if (!current.includes(range)) return;
          current.splice(current.indexOf(range));
          next = range.first;
          isResting = true;
          sights.redone++;
        },
      );
      inWork.push(before);
      if (inWork.length >= MOST_IN_WORK) await inWork.shift();
      if (isResting || next >= messages.length) await Promise.all(inWork.splice(0));
      isResting = false;
    }
  }

  private async commit(member: Process, partition: number, next: number): Promise<void> {
    member.clocks.readTo('heartbeats', partition, BigInt(next));
    await this.step(member, () => {
      if (member.generation !== this.generation) return void sights.refusedCommits++;
      for (let offset = 0; offset < next; offset++) this.requireVerdict(partition, offset);
      this.committed[partition] = Math.max(next, this.committed[partition] as number);
    }).catch(() => undefined);
  }

  private requireVerdict(partition: number, offset: number): void {
    const name = `${partition}/${offset}`;
    const isBad = this.isBad(partition, offset);
    const isSafe = isBad ? this.letters.has(name) && this.lettersInTopic.has(name) : this.stored.has(name);
    if (!isSafe) this.broken ??= `committed past ${name}, which is not safe`;
  }

  /** One call to the outside world and what may become of it. */
  private async step(member: Process, effect: () => unknown, manner: 'any' | 'kind' = 'any'): Promise<void> {
    for (let waits = Math.floor(this.random() * 4); waits > 0; waits--) await turn();
    if (member.isDead) return never();
    const draw = this.random();
    if (draw > this.trouble || (manner === 'kind' && draw > this.trouble / 2)) return void effect();
    const isAfter = this.random() < 0.5;
    if (isAfter) effect();
    if (manner === 'kind' || this.random() < 0.4) {
      sights.crashes++;
      member.isDead = true;
      return never();
    }
    if (isAfter) sights.lostAnswers++;
    else sights.failures++;
    throw new Error(isAfter ? 'answer lost' : 'not stored');
  }

  /** Reads where the rows came from off the end of a Native block: received_at, source_partition, source_offset. */
  private storeRows(member: Process, chunks: Uint8Array[], rows: number): void {
    if (rows === 0) return;
    const bytes = Buffer.concat(chunks);
    const offsets = bytes.length - 8 * rows;
    const partitions = offsets - 'xsource_offsetxUInt64'.length - 4 * rows;
    const arrivals = partitions - 'xsource_partitionxUInt32'.length - 8 * rows;
    for (let row = 0; row < rows; row++) {
      const partition = bytes.readUInt32LE(partitions + 4 * row);
      const name = `${partition}/${bytes.readBigUInt64LE(offsets + 8 * row)}`;
      const receivedAt = Number(bytes.readBigInt64LE(arrivals + 8 * row));
      if (member.generation !== this.generation) sights.zombieWrites++;
      const closed = this.closed.get(`heartbeats/${partition}`) ?? 0;
      if (!this.stored.has(name) && receivedAt < closed)
        this.broken ??= `${name} arrived at ${receivedAt}, when ${closed} was closed already`;
      this.stored.set(name, Math.min(receivedAt, this.stored.get(name) ?? receivedAt));
    }
  }

  private closeUntil(row: { topic: string; source_partition: number; closed_until: string }): void {
    const name = `${row.topic}/${row.source_partition}`;
    const clock = Date.parse(`${row.closed_until.replace(' ', 'T')}Z`);
    this.closed.set(name, Math.max(clock, this.closed.get(name) ?? clock));
  }

  private close(member: Process): Promise<void> {
    return member.clocks['close']();
  }

  private isDone(): boolean {
    return this.log.every((messages, partition) => this.committed[partition] === messages.length);
  }

  private async pass(): Promise<void> {
    if (++this.turns > MOST_TURNS) this.broken ??= 'the story has no end';
    if (this.broken !== undefined) throw new Error(this.broken);
    await turn();
  }

  private check(): void {
    this.log.forEach((messages, partition) => messages.forEach((_, offset) => this.requireVerdict(partition, offset)));
    const bad = this.log.flatMap((messages, partition) => messages.filter((_, at) => this.isBad(partition, at))).length;
    const all = this.log.reduce((sum, messages) => sum + messages.length, 0);
    if (this.stored.size !== all - bad || this.letters.size !== bad) this.broken ??= 'something was made up';
    if (this.broken !== undefined) throw new Error(this.broken);
  }

  private isBad(partition: number, offset: number): boolean {
    return (partition * 31 + offset * 7) % 5 === 0;
  }

  private message(partition: number, offset: number): IncomingMessage {
    const event = {
      occurred_at: '2026-03-01T12:00:00Z',
      host_id: `host-${partition}-${offset}`,
      org_id: 'org',
      country: 'DE',
      os_build: '10.0',
      booted_at: '2026-03-01T08:00:00Z',
    };
    const value = Buffer.from(this.isBad(partition, offset) ? 'no json' : JSON.stringify(event));
    const timestamp = Date.UTC(2026, 2, 1, 12) + Math.floor(this.random() * 50);
    return { offset, timestamp, key: null, value, bytes: value, valueStart: 0, valueEnd: value.length };
  }
}
