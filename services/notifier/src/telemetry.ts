import type { DeliveryRecord } from '@ringwatch/clickhouse';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { UnreadableMessage } from './read-changes';

/** Every metric that the notifier has. `target` is the receiver's name from the settings, never its address. */
export const metrics = {
  messages: new Counter({
    name: 'ringwatch_messages_consumed_total',
    help: 'Messages of the topic incidents by outcome (read, unreadable); each receiver reads the topic for itself.',
    labelNames: ['topic', 'outcome'] as const,
  }),
  deliveries: new Counter({
    name: 'ringwatch_deliveries_total',
    help: 'Attempts to tell a receiver of a change, by outcome; expired ones were never tried.',
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
    help: 'Changes that were read and are not settled yet.',
    labelNames: ['target'] as const,
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
  constructor(private readonly log: Log) {}

  messagesRead(receiver: string, read: number, unreadable: readonly UnreadableMessage[]): void {
    metrics.messages.inc({ topic: 'incidents', outcome: 'read' }, read);
    metrics.messages.inc({ topic: 'incidents', outcome: 'unreadable' }, unreadable.length);
    for (const message of unreadable) this.log.error({ receiver, ...message }, 'message of topic incidents skipped');
  }

  attempted(record: DeliveryRecord, change: string, retryInMs: number | undefined): void {
    const fields = { ...record, startedAt: undefined, change, retryInMs };
    metrics.deliveries.inc({ target: fields.receiver, outcome: fields.outcome });
    switch (fields.outcome) {
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

  settledUntried({ receiver, incidentId, sequence, outcome, detail }: DeliveryRecord, change: string): void {
    metrics.deliveries.inc({ target: receiver, outcome });
    this.log.warn({ receiver, incidentId, sequence, change, outcome, detail }, 'delivery not tried');
  }

  tookSeconds(receiver: string, seconds: number): void {
    metrics.seconds.observe({ target: receiver }, seconds);
  }

  waiting(receiver: string, changes: number): void {
    metrics.depth.inc({ target: receiver }, changes);
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
}
