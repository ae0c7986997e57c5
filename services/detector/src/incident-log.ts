import { ClickHouseClient, incidentsUntil, storeIncidentChanges } from '@ringwatch/clickhouse';
import type { ActionAnswer, IncidentChange } from '@ringwatch/incident';
import type { TopicWriter } from '@ringwatch/kafka';
import type { Decisions } from '@ringwatch/ticks';
import type { Logger } from 'pino';
import { countIncidents, metrics } from './telemetry';

/** Where decisions go: first to the topic `incidents`, which is the outbox, then to the table. Both may see a change again. */
export class IncidentLog implements Decisions {
  private latest = new Map<string, IncidentChange>();

  constructor(
    private readonly db: ClickHouseClient,
    private readonly writer: TopicWriter,
    private readonly logger: Logger,
  ) {}

  /** Reads the state of all incidents as it was decided at a tick. */
  async restore(tick: number): Promise<void> {
    const changes = await incidentsUntil(this.db, tick);
    this.latest = new Map(changes.map((change) => [change.incident_id, change]));
    countIncidents(this.latest.values());
  }

  /** The last change of each incident. */
  current(): ReadonlyMap<string, IncidentChange> {
    return this.latest;
  }

  /** An action that changed nothing is told here: on an incident that nobody knows, that has ended, or that stands so already. */
  answered(answers: readonly ActionAnswer[]): void {
    for (const { eventId, incidentId, action, outcome } of answers) {
      metrics.actions.inc({ action, outcome });
      if (outcome !== 'taken')
        this.logger.warn({ event_id: eventId, incident_id: incidentId, action, outcome }, 'incident action not taken');
    }
  }

  /** Resolves when Kafka and ClickHouse have the changes. */
  async append(changes: readonly IncidentChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.writer.write(
      changes.map((change) => ({ topic: 'incidents', key: change.incident_id, value: JSON.stringify(change) })),
    );
    await storeIncidentChanges(this.db, changes);
    for (const change of changes) {
      this.latest.set(change.incident_id, change);
      metrics.changes.inc({ change: change.change });
      const { incident_id, sequence, severity, detected_at } = change;
      this.logger.info({ incident_id, sequence, severity, detected_at }, `incident ${change.change}`);
    }
    countIncidents(this.latest.values());
  }
}
