import type { IncidentChange } from '@ringwatch/incident';
import type { Decisions } from '@ringwatch/ticks';

/** Decisions kept in memory, all of them and in order; `onChange` hears each when it is decided. */
export class Notebook implements Decisions {
  readonly changes: IncidentChange[] = [];
  private latest = new Map<string, IncidentChange>();

  constructor(private readonly onChange: (change: IncidentChange) => void = () => undefined) {}

  async restore(tick: number): Promise<void> {
    const kept = this.changes.filter(({ detected_at }) => Date.parse(detected_at) <= tick);
    this.changes.splice(0, this.changes.length, ...kept);
    this.latest = new Map(kept.map((change) => [change.incident_id, change]));
  }

  current(): ReadonlyMap<string, IncidentChange> {
    return this.latest;
  }

  async append(changes: readonly IncidentChange[]): Promise<void> {
    for (const change of changes) {
      this.changes.push(change);
      this.latest.set(change.incident_id, change);
      this.onChange(change);
    }
  }
}
