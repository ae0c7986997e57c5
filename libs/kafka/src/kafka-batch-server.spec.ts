import type { EachBatchPayload, Kafka } from 'kafkajs';
import { KafkaBatchServer, KafkaBatchServerOptions, MessageBatch } from './kafka-batch-server';

/** What kafkajs does with a consumer: tells of events, hands over batches, takes commits and pauses. */
class FakeConsumer {
  readonly events = { CRASH: 'crash', GROUP_JOIN: 'join', REBALANCING: 'rebalancing', END_BATCH_PROCESS: 'end' };
  readonly log: string[] = [];
  subscribed: unknown;
  private readonly listeners = new Map<string, (event: { payload: unknown }) => void>();
  private eachBatch: (payload: EachBatchPayload) => Promise<void> = () => Promise.reject(new Error('not running'));

  on(name: string, listener: (event: { payload: unknown }) => void) {
    this.listeners.set(name, listener);
  }
  emit(name: string, payload: unknown) {
    this.listeners.get(name)?.({ payload });
  }
  async connect() {
    this.log.push('connected');
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
  }

  /** Hands over the offsets `from` to `to`; `lastOffset` lies behind them where a transaction left its mark. */
  deliver(from: number, to: number, lastOffset = to): Promise<void> {
    const messages = [];
    for (let offset = from; offset <= to; offset++)
      messages.push({ offset: String(offset), timestamp: '1000', key: null, value: Buffer.from(`m${offset}`) });
    const payload = {
      batch: { topic: 'bugchecks', partition: 2, messages, lastOffset: () => String(lastOffset) },
      isRunning: () => true,
      isStale: () => false,
      heartbeat: async () => undefined,
      resolveOffset: (offset: string) => this.log.push(`resolved ${offset}`),
      commitOffsetsIfNecessary: async (offsets: { topics: Array<{ partitions: Array<{ offset: string }> }> }) => {
        this.log.push(`committed ${offsets.topics[0]!.partitions[0]!.offset}`);
      },
      pause: () => {
        this.log.push('paused');
        return () => this.log.push('resumed');
      },
    };
    return this.eachBatch(payload as unknown as EachBatchPayload);
  }
}

async function serving(handler: (batch: MessageBatch) => Promise<void>, more: Partial<KafkaBatchServerOptions> = {}) {
  const consumer = new FakeConsumer();
  const kafka = { consumer: () => consumer } as unknown as Kafka;
  const crashes: Error[] = [];
  const server = new KafkaBatchServer({ kafka, groupId: 'g', onCrash: (error) => crashes.push(error), ...more });
  server.addHandler('bugchecks', handler as never, true);
  await new Promise<void>((done, fail) => server.listen((error) => (error ? fail(error) : done())));
  return { consumer, server, crashes };
}

describe('KafkaBatchServer', () => {
  afterEach(() => jest.useRealTimers());

  it('reads each topic that has a handler from its beginning', async () => {
    const { consumer } = await serving(async () => undefined);
    expect(consumer.subscribed).toEqual({ topics: ['bugchecks'], fromBeginning: true });
  });

  it('commits the offset after the last message, and only when the handler is done', async () => {
    let finish = () => undefined as void;
    const { consumer } = await serving(() => new Promise((done) => (finish = done)));
    const delivered = consumer.deliver(7, 9);
    await new Promise(setImmediate);
    expect(consumer.log).toEqual(['connected']);
    finish();
    await delivered;
    expect(consumer.log).toEqual(['connected', 'resolved 9', 'committed 10']);
  });

  it('hands over bytes, exact offsets and the timestamps', async () => {
    const batches: MessageBatch[] = [];
    const { consumer } = await serving(async (batch) => void batches.push(batch));
    await consumer.deliver(7, 8);
    expect(batches[0]).toMatchObject({ topic: 'bugchecks', partition: 2 });
    expect(batches[0]!.messages).toMatchObject([
      { offset: 7, timestamp: 1000, key: null, value: Buffer.from('m7') },
      { offset: 8, timestamp: 1000, key: null, value: Buffer.from('m8') },
    ]);
    for (const { bytes, value, valueStart, valueEnd } of batches[0]!.messages)
      expect(bytes.subarray(valueStart, valueEnd)).toEqual(value);
  });

  it('commits nothing of a batch that failed, lets the partition rest, longer each time, and tries again', async () => {
    jest.useFakeTimers();
    const failures: unknown[] = [];
    let isBroken = true;
    const { consumer } = await serving(
      async () => {
        if (isBroken) throw new Error('no store');
      },
      { onRetry: (error, batch) => failures.push([(error as Error).message, batch]) },
    );
    for (let attempt = 1; attempt <= 8; attempt++) {
      await consumer.deliver(7, 9);
      jest.runOnlyPendingTimers();
    }
    expect(consumer.log.slice(1)).toEqual(Array(8).fill(['paused', 'resumed']).flat());
    expect(failures[0]).toEqual(['no store', { topic: 'bugchecks', partition: 2, attempt: 1, retryInMs: 100 }]);
    expect(failures[7]).toEqual(['no store', { topic: 'bugchecks', partition: 2, attempt: 8, retryInMs: 5_000 }]);

    isBroken = false;
    await consumer.deliver(7, 9);
    expect(consumer.log.at(-1)).toBe('committed 10');
    isBroken = true;
    await consumer.deliver(10, 10);
    expect(failures[8]).toMatchObject(['no store', { attempt: 1, retryInMs: 100 }]);
  });

  it.each(['rebalancing', 'join'])('commits nothing when the partition may be gone meanwhile (%s)', async (event) => {
    let isCurrent: () => boolean = () => true;
    const { consumer } = await serving(async (batch) => {
      isCurrent = batch.isCurrent;
      consumer.emit(event, { memberAssignment: {} });
    });
    await consumer.deliver(7, 9);
    expect(isCurrent()).toBe(false);
    expect(consumer.log).toEqual(['connected']);
  });

  it('tells how far it has read, past the marks of transactions too', async () => {
    const read: unknown[] = [];
    const { consumer } = await serving(async () => undefined, { onRead: (position) => read.push(position) });
    await consumer.deliver(7, 9, 10);
    consumer.emit('end', { topic: 'bugchecks', partition: 2, batchSize: 0, lastOffset: '12' });
    consumer.emit('end', { topic: 'bugchecks', partition: 2, batchSize: 3, lastOffset: '99' });
    expect(read).toEqual([
      { topic: 'bugchecks', partition: 2, next: 11n },
      { topic: 'bugchecks', partition: 2, next: 13n },
    ]);
    expect(consumer.log.at(-1)).toBe('committed 11');
  });

  it('tells of what cannot heal, and of nothing else', async () => {
    const { consumer, server, crashes } = await serving(async () => undefined);
    consumer.emit('crash', { error: new Error('again'), restart: true });
    consumer.emit('crash', { error: new Error('for good'), restart: false });
    await server.close();
    consumer.emit('crash', { error: new Error('while closing'), restart: false });
    expect(crashes.map(({ message }) => message)).toEqual(['for good']);
  });
});
