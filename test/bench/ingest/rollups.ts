import * as clickhouse from '@ringwatch/clickhouse';
import type { Peer } from './peer';

type Db = clickhouse.ClickHouseClient;
type Roll = (db: Db) => Promise<unknown>;

/** Ringwatch's ingest looks for changed hours about this often; for the others the bench does. */
const ROLL_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 20;

/**
 * Rollups of crashes are recomputed hour by hour from what is stored, by ingest itself. A peer that is not Ringwatch gets
 * the same work done by the bench while it runs, with the function that ingest uses, so that all fill the same tables.
 * Where the schema fills its rollups by views alone there is nothing to do. This is the only place that knows of it.
 */
export class Rollups {
  private readonly roll = (clickhouse as unknown as Record<string, Roll | undefined>)['rollChangedHours'];
  private ended = false;
  private loop: Promise<void> = Promise.resolve();

  private constructor(
    private readonly db: Db,
    private readonly peer: Peer,
    private readonly areRolled: boolean,
  ) {}

  /** Begins to roll up for the peer, if it does not do so itself. */
  static async start(db: Db, peer: Peer): Promise<Rollups> {
    const rollups = new Rollups(db, peer, await hasTables(db));
    if (rollups.areRolled && !peer.rollsUp) {
      await db.command({ query: MARK_WHAT_COMES_IN });
      rollups.loop = rollups.keepRolling();
      rollups.loop.catch(() => undefined); // told by `finish`
    }
    return rollups;
  }

  /** Resolves when all that is stored by now is rolled up. */
  async finish(): Promise<void> {
    this.ended = true;
    await this.loop;
    if (!this.areRolled) return;
    if (!this.peer.rollsUp) {
      await this.db.command({ query: MARK_ALL });
      await this.rollOnce();
    }
    while ((await dirtyHours(this.db)) > 0) await pause(LOOK_EVERY_MS);
  }

  private async keepRolling(): Promise<void> {
    while (!this.ended) {
      await this.rollOnce();
      for (const until = Date.now() + ROLL_EVERY_MS; !this.ended && Date.now() < until;) await pause(LOOK_EVERY_MS);
    }
  }

  private async rollOnce(): Promise<void> {
    if (!this.roll) throw new Error('libs/clickhouse has tables of changed hours but exports no rollChangedHours');
    await this.roll(this.db);
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** A view sees a block a moment before it can be read, hence MARK_ALL at the end. */
const MARK_WHAT_COMES_IN = `CREATE MATERIALIZED VIEW bench_changed_hours TO changed_hours AS
  SELECT DISTINCT toStartOfHour(occurred_at) AS hour, now64(6) AS changed_at FROM bugchecks`;

const MARK_ALL = `INSERT INTO changed_hours (hour, changed_at)
  SELECT DISTINCT toStartOfHour(occurred_at) AS hour, now64(6) AS changed_at FROM bugchecks`;

async function hasTables(db: Db): Promise<boolean> {
  const query = `SELECT count() AS count FROM system.tables
    WHERE database = currentDatabase() AND name IN ('changed_hours', 'rolled_hours')`;
  return (await countOf(db, query)) === 2;
}

function dirtyHours(db: Db): Promise<number> {
  return countOf(
    db,
    `SELECT count() AS count
    FROM (SELECT hour, max(changed_at) AS changed FROM changed_hours GROUP BY hour) AS changes
    LEFT JOIN (SELECT hour, max(rolled_at) AS rolled FROM rolled_hours GROUP BY hour) AS rolls USING (hour)
    WHERE changed >= rolled`,
  );
}

async function countOf(db: Db, query: string): Promise<number> {
  const answer = await db.query({ query, format: 'JSONEachRow' });
  const [row] = (await answer.json()) as [{ count: number }];
  return row.count;
}
