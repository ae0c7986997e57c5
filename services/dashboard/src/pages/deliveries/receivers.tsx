import { Badge } from '../../parts/badges';
import { Time } from '../../parts/time';
import { groupRows } from '../../read/group-rows';
import type { Delivery } from '../../read/operation-answers';
import { count, measure } from '../../text/format';
import { isDelivered, isFailed } from './outcomes';

/** Each receiver, and how it fared last. Receivers are set where the notifier runs; their addresses are never stored. */
export function Receivers({ deliveries }: { deliveries: Delivery[] }) {
  const receivers = [...groupRows(deliveries, ({ receiver }) => receiver)].sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section class="card" aria-labelledby="receivers-title">
      <h1 id="receivers-title">Deliveries</h1>
      {receivers.length === 0 ? (
        <p class="quiet">Nobody was told of anything yet.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of receivers">
          <table class="blocks">
            <thead>
              <tr>
                <th scope="col">Receiver</th>
                <th scope="col">State</th>
                <th scope="col">Last success (UTC)</th>
                <th scope="col">Last failure (UTC)</th>
                <th scope="col" class="number">
                  Attempts
                </th>
                <th scope="col" class="number">
                  Typical time
                </th>
              </tr>
            </thead>
            <tbody>
              {receivers.map(([name, rows]) => (
                <Row key={name} name={name} rows={rows} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ name, rows }: { name: string; rows: Delivery[] }) {
  const attempts = rows.filter(({ attempt }) => attempt > 0);
  const success = attempts.find(isDelivered);
  const failure = attempts.find(isFailed);
  const last = attempts[0];
  const times = attempts.filter(isDelivered).map(({ duration_ms: ms }) => ms);
  return (
    <tr>
      <th scope="row" class="break strong">
        {name}
      </th>
      <td data-name="State">
        {last === undefined ? (
          <Badge kind="unknown">not tried</Badge>
        ) : isDelivered(last) ? (
          <Badge kind="go">works</Badge>
        ) : (
          <Badge kind="halt">fails</Badge>
        )}
      </td>
      <td data-name="Last success">{success ? <Time at={success.started_at} dated /> : 'none'}</td>
      <td data-name="Last failure">
        {failure ? <Time at={failure.started_at} dated /> : 'none'}
        {failure && <span class="quiet block break">{failure.detail}</span>}
      </td>
      <td class="number" data-name="Attempts">
        {count(attempts.length)}
      </td>
      <td class="number" data-name="Typical time">
        {times.length === 0 ? '' : `${measure(median(times))} ms`}
      </td>
    </tr>
  );
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
