import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { inputTopics } from '@ringwatch/inputs';
import { TopicEndReader } from '@ringwatch/kafka';
import fc from 'fast-check';
import pino from 'pino';
import { ArrivalClocks, BatchInWork } from './arrival-clocks';

/** Long enough for two rounds of closing. */
const TWO_ROUNDS_MS = 500;
const PARTITIONS = 2;

interface ClockRow {
  topic: string;
  source_partition: number;
  closed_until: string;
}

/** The table of clocks, where a row lands only after `delayMs`; and the topics, with their ends and committed offsets. */
class World {
  delayMs = 0;
  writeDelayMs = 0;
  isDown = false;
  isKafkaDown = false;
  /** How often the clocks were read: once a round of closing. */
  rounds = 0;
  readonly ends = new Map<string, bigint>();
  readonly committed = new Map<string, bigint>();
  readonly closed = new Map<string, number>();

  constructor() {
    for (const topic of inputTopics) for (let at = 0; at < PARTITIONS; at++) this.ends.set(`${topic}/${at}`, 0n);
  }

  readonly db = {
    query: async () => {
      this.rounds++;
      await this.answer();
      const rows = [...this.closed].map(([name, closed_until]) => {
        const [topic, partition] = name.split('/');
        return { topic, source_partition: Number(partition), closed_until };
      });
      return { json: async () => rows };
    },
    insert: async ({ values }: { values: ClockRow[] }) => {
      await this.answer(this.writeDelayMs);
      for (const { topic, source_partition, closed_until } of values) {
        const name = `${topic}/${source_partition}`;
        const clock = Date.parse(`${closed_until.replace(' ', 'T')}Z`);
        this.closed.set(name, Math.max(clock, this.closed.get(name) ?? clock));
      }
    },
  } as unknown as ClickHouseClient;

  readonly reader = {
    endsOf: async (topic: string) => {
      const ends = this.of(topic, this.ends);
      await this.answer();
      if (this.isKafkaDown) throw new Error('no broker');
      return ends;
    },
    positionsOf: async (_: string, topic: string) => this.of(topic, this.committed),
  } as unknown as TopicEndReader;

  private async answer(delayMs = this.delayMs): Promise<void> {
    if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
    if (this.isDown) throw new Error('no answer');
  }

  private of(topic: string, offsets: ReadonlyMap<string, bigint>): Map<number, bigint> {
    return new Map(Array.from({ length: PARTITIONS }, (_, at) => [at, offsets.get(`${topic}/${at}`) ?? 0n]));
  }
}

const everything = Object.fromEntries(inputTopics.map((topic) => [topic, [0, 1]]));
const logger = pino({ level: 'silent' });
const started: ArrivalClocks[] = [];

function clocksOf(world: World, assignment: Record<string, number[]> = everything): ArrivalClocks {
  const clocks = new ArrivalClocks(world.db, world.reader, 'group', logger);
  started.push(clocks);
  clocks.assign(assignment);
  clocks.start();
  return clocks;
}
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** One record arrives at the end of a partition and is stored. */
async function take(clocks: ArrivalClocks, world: World, topic: string, timestamp: number): Promise<number> {
  const next = world.ends.get(`${topic}/0`)! + 1n;
  world.ends.set(`${topic}/0`, next);
  const batch = await clocks.begin(topic, 0, [timestamp]);
  clocks.end(batch);
  clocks.readTo(topic, 0, next);
  return batch.clock;
}

describe('ArrivalClocks', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(async () => {
    await Promise.all(started.splice(0).map((clocks) => clocks.stop()));
    jest.useRealTimers();
  });

  it('writes a clock for every partition of the inputs at once, also for those that others read', async () => {
    const world = new World();
    clocksOf(world, { bugchecks: [0] });
    await pass(TWO_ROUNDS_MS);
    expect([...world.closed.keys()].sort()).toEqual([...world.ends.keys()].sort());
    expect(new Set(world.closed.values())).toEqual(new Set([0]));
  });

  it('lets partitions that are read to their end follow the furthest', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    await take(clocks, world, 'bugchecks', 5_000);
    await pass(TWO_ROUNDS_MS);
    expect(new Set(world.closed.values())).toEqual(new Set([5_000]));
    expect(await take(clocks, world, 'updates', 4_000)).toBe(5_000);
  });

  it('follows partitions that other processes read', async () => {
    const world = new World();
    world.closed.set('heartbeats/1', 7_000);
    clocksOf(world, { bugchecks: [0] });
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('bugchecks/0')).toBe(7_000);
    expect(world.closed.get('heartbeats/1')).toBe(7_000);
  });

  it('never lifts a partition whose batch is being stored, even one that is read to its end', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    await take(clocks, world, 'bugchecks', 5_000);
    await pass(TWO_ROUNDS_MS);
    const batch = await clocks.begin('installs', 0, [6_000]);
    await take(clocks, world, 'bugchecks', 9_000);
    await pass(2_000);
    expect(world.closed.get('installs/1')).toBe(9_000);
    expect(world.closed.get('installs/0')).toBe(5_000);
    clocks.end(batch);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('installs/0')).toBe(9_000);
  });

  it('does not lift a partition that has more to read', async () => {
    const world = new World();
    world.ends.set('installs/0', 10n);
    const clocks = clocksOf(world);
    await pass(0);
    await take(clocks, world, 'bugchecks', 5_000);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('installs/0')).toBe(0);
    clocks.readTo('installs', 0, 10n);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('installs/0')).toBe(5_000);
  });

  it('goes on from the stored clock after a restart', async () => {
    const world = new World();
    world.closed.set('bugchecks/0', 8_000);
    world.committed.set('bugchecks/0', 3n);
    world.ends.set('bugchecks/0', 4n);
    const clocks = clocksOf(world);
    await pass(0);
    expect((await clocks.begin('bugchecks', 0, [1])).clock).toBe(8_000);
  });

  it('starts a partition that was added later where the furthest is, since that may have been decided', async () => {
    const world = new World();
    world.closed.set('bugchecks/0', 8_000).set('bugchecks/1', 9_000);
    const clocks = clocksOf(world);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('updates/0')).toBe(9_000);
    expect(await take(clocks, world, 'updates', 4_000)).toBe(9_000);
  });

  it('reads ahead: closes only past batches that are stored, in order', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    const first = await clocks.begin('bugchecks', 0, [5_000, 4_000]);
    const second = await clocks.begin('bugchecks', 0, [3_000, 6_000]);
    const third = await clocks.begin('bugchecks', 0, [7_000]);
    expect([first, second, third].map(({ receivedAt }) => receivedAt)).toEqual([
      [5_000, 5_000],
      [5_000, 6_000],
      [7_000],
    ]);
    clocks.end(second);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('bugchecks/0')).toBe(0);
    clocks.end(first);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('bugchecks/0')).toBe(6_000);
    clocks.end(third);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('bugchecks/0')).toBe(7_000);
  });

  it('forgets what came after a batch that failed: all of it is read again', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    const first = await clocks.begin('bugchecks', 0, [5_000]);
    const second = await clocks.begin('bugchecks', 0, [9_000]);
    clocks.fail(first);
    clocks.end(second);
    const again = await clocks.begin('bugchecks', 0, [5_000]);
    expect(again.receivedAt).toEqual([5_000]);
    clocks.end(again);
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('bugchecks/0')).toBe(5_000);
  });

  it('takes no word from a batch of an earlier assignment', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    const stale = await clocks.begin('bugchecks', 0, [5_000]);
    await clocks.revoke();
    world.closed.set('bugchecks/0', 8_000);
    clocks.assign(everything);
    await pass(0);
    clocks.end(stale);
    expect((await clocks.begin('bugchecks', 0, [1])).clock).toBe(8_000);
    clocks.end({ ...stale, clock: 12_000 });
    await pass(TWO_ROUNDS_MS);
    expect(world.closed.get('bugchecks/0')).toBe(8_000);
  });

  it('is done with its partitions only when nothing of them is being written any more', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    await take(clocks, world, 'bugchecks', 5_000);
    world.writeDelayMs = 1_000;
    await pass(300);
    const revoked = clocks.revoke().then(() => world.closed.get('bugchecks/0'));
    await pass(2_000);
    expect(await revoked).toBe(5_000);
  });

  it('writes no clock by what it knew a session ago: the process may have been stopped', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(0);
    await take(clocks, world, 'bugchecks', 5_000);
    world.delayMs = 2_500;
    await pass(20_000);
    expect(world.closed.get('bugchecks/0')).toBe(0);
    world.delayMs = 0;
    await pass(10_000);
    expect(world.closed.get('bugchecks/0')).toBe(5_000);
  });

  it('refuses a batch of a partition that it does not have', async () => {
    const clocks = clocksOf(new World(), { bugchecks: [0] });
    await pass(0);
    await expect(clocks.begin('bugchecks', 1, [])).rejects.toThrow('bugchecks[1] is not assigned');
    await clocks.revoke();
    await expect(clocks.begin('bugchecks', 0, [])).rejects.toThrow('not assigned');
  });

  it('says for how long it could not close, and goes on when the store is back, however long it was away', async () => {
    const world = new World();
    world.isDown = true;
    const clocks = clocksOf(world);
    await pass(25 * 60_000);
    expect(clocks.secondsSinceClosed()).toBeGreaterThan(1_000);
    world.isDown = false;
    await pass(10_000);
    expect(clocks.secondsSinceClosed()).toBeLessThan(1);
    expect(await take(clocks, world, 'bugchecks', 5_000)).toBe(5_000);
  });

  it('says so when Kafka is away, also while no clock has anything to follow', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(5_000);
    expect(clocks.secondsSinceClosed()).toBeLessThan(1);
    world.isKafkaDown = true;
    await pass(20_000);
    expect(clocks.secondsSinceClosed()).toBeGreaterThan(15);
  });

  it('says where messages wait and nothing goes on, and only there', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    await pass(60_000);
    expect(clocks.standsStill(12_000)).toBeUndefined();
    world.ends.set('bugchecks/1', 7n);
    await pass(11_000);
    expect(clocks.standsStill(12_000)).toBeUndefined();
    await pass(4_000);
    expect(clocks.standsStill(12_000)).toContain('bugchecks/1 stands at offset 0');
    clocks.readTo('bugchecks', 1, 7n);
    await pass(3_000);
    expect(clocks.standsStill(12_000)).toBeUndefined();
    await clocks.revoke();
    await pass(13_000);
    expect(clocks.standsStill(12_000)).toContain('no partitions');
  });

  it('leaves the servers to storing while it is far behind: a round a second instead of five', async () => {
    const world = new World();
    const clocks = clocksOf(world);
    const roundsIn = async (ms: number) => {
      await pass(3_000); // how far it is behind is seen at the next look at the ends
      const before = world.rounds;
      await pass(ms);
      return world.rounds - before;
    };
    expect(await roundsIn(10_000)).toBeGreaterThan(45);
    world.ends.set('bugchecks/0', 60_000n);
    expect(await roundsIn(10_000)).toBeLessThan(12);
    expect(clocks.isFarBehind()).toBe(true);
    clocks.readTo('bugchecks', 0, 59_000n);
    expect(await roundsIn(10_000)).toBeGreaterThan(45);
  });

  /** Steps of a random run: records come, batches are begun and stored, the group rebalances, time passes. */
  const topic = fc.constantFrom('bugchecks', 'heartbeats');
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('append'), topic, timestamp: fc.integer({ min: 1, max: 99 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('begin'), topic, count: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('store'), topic }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('rebalance') }) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: 150 }) }) },
  ) as fc.Arbitrary<{ kind: string; topic: string; timestamp: number; count: number; ms: number }>;

  it('never closes a partition past a row that is stored later', async () => {
    let stored = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 40, maxLength: 120 }),
        fc.nat(40),
        fc.nat(400),
        async (steps, delayMs, writeDelayMs) => {
          const world = new World();
          const clocks = clocksOf(world);
          await pass(200);
          Object.assign(world, { delayMs, writeDelayMs });
          const reader = new Reader(world, clocks);
          try {
            for (const each of steps) {
              if (each.kind === 'wait') await pass(each.ms);
              else if (each.kind === 'rebalance') reader.rebalance();
              else if (each.kind === 'append') reader.append(each.topic, each.timestamp);
              else if (each.kind === 'begin') reader.begin(each.topic, each.count);
              else stored += reader.store(each.topic);
              await pass(0);
            }
          } finally {
            Object.assign(world, { delayMs: 0, writeDelayMs: 0 });
            await pass(1_000);
            await clocks.stop();
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(stored).toBeGreaterThan(500);
  }, 300_000);
});

/** Reads the first partition of each topic as ingest does, and looks at the promise whenever a row is stored. */
class Reader {
  private readonly log = new Map<string, number[]>();
  private work = new Map<string, { next: number; begun?: BatchInWork }>();

  constructor(
    private readonly world: World,
    private readonly clocks: ArrivalClocks,
  ) {}

  append(topic: string, timestamp: number): void {
    const log = [...(this.log.get(topic) ?? []), timestamp];
    this.log.set(topic, log);
    this.world.ends.set(`${topic}/0`, BigInt(log.length));
  }

  rebalance(): void {
    this.work = new Map();
    this.clocks.assign(everything);
  }

  begin(topic: string, count: number): void {
    const from = Number(this.world.committed.get(`${topic}/0`) ?? 0n);
    const timestamps = (this.log.get(topic) ?? []).slice(from, from + count);
    if (timestamps.length === 0 || this.work.has(topic)) return;
    const work: { next: number; begun?: BatchInWork } = { next: from + timestamps.length };
    this.work.set(topic, work);
    void this.clocks
      .begin(topic, 0, timestamps)
      .then((batch) => (work.begun = batch), () => undefined); // prettier-ignore
  }

  /** How many rows were stored. @throws when one of them arrived before arrival time was closed */
  store(topic: string): number {
    const { begun, next } = this.work.get(topic) ?? {};
    if (!begun || next === undefined) return 0;
    const closed = this.world.closed.get(`${topic}/0`) ?? 0;
    for (const at of begun.receivedAt) expect(at).toBeGreaterThanOrEqual(closed);
    this.clocks.end(begun);
    this.clocks.readTo(topic, 0, BigInt(next));
    this.world.committed.set(`${topic}/0`, BigInt(next));
    this.work.delete(topic);
    return begun.receivedAt.length;
  }
}
