import { type ClickHouseClient, awakeHosts, noteAwakeHosts } from '@ringwatch/clickhouse';
import type { AwakeHosts, EvidenceBatch, KnownUpdate, Watch } from '@ringwatch/detection';

/** How often it is counted which hosts are awake, in arrival time: a night falls over a region in hours. */
const COUNT_EVERY_MS = 30 * 60_000;

/**
 * Concludes, at ticks, what no single message says but many heartbeats together do, and notes it: a detector that starts
 * anew reads what was concluded, since heartbeats are not kept for so long.
 */
export class SignsOfLife {
  constructor(
    private readonly db: ClickHouseClient,
    private readonly watch: Watch,
  ) {}

  /** What a tick adds to the evidence; `added` are the updates that come under watch at it. */
  async conclude(tick: number, added: readonly KnownUpdate[]): Promise<Pick<EvidenceBatch, 'awake'>> {
    const isDue = tick % COUNT_EVERY_MS === 0;
    const watched = isDue ? [...this.watch.updates.values()].map(({ update }) => update) : [];
    // A count speaks of the time since the one before it; of an update that is new there is none.
    const [before, now] = await Promise.all([
      this.count(watched, tick, tick - COUNT_EVERY_MS),
      this.count(
        added.map(({ update }) => update),
        tick,
        tick,
      ),
    ]);
    const awake = [...before, ...now];
    await noteAwakeHosts(this.db, awake);
    return { awake };
  }

  private async count(updates: readonly KnownUpdate['update'][], tick: number, since: number): Promise<AwakeHosts[]> {
    const counted = await awakeHosts(this.db, updates, tick);
    return counted.map((each) => ({ ...each, occurredAt: since, receivedAt: tick }));
  }
}
