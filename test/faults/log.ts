import type { FaultWorld } from './fault-world';

/** A record as it stands in the log. */
export interface LogRecord {
  partition: number;
  offset: number;
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Reads what stands in a topic now, each partition from its first record to its end. What is not committed is left out. */
export async function readLog(world: FaultWorld, topic: string): Promise<LogRecord[]> {
  const bounds = await world.bounds(topic);
  const left = new Map(
    [...bounds].filter(([, { low, high }]) => low < high).map(([partition, { high }]) => [partition, high]),
  );
  if (left.size === 0) return [];
  const consumer = world.kafka.consumer({ groupId: `oracle-${process.pid}-${Date.now()}-${Math.random()}` });
  const records: LogRecord[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((done, fail) => {
      const reach = (partition: number, next: number) => {
        if (next >= (left.get(partition) ?? 0)) left.delete(partition);
        if (left.size === 0) done();
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) =>
        reach(payload.partition, Number(payload.lastOffset) + 1),
      );
      setTimeout(
        () => fail(new Error(`${topic} could not be read to its end: ${JSON.stringify([...left])}`)),
        60_000,
      ).unref();
      const eachBatch = async ({ batch }: { batch: { partition: number; messages: unknown[] } }) => {
        for (const message of batch.messages as RawRecord[]) records.push(toRecord(batch.partition, message));
      };
      consumer.run({ autoCommit: false, eachBatch: eachBatch as never }).catch(fail);
    });
  } finally {
    await consumer.disconnect();
  }
  return records;
}

interface RawRecord {
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, Buffer>;
}

function toRecord(partition: number, { offset, timestamp, key, value, headers = {} }: RawRecord): LogRecord {
  const texts = Object.entries(headers).map(([name, header]) => [name, String(header)]);
  return {
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key,
    value,
    headers: Object.fromEntries(texts),
  };
}
