import type { DeadLetter } from '@ringwatch/clickhouse';
import type { RefusalReason } from '@ringwatch/message';
import { Counter, Gauge, Histogram } from 'prom-client';

/** Every metric that ingest has. Labels come from closed lists. */
export const metrics = {
  messages: new Counter({
    name: 'ringwatch_messages_consumed_total',
    help: 'Messages whose verdict is durable, by topic and outcome (stored, erased, refused). A repeated batch counts again.',
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
  auditFindings: new Counter({
    name: 'ringwatch_audit_findings_total',
    help: 'What the audits found wrong, by kind. Each is in the log, with what it is about.',
    labelNames: ['kind'] as const,
  }),
  auditAge: new Gauge({
    name: 'ringwatch_audit_age_seconds',
    help: 'Seconds since a whole round of audits came to its end.',
  }),
  auditSkipped: new Counter({
    name: 'ringwatch_audit_skipped_messages_total',
    help: 'Messages that the audit of the log passed over for want of time.',
  }),
  gaps: new Counter({
    name: 'ringwatch_messages_lost_total',
    help: 'Messages that Kafka had deleted before they were read: a committed offset that the log no longer has.',
    labelNames: ['topic'] as const,
  }),
  closedUntil: new Gauge({
    name: 'ringwatch_watermark_timestamp_seconds',
    help: 'Arrival time up to which everything is stored: the least arrival clock of the partitions of this process.',
  }),
};

/** What became of the messages of a batch: how many there were, how many of erased hosts, and which were refused. */
export interface Verdicts {
  taken: number;
  erased: number;
  refused: Array<DeadLetter & { reason: RefusalReason }>;
}

export function countBatch(topic: string, { taken, erased, refused }: Verdicts): void {
  metrics.messages.inc({ topic, outcome: 'stored' }, taken - erased - refused.length);
  metrics.messages.inc({ topic, outcome: 'erased' }, erased);
  metrics.messages.inc({ topic, outcome: 'refused' }, refused.length);
  for (const { reason } of refused) metrics.deadLetters.inc({ topic, reason });
}
