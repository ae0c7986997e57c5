import { pathOf } from '../../frame/address';
import { Link } from '../../frame/link';
import { Badge } from '../../parts/badges';
import { CopyButton } from '../../parts/copy-button';
import { Time } from '../../parts/time';
import type { Delivery } from '../../read/operation-answers';
import { count, words } from '../../text/format';
import { isNoIncident, kindOf } from './outcomes';

/** Attempts to tell receivers of changes. */
export function DeliveryTable({ deliveries }: { deliveries: Delivery[] }) {
  if (deliveries.length === 0) return <p class="quiet">No attempt is like this.</p>;
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label="Table of deliveries">
      <table class="blocks">
        <thead>
          <tr>
            {['Incident, change', 'When (UTC)', 'Receiver', 'Outcome', 'Detail'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" class="number">
              Attempt
            </th>
            <th scope="col" class="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((each) => (
            <Row key={`${each.receiver} ${each.incident_id} ${each.sequence} ${each.attempt}`} delivery={each} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ delivery }: { delivery: Delivery }) {
  return (
    <tr>
      <th scope="row">
        {isNoIncident(delivery) ? (
          <span class="break">{delivery.incident_id}</span>
        ) : (
          <>
            <Link to={pathOf.incident(delivery.incident_id)} class="break">
              {delivery.incident_id}
            </Link>{' '}
            <span class="quiet">change {count(delivery.sequence)}</span>
          </>
        )}
      </th>
      <td data-name="When">
        <Time at={delivery.started_at} dated />
      </td>
      <td data-name="Receiver" class="break">
        {delivery.receiver}
      </td>
      <td data-name="Outcome">
        <Badge kind={kindOf(delivery)}>{words(delivery.outcome)}</Badge>
        {delivery.status !== null && <span class="quiet"> HTTP {delivery.status}</span>}
      </td>
      <td data-name="Detail">
        <span class="break quiet block">{delivery.detail}</span>
        {kindOf(delivery) === 'halt' && (
          <CopyButton text={commandFor(delivery)}>Copy command to send it again</CopyButton>
        )}
      </td>
      <td class="number" data-name="Attempt">
        {delivery.attempt === 0 ? 'none needed' : count(delivery.attempt)}
      </td>
      <td class="number" data-name="Took">
        {count(delivery.duration_ms)} ms
      </td>
    </tr>
  );
}

const commandFor = ({ incident_id: id, receiver, sequence }: Delivery) =>
  `npm run ringwatch -- notify resend --incident ${id} --receiver ${receiver} --sequence ${sequence}`;
