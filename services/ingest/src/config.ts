import { clickhouseSettings, httpSettings, kafkaSettings, readConfig } from '@ringwatch/service-kit';
import { z } from 'zod';

/** Everything that can be set, with its default. */
const settings = {
  ...kafkaSettings,
  ...clickhouseSettings,
  ...httpSettings(8081),
  INGEST_GROUP_ID: z
    .string()
    .min(1)
    .default('ringwatch-ingest')
    .describe('consumer group; copies of ingest in one group share the partitions'),
  INGEST_FETCH_MAX_WAIT_MS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5_000)
    .default(100)
    .describe('how long a fetch waits for more messages: larger batches against latency'),
  INGEST_MOST_REFUSED_SHARE: z.coerce
    .number()
    .min(0.01)
    .max(1)
    .default(0.5)
    .describe('a partition stops where more than this share of 2,000 messages in a row is refused; 1 never stops'),
};

export type IngestConfig = ReturnType<typeof readIngestConfig>;

export const readIngestConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);
