import type { EachBatchPayload, Kafka } from 'kafkajs';
import { KafkaBatchServer, KafkaBatchServerOptions } from './kafka-batch-server';
import type { MessageBatch } from './partition-lane';

/** What kafkajs does with a consumer: tells of events, hands over batches, takes commits, seeks and pauses. */
class FakeConsumer {
  readonly events = { CRASH: 'crash', GROUP_JOIN: 'join', REBALANCING: 'rebalancing', END_BATCH_PROCESS: 'end' };
  log: string[] = [];
  subscribed: unknown;
  commit: () => Promise<void> = async () => undefined;
  private readonly listeners = new Map<string, (event: { payload: unknown }) => void>();
  private eachBatch: (payload: EachBatchPayload) => Promise<void> = () => Promise.reject(new Error('not running'));

  on(name: string, listener: (event: { payload: unknown }) => void) {
    this.listeners.set(name, listener);
  }
  emit(name: string, payload: unknown = {}) {
    this.listeners.get(name)?.({ payload });
  }
  async connect() {
    return undefined;
  }
  async disconnect() {
    this.log.push('disconnected');
  }
  async subscribe(subscription: unknown) {
    this.subscribed = subscription;
  }
  async run(settings: { eachBatch: (payload: EachBatchPayload) => Promise<void>; autoCommit: boolean }) {
    expect(settings.autoCommit).toBe(false);
    this.eachBatch = settings.eachBatch;
    this.emit('join', { memberAssignment: { bugchecks: [0, 1, 2, 3] } });
  }
  seek({ partition, offset }: { partition: number; offset: string }) {
    this.log.push(`read ${partition} from ${offset}`);
  }

  /** Hands over the offsets `from` to `to`; `lastOffset` lies behind them where a transaction left its mark. */
  async deliver(from: number, to: number, { lastOffset = to, partition = 2 } = {}): Promise<void> {
    const messages = [];
    for (let offset = from; offset <= to; offset++)
      messages.push({ offset: String(offset), timestamp: '1000', key: null, value: Buffer.from(`m${offset}`) });
    const payload = {
      batch: {
        topic: 'bugchecks',
        partition,
        messages,
        highWatermark: '100',
        firstOffset: () => String(from),
        lastOffset: () => String(lastOffset),
      },
      isRunning: () => true,
      isStale: () => false,
      heartbeat: async () => undefined,
      resolveOffset: () => undefined,
      commitOffsetsIfNecessary: async (offsets: {
        topics: Array<{ partitions: Array<{ partition: number; offset: string }> }>;
      }) => {
        const positions = offsets.topics[0]!.partitions.map((each) => `${each.partition}@${each.offset}`);
        this.log.push(`committed ${positions.join(' ')}`);
        await this.commit();
      },
      pause: () => {
        this.log.push(`paused ${partition}`);
        return () => this.log.push(`resumed ${partition}`);
      },
    };
    await this.eachBatch(payload as unknown as EachBatchPayload);
  }
}

/** A handler whose batches end when told to. */
class Handler {
  readonly batches: MessageBatch[] = [];
  private readonly ends: Array<{ done: () => void; fail: (error: Error) => void }> = [];

  readonly handle = (batch: MessageBatch): Promise<void> => {
    this.batches.push(batch);
    return new Promise((done, fail) => this.ends.push({ done, fail }));
  };
  get firsts(): number[] {
    return this.batches.map(({ messages }) => messages[0]!.offset);
  }
  async finish(at: number) {
    this.ends[at]!.done();
    await turns();
  }
  async fail(at: number) {
    this.ends[at]!.fail(new Error('no store'));
    await turns();
  }
}

async function turns() {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

async function serving(more: Partial<KafkaBatchServerOptions> = {}, handler = new Handler()) {
  const consumer = new FakeConsumer();
  const kafka = { consumer: () => consumer } as unknown as Kafka;
  const crashes: Error[] = [];
  const server = new KafkaBatchServer({ kafka, groupId: 'g', onCrash: (error) => crashes.push(error), ...more });
  server.addHandler('bugchecks', handler.handle as never, true);
  await new Promise<void>((done, fail) => server.listen((error) => (error ? fail(error) : done())));
  return { consumer, server, crashes, handler };
}

describe('KafkaBatchServer', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('reads each topic that has a handler from its beginning', async () => {
    const { consumer } = await serving();
    expect(consumer.subscribed).toEqual({ topics: ['bugchecks'], fromBeginning: true });
  });

  it('hands over bytes, exact offsets and the timestamps', async () => {
    const { consumer, handler } = await serving();
    await consumer.deliver(7, 8);
    const [{ topic, partition, messages }] = handler.batches as [MessageBatch];
    expect({ topic, partition }).toEqual({ topic: 'bugchecks', partition: 2 });
    expect(messages).toMatchObject([
      { offset: 7, timestamp: 1000, key: null, value: Buffer.from('m7') },
      { offset: 8, timestamp: 1000, key: null, value: Buffer.from('m8') },
    ]);
    for (const { bytes, value, valueStart, valueEnd } of messages)
      expect(bytes.subarray(valueStart, valueEnd)).toEqual(value);
  });

  it('reads one batch ahead, commits in order whatever ends first, and each only when all before it have ended', async () => {
    const read: unknown[] = [];
    const { consumer, handler } = await serving({ onRead: ({ next }) => read.push(next) });
    await consumer.deliver(7, 9);
    void consumer.deliver(10, 12);
    await turns();
    expect(handler.firsts).toEqual([7, 10]);
    await handler.finish(1);
    expect([consumer.log, read]).toEqual([[], []]);
    await handler.finish(0);
    expect(consumer.log).toEqual(['committed 2@13']);
    expect(read).toEqual([13n]);
  });

  it('fetches no more of a partition that has two batches in work, and of others at once', async () => {
    const { consumer, handler } = await serving();
    await consumer.deliver(7, 9);
    let isTaken = false;
    void consumer.deliver(10, 12).then(() => (isTaken = true));
    await consumer.deliver(1, 1, { partition: 0 });
    await turns();
    expect(isTaken).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    expect([isTaken, consumer.log]).toEqual([true, ['paused 2']]);
    await handler.finish(0);
    expect(consumer.log.sort()).toEqual(['committed 2@10', 'paused 2', 'resumed 2']);
  });

  it('has one commit under way, and what is settled meanwhile goes out in the next one, newest only', async () => {
    const { consumer, handler } = await serving();
    let answer = () => undefined as void;
    consumer.commit = () => new Promise((done) => (answer = done));
    for (let offset = 0; offset < 4; offset++) {
      await consumer.deliver(offset, offset);
      await handler.finish(offset);
    }
    await consumer.deliver(5, 5, { partition: 1 });
    await handler.finish(4);
    expect(consumer.log).toEqual(['committed 2@1']);
    answer();
    await turns();
    expect(consumer.log).toEqual(['committed 2@1', 'committed 2@4 1@6']);
  });

  it('repeats a commit that failed, and ends when the broker will never take it', async () => {
    const { consumer, handler, crashes } = await serving();
    consumer.commit = () => Promise.reject(new Error('gone away'));
    await consumer.deliver(7, 9);
    await handler.finish(0);
    await jest.advanceTimersByTimeAsync(100);
    expect(consumer.log).toEqual(['committed 2@10', 'committed 2@10']);
    consumer.commit = () => Promise.reject(Object.assign(new Error('not allowed'), { retriable: false }));
    await jest.advanceTimersByTimeAsync(200);
    expect(crashes.map(({ message }) => message)).toEqual(['not allowed']);
  });

  describe('when a batch fails', () => {
    it('commits nothing after it, and reads on from it when the partition has rested', async () => {
      const { consumer, handler } = await serving();
      await consumer.deliver(7, 9);
      void consumer.deliver(10, 12);
      await turns();
      await handler.finish(0);
      void consumer.deliver(13, 15);
      await turns();
      await handler.fail(1);
      await handler.finish(2);
      expect(consumer.log).toEqual(['committed 2@10', 'paused 2']);
      await jest.advanceTimersByTimeAsync(100);
      expect(consumer.log.slice(2)).toEqual(['read 2 from 10', 'resumed 2']);
      await consumer.deliver(10, 12);
      await handler.finish(3);
      expect(consumer.log.at(-1)).toBe('committed 2@13');
    });

    it('tells later batches of the partition that they are not current, and none of another one', async () => {
      const { consumer, handler } = await serving();
      await consumer.deliver(1, 1, { partition: 0 });
      await consumer.deliver(7, 9);
      void consumer.deliver(10, 12);
      await turns();
      await handler.fail(1);
      expect(handler.batches.map((batch) => batch.isCurrent())).toEqual([true, false, false]);
      await handler.finish(2);
      expect(consumer.log).toEqual(['paused 2']);
    });

    it('goes on from the first of two batches that failed, the later one first', async () => {
      const { consumer, handler } = await serving();
      await consumer.deliver(7, 9);
      void consumer.deliver(10, 12);
      await turns();
      await handler.fail(1);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(consumer.log).toEqual(['paused 2']);
      await handler.fail(0);
      expect(consumer.log).toEqual(['paused 2', 'read 2 from 7', 'resumed 2']);
    });

    it('does not take a batch that was fetched before the failure', async () => {
      const { consumer, handler } = await serving();
      await consumer.deliver(7, 9);
      await handler.fail(0);
      await consumer.deliver(10, 12);
      expect(handler.firsts).toEqual([7]);
    });

    it('rests longer each time, until the batch is stored', async () => {
      const failures: unknown[] = [];
      const { consumer, handler } = await serving({ onRetry: (_, { attempt, ...b }) => failures.push([attempt, b]) });
      const rests = () => (failures as Array<[number, { retryInMs: number }]>).map(([, { retryInMs }]) => retryInMs);
      for (let attempt = 0; attempt < 8; attempt++) {
        await consumer.deliver(7, 9);
        await handler.fail(attempt);
        await jest.advanceTimersByTimeAsync(5_000);
      }
      expect(failures[0]).toEqual([1, { topic: 'bugchecks', partition: 2, retryInMs: 100 }]);
      expect(rests()).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
      await consumer.deliver(7, 9);
      await handler.finish(8);
      await consumer.deliver(10, 10);
      await handler.fail(9);
      expect(failures[8]).toMatchObject([1, { retryInMs: 100 }]);
    });
  });

  it('commits nothing when the partition may be gone meanwhile', async () => {
    const revoked: string[] = [];
    const { consumer, handler } = await serving({ onRevoked: () => void revoked.push('revoked') });
    await consumer.deliver(7, 9);
    consumer.emit('join', { memberAssignment: {} });
    expect([handler.batches[0]!.isCurrent(), revoked]).toEqual([false, ['revoked']]);
    await handler.finish(0);
    expect(consumer.log).toEqual([]);
  });

  it('lets what is in work end before a rebalance, and gives up what takes longer', async () => {
    const revoked: string[] = [];
    const { consumer, handler } = await serving({ onRevoked: () => void revoked.push(consumer.log.join()) });
    await consumer.deliver(7, 9);
    consumer.emit('rebalancing');
    await handler.finish(0);
    expect([consumer.log, revoked]).toEqual([['committed 2@10'], ['committed 2@10']]);

    consumer.emit('join', { memberAssignment: { bugchecks: [2] } });
    await consumer.deliver(10, 12);
    consumer.emit('rebalancing');
    await jest.advanceTimersByTimeAsync(3_000);
    expect([handler.batches[1]!.isCurrent(), revoked.length]).toEqual([false, 2]);
    await handler.finish(1);
    expect(consumer.log).toEqual(['committed 2@10']);
  });

  it('lets what is in work end when it is closed', async () => {
    const { consumer, server, handler } = await serving();
    await consumer.deliver(7, 9);
    const closed = server.close();
    await handler.finish(0);
    await closed;
    expect(consumer.log).toEqual(['committed 2@10', 'disconnected']);
  });

  it('leaves the group only when what was told has given the partitions up, if that comes to an end', async () => {
    let giveUp = () => undefined as void;
    const { consumer, server } = await serving({ onRevoked: () => new Promise((done) => (giveUp = done)) });
    const closed = server.close();
    await jest.advanceTimersByTimeAsync(8_000);
    expect(consumer.log).toEqual([]);
    giveUp();
    await closed;
    expect(consumer.log).toEqual(['disconnected']);

    const other = await serving({ onRevoked: () => new Promise(() => undefined) });
    const closedToo = other.server.close();
    await jest.advanceTimersByTimeAsync(10_000);
    await closedToo;
    expect(other.consumer.log).toEqual(['disconnected']);
  });

  it('tells how far it has read, past the marks of transactions too, but not before what is in work', async () => {
    const read: unknown[] = [];
    const { consumer, handler } = await serving({ onRead: (position) => read.push(position) });
    await consumer.deliver(7, 9, { lastOffset: 10 });
    consumer.emit('end', { topic: 'bugchecks', partition: 2, batchSize: 0, lastOffset: '12' });
    consumer.emit('end', { topic: 'bugchecks', partition: 2, batchSize: 3, lastOffset: '99' });
    expect(read).toEqual([]);
    await handler.finish(0);
    expect(read).toEqual([{ topic: 'bugchecks', partition: 2, next: 13n }]);
    expect(consumer.log).toEqual(['committed 2@13']);
  });

  it('tells of what cannot heal, and of nothing else', async () => {
    const { consumer, server, crashes } = await serving();
    consumer.emit('crash', { error: new Error('again'), restart: true });
    consumer.emit('crash', { error: new Error('for good'), restart: false });
    await server.close();
    consumer.emit('crash', { error: new Error('while closing'), restart: false });
    expect(crashes.map(({ message }) => message)).toEqual(['for good']);
  });
});
