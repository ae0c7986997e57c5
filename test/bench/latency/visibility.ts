import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { visibleRows } from './visible-rows';

/** Messages of one partition that the broker took at one moment (ms since 1970). */
export interface Acked {
  partition: number;
  firstOffset: number;
  messages: number;
  at: number;
}

/** From `at` on (ms since 1970), everything of the partition before offset `end` could be read. */
export interface Visible {
  partition: number;
  end: number;
  at: number;
}

const ASK_EVERY_MS = 10;

/** Looks again and again which rows can be read, until it is stopped. */
export class VisibilityWatch {
  readonly seen: Visible[] = [];
  /** Time from one question's answer to the next one's, in ms: how fine the watch sees. */
  readonly gaps: number[] = [];
  private readonly ends = new Map<number, number>();
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly db: ClickHouseClient) {
    this.running = this.run();
    this.running.catch(() => undefined); // told by `stop`
  }

  /** Rows that can be read by now, without a gap before them. */
  rows(): number {
    return [...this.ends.values()].reduce((sum, end) => sum + end, 0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    for (let before = performance.now(); !this.stopped;) {
      const rows = await visibleRows(this.db);
      const now = performance.now();
      this.gaps.push(now - before);
      before = now;
      for (const { partition, stored, end } of rows) {
        // As many rows as offsets: no row before the last one is still to come.
        if (stored < end || (this.ends.get(partition) ?? 0) >= end) continue;
        this.ends.set(partition, end);
        this.seen.push({ partition, end, at: performance.timeOrigin + now });
      }
      await new Promise((next) => setTimeout(next, ASK_EVERY_MS));
    }
  }
}

/** Milliseconds from acknowledged to visible, one for each message, in rising order; messages that were never seen are left out. */
export function latencies(acked: readonly Acked[], seen: readonly Visible[]): number[] {
  const found: number[] = [];
  for (const { partition, firstOffset, messages, at } of acked) {
    const after = seen.filter((each) => each.partition === partition && each.end > firstOffset);
    for (let offset = firstOffset; offset < firstOffset + messages; offset++) {
      const visible = after.find(({ end }) => end > offset);
      if (visible) found.push(Math.max(0, visible.at - at));
    }
  }
  return found.sort((one, other) => one - other);
}

/** The value that a share `p` (0..1) of the sorted values does not exceed. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}
