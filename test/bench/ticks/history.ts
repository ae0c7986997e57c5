import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@ringwatch/clickhouse';

const DAY_MS = 24 * 60 * 60 * 1000;
/** All is told relative to this moment: the first tick that is measured. */
export const START = Date.UTC(2026, 2, 12, 12, 0, 0);
const BEATS_EVERY_MS = 5 * 60 * 1000;
/** A host crashes so often a day, whatever it runs. */
const CRASHES_A_DAY = 0.002;

type File = 'fill-beats' | 'fill-installs' | 'fill-crashes' | 'fill-updates';

/** Fills a store with what happened before the first tick, by SQL. */
export class History {
  constructor(
    private readonly db: ClickHouseClient,
    private readonly hosts: number,
  ) {}

  /**
   * Hosts that are known for long and beat every five minutes, 500 updates that came in the last ten days, all hosts that
   * take four of them until the last second that is measured, and crashes.
   */
  async base(seconds: number): Promise<void> {
    const window = { since_ms: START - 10 * DAY_MS, until_ms: START };
    const liveUntil = START + seconds * 1_000;
    await this.fill('fill-beats', { hosts: this.hosts, since_ms: START - 21 * DAY_MS, until_ms: START - 20 * DAY_MS });
    await this.fill('fill-beats', { hosts: this.hosts, since_ms: START - BEATS_EVERY_MS, until_ms: START });
    const beating = Math.ceil((this.hosts * seconds * 1_000) / BEATS_EVERY_MS);
    await this.fill('fill-beats', { hosts: Math.min(this.hosts, beating), since_ms: START, until_ms: liveUntil });
    await this.fill('fill-updates', { since_ms: window.since_ms, until_ms: window.since_ms + DAY_MS });
    await this.fill('fill-installs', {
      hosts: this.hosts,
      version: '2',
      since_ms: window.since_ms + DAY_MS,
      until_ms: liveUntil,
    });
    await this.fill('fill-crashes', { rows: this.crashes(10), hosts: this.hosts, name: 'base', ...window });
  }

  /** As many events again, of updates that nobody watches any more. */
  async older(rounds: number, name: string): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const until_ms = START - (20 + 10 * round) * DAY_MS;
      const window = { since_ms: until_ms - 10 * DAY_MS, until_ms };
      const version = `old-${name}-${round}`;
      await this.fill('fill-installs', { hosts: this.hosts, version, ...window });
      await this.fill('fill-crashes', { rows: this.crashes(10), hosts: this.hosts, name: version, ...window });
    }
  }

  /** The crashes of the seconds that are measured. */
  async live(seconds: number): Promise<void> {
    const window = { since_ms: START, until_ms: START + seconds * 1_000 };
    await this.fill('fill-crashes', { rows: seconds * 5, hosts: this.hosts, name: 'live', ...window });
  }

  async storedEvents(): Promise<number> {
    const answer = await this.db.query({ query: text('stored-events'), format: 'JSONEachRow' });
    const [row] = await answer.json<{ rows: number }>();
    return row?.rows ?? 0;
  }

  private crashes(days: number): number {
    return Math.ceil(this.hosts * CRASHES_A_DAY * days);
  }

  private async fill(file: File, values: Record<string, unknown>): Promise<void> {
    await this.db.command({ query: text(file), query_params: values });
  }
}

function text(name: string): string {
  return readFileSync(join(__dirname, `${name}.sql`), 'utf8');
}
