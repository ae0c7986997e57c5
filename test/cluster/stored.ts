import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseClient } from '@ringwatch/clickhouse';

const LOOK_EVERY_MS = 250;

/** How many events of the steady producer can be read, copies once. */
export async function storedEvents(db: ClickHouseClient, table = 'bugchecks'): Promise<number> {
  const query = `SELECT count() AS events FROM ${table} FINAL WHERE update_channel = 'steady'`;
  const [row] = await (await db.query({ query, format: 'JSONEachRow' })).json<{ events: number }>();
  return Number(row?.events ?? 0);
}

/** Looks again and again how many events are stored, and keeps the longest time in which there were no more. */
export class StoredWatch {
  events = 0;
  longestPauseMs = 0;
  private lastRiseAt = Date.now();
  private stopped = false;

  constructor(private readonly db: ClickHouseClient) {}

  /** Until there are `wanted`, or for as long as nothing comes for `patienceMs`. */
  async until(wanted: number, patienceMs = 90_000): Promise<void> {
    this.lastRiseAt = Date.now();
    while (this.events < wanted && Date.now() - this.lastRiseAt < patienceMs && !this.stopped) {
      const now = await storedEvents(this.db).catch(() => this.events);
      if (now > this.events) {
        if (this.events > 0) this.longestPauseMs = Math.max(this.longestPauseMs, Date.now() - this.lastRiseAt);
        this.lastRiseAt = Date.now();
        this.events = now;
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  stop(): void {
    this.stopped = true;
  }
}
