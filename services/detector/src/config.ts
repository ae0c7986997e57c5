import { clickhouseSettings, httpSettings, kafkaSettings, readConfig } from '@ringwatch/service-kit';

/** Everything that can be set, with its default. What the detector decides by is no setting: see `libs/detection`. */
const settings = { ...kafkaSettings, ...clickhouseSettings, ...httpSettings(8082) };

export type DetectorConfig = ReturnType<typeof readDetectorConfig>;

export const readDetectorConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);
