import { pathOf } from '../../frame/address';
import { Link } from '../../frame/link';
import { SeverityBadge } from '../../parts/badges';
import { Time } from '../../parts/time';
import type { Incident } from '../../read/incident-answers';
import { nameOf } from '../../text/incident-text';

const SHOWN = 5;

/** Incidents that are over, newest first. */
export function PastIncidents({ incidents }: { incidents: Incident[] }) {
  if (incidents.length === 0) return null;
  return (
    <section class="card" aria-labelledby="past-title">
      <h2 id="past-title">Incidents that are over</h2>
      <ul class="plain">
        {incidents.slice(0, SHOWN).map((incident) => (
          <li key={incident.incident_id}>
            <SeverityBadge incident={incident} />{' '}
            <Link to={pathOf.incident(incident.incident_id)} class="break">
              {nameOf(incident.suspect)}
            </Link>{' '}
            <span class="quiet">
              opened <Time at={incident.opened_at} dated />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
