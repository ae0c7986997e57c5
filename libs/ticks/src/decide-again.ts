import { type ClickHouseClient, incidentsUntil } from '@ringwatch/clickhouse';
import { type DetectionPolicy, defaultPolicy } from '@ringwatch/detection';
import type { IncidentChange, Incidents } from '@ringwatch/incident';
import { Decider, type Decisions } from './decider';

/**
 * What the live detector decided at a tick (ms since 1970 UTC), decided again from what is stored now. It comes out the same as
 * long as what it was decided by is kept: bugchecks, installs and heartbeats that were erased or have expired are missing. Nothing is written.
 */
export async function decideAgain(
  db: ClickHouseClient,
  tick: number,
  policy: DetectionPolicy = defaultPolicy,
): Promise<IncidentChange[]> {
  const decisions = new DecisionsOfOneTick(db);
  await new Decider(db, decisions, policy).decideAgain(tick);
  return decisions.changes;
}

/** The incidents as they are stored, and what is decided on top of them. */
class DecisionsOfOneTick implements Decisions {
  readonly changes: IncidentChange[] = [];
  private latest = new Map<string, IncidentChange>();

  constructor(private readonly db: ClickHouseClient) {}

  async restore(tick: number): Promise<void> {
    const stored = await incidentsUntil(this.db, tick);
    this.latest = new Map(stored.map((change) => [change.incident_id, change]));
  }

  current(): Incidents {
    return this.latest;
  }

  async append(changes: readonly IncidentChange[]): Promise<void> {
    for (const change of changes) {
      this.changes.push(change);
      this.latest.set(change.incident_id, change);
    }
  }
}
