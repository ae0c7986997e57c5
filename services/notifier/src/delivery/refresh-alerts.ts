import type { IncidentChange } from '@ringwatch/incident';
import { resendingOf, type Receiver } from '@ringwatch/webhook';
import type { Clock } from '../clock';
import type { DeliveryLog } from './delivery-log';
import { isTold } from './queue';
import type { ReceiverLane } from './receiver-lane';

/** What is needed to send alerts again. */
export interface RefreshParts {
  log: DeliveryLog;
  clock: Clock;
  /** The newest change of each incident that is not over. @throws when ClickHouse does not answer */
  openIncidents: () => Promise<IncidentChange[]>;
  onFailed: (receiver: string, error: unknown) => void;
}

/**
 * Sends the alerts of one receiver again for as long as their incidents go on: some systems (Alertmanager) end an alert by
 * themselves that they do not hear of. Which ones is asked of the tables at every turn, so that a restart changes nothing but
 * the moment. Ends when `isStopped` says so; there is nothing to do for most kinds.
 */
export async function refreshAlerts(
  receiver: Receiver,
  lane: ReceiverLane,
  parts: RefreshParts,
  isStopped: () => boolean,
): Promise<void> {
  const resending = resendingOf(receiver.kind);
  if (!resending) return;
  const { log, clock, openIncidents, onFailed } = parts;
  while (!isStopped()) {
    try {
      const due = (await openIncidents()).filter((change) => resending.isDue(change));
      const past = await log.past(
        receiver.name,
        due.map(({ incident_id }) => incident_id),
      );
      const told = new Set(past.filter(isTold).map(({ incidentId }) => incidentId));
      for (const change of due.filter(({ incident_id }) => told.has(incident_id)))
        lane.tell({ kind: 'refresh', change }).catch(() => undefined);
    } catch (error) {
      onFailed(receiver.name, error);
    }
    await clock.sleep(resending.everyMs);
  }
}
