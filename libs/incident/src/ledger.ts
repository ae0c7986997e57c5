import { type IncidentChange, type IncidentDraft, incidentChangeSchema } from './incident-change';
import { isMuted } from './mute';

/** The last change of every incident, by its id. */
export type Incidents = ReadonlyMap<string, IncidentChange>;

/** The incidents as they stand within a tick, and the changes made in it, in order. */
export class Ledger {
  readonly changes: IncidentChange[] = [];
  private readonly latest: Map<string, IncidentChange>;

  constructor(
    incidents: Incidents,
    readonly tick: number,
  ) {
    this.latest = new Map(incidents);
  }

  /** The last change of an incident. */
  last(incidentId: string): IncidentChange | undefined {
    return this.latest.get(incidentId);
  }

  /** The last change of every incident. */
  all(): Incidents {
    return this.latest;
  }

  /** Incidents that have not ended, in the order of their ids. */
  open(): IncidentChange[] {
    return [...this.latest.values()]
      .filter(({ state }) => state !== 'resolved')
      .sort((a, b) => (a.incident_id < b.incident_id ? -1 : 1));
  }

  /**
   * Takes a change down. A mute ends with the incident, and where its time or its number of hosts has come. Its members are put
   * in the order of the schema: a change that is copied from a stored one has to have the bytes of one that never left memory.
   */
  keep(draft: IncidentDraft): void {
    const change = incidentChangeSchema.parse(draft);
    const mute = change.state !== 'resolved' && isMuted(change, this.tick) ? change.mute : null;
    const kept = { ...change, mute, muted: mute !== null };
    this.latest.set(kept.incident_id, kept);
    this.changes.push(kept);
  }
}
