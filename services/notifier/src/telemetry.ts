import { Counter, Gauge, Histogram } from 'prom-client';
import type { Conclusion } from './delivery/conclude';
import type { UnreadableMessage } from './delivery/read-changes';
import type { Waiting } from './delivery/waiting';
import type { DeliveryRecord } from '@ringwatch/clickhouse';
import type { Observation, Trouble } from './watchdog/pipeline-watch';

/** Every metric that the notifier has. `target` is the receiver's name from the settings, never its address. */
export const metrics = {
  messages: new Counter({
    name: 'ringwatch_messages_consumed_total',
    help: 'Messages by topic and outcome (read, unreadable); each receiver reads the topics for itself.',
    labelNames: ['topic', 'outcome'] as const,
  }),
  deliveries: new Counter({
    name: 'ringwatch_deliveries_total',
    help: 'Attempts to tell a receiver of something, by outcome; joined and grouped ones went with another message, expired ones were never tried.',
    labelNames: ['target', 'outcome'] as const,
  }),
  seconds: new Histogram({
    name: 'ringwatch_delivery_seconds',
    help: 'Seconds from a change being in Kafka to its being delivered.',
    labelNames: ['target'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3_600],
  }),
  depth: new Gauge({
    name: 'ringwatch_delivery_queue_depth',
    help: 'What was read and is not settled yet.',
    labelNames: ['target'] as const,
  }),
  off: new Gauge({
    name: 'ringwatch_receiver_off',
    help: '1 for a receiver that said it is gone for good and is not spoken to any more.',
    labelNames: ['target'] as const,
  }),
  stale: new Gauge({
    name: 'ringwatch_pipeline_stale',
    help: '1 while the road from event to verdict stands for longer than NOTIFIER_STALE_AFTER, by the part that stands.',
    labelNames: ['part'] as const,
  }),
  watchdog: new Gauge({
    name: 'ringwatch_watchdog_timestamp_seconds',
    help: 'When the notifier last found that the road from event to verdict goes on.',
  }),
  unlogged: new Gauge({
    name: 'ringwatch_delivery_log_waiting_rows',
    help: 'Rows of the delivery log that ClickHouse has not taken yet.',
  }),
};

/** The part of a logger that is used. */
export interface Log {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

/** Every log event of the work itself, with no address and no secret. `error` is what a person must look at now. */
export class Telemetry {
  private trouble: Trouble | undefined;

  constructor(private readonly log: Log) {}

  messagesRead(receiver: string, read: number, unreadable: readonly UnreadableMessage[]): void {
    this.topicRead('incidents', read, unreadable.length);
    for (const message of unreadable) this.log.error({ receiver, ...message }, 'message of topic incidents skipped');
  }

  requestsRead(receiver: string, read: number, unreadable: readonly UnreadableMessage[]): void {
    this.topicRead('notifier-requests', read, unreadable.length);
    for (const message of unreadable) this.log.warn({ receiver, ...message }, 'request to the notifier skipped');
  }

  attempted({ outcome, records }: Conclusion, retryInMs: number | undefined): void {
    for (const record of records) metrics.deliveries.inc({ target: record.receiver, outcome: record.outcome });
    const [record] = records;
    const fields = { ...asFields(record!), carried: records.length - 1, retryInMs };
    switch (outcome) {
      case 'delivered':
        return this.log.info(fields, 'delivery made');
      case 'retry':
        return this.log.warn(fields, 'delivery failed, will be tried again');
      case 'gone':
        return this.log.error(fields, 'receiver switched off: it says that it is gone for good');
      case 'gave_up':
        return this.log.error(fields, 'delivery given up');
      default:
        return this.log.error(fields, 'delivery rejected');
    }
  }

  settledUntried(record: DeliveryRecord): void {
    metrics.deliveries.inc({ target: record.receiver, outcome: record.outcome });
    this.log.warn(asFields(record), 'delivery not tried');
  }

  notSettled(receiver: string, error: unknown): void {
    this.log.warn(
      { receiver, err: error },
      'delivery failed, and the fallback could not be told: all of it is tried again',
    );
  }

  /** Seconds from Kafka to the receiver, of each change that a message carried. */
  told(receiver: string, items: readonly Waiting[], now: number): void {
    for (const { content } of items)
      if (content.kind === 'change' && content.requestId === undefined)
        metrics.seconds.observe({ target: receiver }, (now - content.producedAt) / 1000);
  }

  waiting(receiver: string, size: number): void {
    metrics.depth.set({ target: receiver }, size);
  }

  standing(receiver: string, isOff: boolean): void {
    metrics.off.set({ target: receiver }, isOff ? 1 : 0);
    const hint = 'nothing is sent to a receiver that said it is gone: change its settings, or ringwatch notify resume';
    if (isOff) this.log.warn({ receiver }, hint);
  }

  pipelineSeen({ at }: Observation, trouble: Trouble | undefined): void {
    if (!trouble) metrics.watchdog.set(at / 1000);
    if (trouble?.part === this.trouble?.part) return;
    if (this.trouble) metrics.stale.set({ part: this.trouble.part }, 0);
    if (trouble) metrics.stale.set({ part: trouble.part }, 1);
    this.trouble = trouble;
    if (trouble) this.log.error({ ...trouble, since: new Date(trouble.since).toISOString() }, 'pipeline stale');
    else this.log.info({}, 'pipeline recovered');
  }

  refreshFailed(receiver: string, error: unknown): void {
    this.log.warn({ receiver, err: error }, 'open incidents not read: alerts are not sent again this time');
  }

  logUnread(receiver: string, error: unknown): void {
    this.log.warn({ receiver, err: error }, 'delivery log not read: what was already sent may be sent again');
  }

  logUnwritten(rows: number, error: unknown): void {
    this.log.warn({ rows, err: error }, 'delivery log not written, will be tried again');
  }

  logRowsDropped(rows: number): void {
    this.log.error({ rows }, 'delivery log rows dropped: ClickHouse has been away for too long');
  }

  logWaiting(rows: number): void {
    metrics.unlogged.set(rows);
  }

  private topicRead(topic: string, read: number, unreadable: number): void {
    metrics.messages.inc({ topic, outcome: 'read' }, read);
    metrics.messages.inc({ topic, outcome: 'unreadable' }, unreadable);
  }
}

function asFields({ startedAt: _startedAt, settings: _settings, ...fields }: DeliveryRecord): object {
  return fields;
}
