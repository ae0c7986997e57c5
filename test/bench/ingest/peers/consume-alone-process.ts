import { Kafka, logLevel } from 'kafkajs';

/** What the process is told (as JSON, its only argument). */
export interface ConsumeSettings {
  brokers: string[];
  topic: string;
  groupId: string;
}

/** Fetches as large as those of ingest. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_BYTES_PER_PARTITION = 1024 * 1024;

async function consume({ brokers, topic, groupId }: ConsumeSettings): Promise<void> {
  const kafka = new Kafka({ brokers, clientId: 'consume-alone', logLevel: logLevel.ERROR });
  const consumer = kafka.consumer({
    groupId,
    maxBytes: MAX_BYTES,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
      resolveOffset(batch.lastOffset());
      const offset = String(BigInt(batch.lastOffset()) + 1n);
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition: batch.partition, offset }] }] });
    },
  });
  process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));
}

if (process.argv[3]) void consume(JSON.parse(process.argv[3]) as ConsumeSettings);
