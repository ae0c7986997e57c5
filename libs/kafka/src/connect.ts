import { Kafka, logLevel } from 'kafkajs';

/** Where Kafka is and as whom we speak to it (the client id stands in the broker's logs and quotas). */
export interface KafkaSettings {
  brokers: string[];
  clientId: string;
}

/** What kafkajs has to say; only warnings and errors are passed on. */
export type KafkaLog = (level: 'warn' | 'error', message: string, fields: Record<string, unknown>) => void;

/**
 * A kafkajs client with retries short enough that a broker which comes back is used again within seconds
 * (kafkajs' own settings take 22 to 28 s).
 */
export function connectKafka(settings: KafkaSettings, log: KafkaLog = () => undefined): Kafka {
  return new Kafka({
    brokers: settings.brokers,
    clientId: settings.clientId,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 30, multiplier: 2, factor: 0.2 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: entry }) =>
        log(level === logLevel.ERROR ? 'error' : 'warn', entry.message, { error: entry['error'] }),
  });
}
