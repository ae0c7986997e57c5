import type { DeliveryRecord, PastDelivery } from '@ringwatch/clickhouse';
import type { Clock } from './clock';
import type { Telemetry } from './telemetry';

/** The table `deliveries`. */
export interface DeliveryStore {
  past(receiver: string, incidentIds: readonly string[]): Promise<PastDelivery[]>;
  store(records: readonly DeliveryRecord[]): Promise<void>;
}

/** How long an alert waits for the log, in milliseconds: it matters more that people hear than that it is written down. */
const PATIENCE_MS = 2_000;
const READ_ATTEMPTS = 3;
const MAX_WAITING_ROWS = 10_000;

/**
 * The log of what was tried and what came back. It never fails and never holds up a delivery for long: while ClickHouse is
 * away, rows wait here, and nothing is known of the past (a change may then be sent twice, under the same key).
 */
export class DeliveryLog {
  private waiting: DeliveryRecord[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly table: DeliveryStore,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  async past(receiver: string, incidentIds: readonly string[]): Promise<PastDelivery[]> {
    for (let attempt = 1; incidentIds.length > 0; attempt++) {
      try {
        return await this.inTime(this.table.past(receiver, incidentIds));
      } catch (error) {
        if (attempt === READ_ATTEMPTS) {
          this.telemetry.logUnread(receiver, error);
          break;
        }
        await this.clock.sleep(PATIENCE_MS / 4);
      }
    }
    return [];
  }

  /** Resolves when the rows are stored, or after two seconds: then they are written as soon as it is possible. */
  async record(records: readonly DeliveryRecord[]): Promise<void> {
    this.waiting.push(...records);
    const excess = this.waiting.length - MAX_WAITING_ROWS;
    if (excess > 0) {
      this.waiting = this.waiting.slice(excess);
      this.telemetry.logRowsDropped(excess);
    }
    await Promise.race([this.write(), this.clock.sleep(PATIENCE_MS)]);
  }

  /** Writes what waits. To be called now and then, and once more at the end. */
  write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = new Set(this.waiting);
      try {
        await this.table.store([...rows]);
      } catch (error) {
        this.telemetry.logUnwritten(rows.size, error);
        break;
      }
      this.waiting = this.waiting.filter((row) => !rows.has(row));
    }
    this.telemetry.logWaiting(this.waiting.length);
  }

  private inTime<T>(work: Promise<T>): Promise<T> {
    const late = this.clock.sleep(PATIENCE_MS).then(() => {
      throw new Error(`ClickHouse did not answer within ${PATIENCE_MS} ms`);
    });
    late.catch(() => undefined);
    return Promise.race([work, late]);
  }
}
