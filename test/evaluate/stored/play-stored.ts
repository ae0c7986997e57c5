import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@ringwatch/backtest';
import { connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { defaultPolicy } from '@ringwatch/detection';
import type { IncidentChange } from '@ringwatch/incident';
import { type ClickHouseServer, startClickHouse, temporaryFolder } from '@ringwatch/platform';
import { planOf } from '../suite/job';
import { judgeRun } from '../suite/judge-run';
import type { Outcome } from '../suite/outcome';
import { playOut } from '../suite/play-out';
import type { Plan } from '../world/plan';
import { recordPlan } from './record-plan';

/** Larger fleets would be written down host by host for minutes. */
export const STORED_HOSTS = 2_000;

/** One run of a class on a small fleet, once straight into the detector's memory and once as files through the backtest. */
export interface StoredRun {
  class: string;
  seed: number;
  /** Why it was not run; undefined where it was. */
  leftOut?: string;
  memory?: Outcome;
  stored?: Outcome;
  /** Both open the same incidents at the same ticks of arrival time. */
  sameOpenings?: boolean;
}

/** A ClickHouse in which plan after plan is played, each in a database of its own. */
export class StoredPlays {
  private played = 0;

  private constructor(
    private readonly folder: string,
    private readonly server: ClickHouseServer,
  ) {}

  static async start(): Promise<StoredPlays> {
    const folder = temporaryFolder();
    return new StoredPlays(folder, await startClickHouse({ folder, onProgress: () => undefined }));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async play(name: string, seed: number): Promise<StoredRun> {
    const plan = planOf(name, seed, STORED_HOSTS);
    if (plan.past) return { class: name, seed, leftOut: 'lives from the weeks before, of which there are no files' };
    const decided = playOut(plan);
    const memory = judgeRun(name, seed, plan, decided, 0);
    const again = planOf(name, seed, STORED_HOSTS);
    const changes = await this.backtest(again, decided.endedAt);
    const stored = judgeRun(name, seed, again, { changes }, 0);
    return { class: name, seed, memory, stored, sameOpenings: openings(changes) === openings(decided.changes) };
  }

  private async backtest(plan: Plan, until: number): Promise<IncidentChange[]> {
    const folder = mkdtempSync(join(tmpdir(), 'ringwatch-stored-'));
    const settings = { url: this.server.url, database: `play_${this.played++}`, username: 'default', password: '' };
    await migrate(settings);
    const db = connectClickHouse(settings, { timeoutMs: 600_000 });
    try {
      recordPlan(plan, until, folder);
      const changes: IncidentChange[] = [];
      await backtest(db, folder, {
        policy: defaultPolicy,
        onChange: (change) => changes.push(change),
        onRefused: ({ path, line, reason, detail }) => {
          throw new Error(`${path}:${line}: ${reason} ${detail}`);
        },
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
      return changes;
    } finally {
      await db.command({ query: `DROP DATABASE ${settings.database}` });
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function openings(changes: readonly IncidentChange[]): string {
  const opened = changes.filter(({ change }) => change === 'opened' || change === 'reopened');
  return opened.map(({ detected_at, incident_id }) => `${detected_at} ${incident_id}`).join('\n');
}
