import { clickhouseSettings, kafkaSettings, readConfig } from '@ringwatch/service-kit';
import { z } from 'zod';

/** Everything that can be set, with its default: the same names as for the services. */
const settings = {
  ...kafkaSettings,
  ...clickhouseSettings,
  INGEST_GROUP_ID: z
    .string()
    .min(1)
    .default('ringwatch-ingest')
    .describe('consumer group of ingest: what it committed is audited'),
};

export type CliConfig = ReturnType<typeof readCliConfig>;

export const readCliConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);
