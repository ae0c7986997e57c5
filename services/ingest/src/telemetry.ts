import type { RefusalReason } from '@ringwatch/message';
import { Counter, Gauge, Histogram } from 'prom-client';

/** Every metric that ingest has. Labels come from closed lists. */
export const metrics = {
  messages: new Counter({
    name: 'ringwatch_messages_consumed_total',
    help: 'Messages whose verdict is durable, by topic and outcome (stored, refused). A repeated batch counts again.',
    labelNames: ['topic', 'outcome'] as const,
  }),
  deadLetters: new Counter({
    name: 'ringwatch_dead_letters_total',
    help: 'Messages refused, by topic and reason.',
    labelNames: ['topic', 'reason'] as const,
  }),
  batchSeconds: new Histogram({
    name: 'ringwatch_batch_seconds',
    help: 'Seconds from taking a batch to its verdict being durable.',
    labelNames: ['topic'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  retries: new Counter({
    name: 'ringwatch_insert_retries_total',
    help: 'Batches tried again because the store or the dead-letter topic did not take them.',
    labelNames: ['table'] as const,
  }),
  lag: new Gauge({
    name: 'ringwatch_consumer_lag_messages',
    help: 'Messages in Kafka that are not stored yet.',
    labelNames: ['topic', 'partition'] as const,
  }),
  closedUntil: new Gauge({
    name: 'ringwatch_watermark_timestamp_seconds',
    help: 'Arrival time up to which everything is stored: the least arrival clock of the partitions of this process.',
  }),
};

export function countBatch(topic: string, stored: number, refused: ReadonlyArray<{ reason: RefusalReason }>): void {
  metrics.messages.inc({ topic, outcome: 'stored' }, stored);
  metrics.messages.inc({ topic, outcome: 'refused' }, refused.length);
  for (const { reason } of refused) metrics.deadLetters.inc({ topic, reason });
}
