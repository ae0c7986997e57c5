import { Time } from '../../parts/time';
import type { UpdateDetail } from '../../read/answers';
import { measure } from '../../text/format';

export function Actions({ update: { actions } }: { update: UpdateDetail }) {
  return (
    <section class="card" aria-labelledby="actions-title">
      <h2 id="actions-title">What its vendor did</h2>
      {actions.length === 0 ? (
        <p class="quiet">Nobody announced it: it is known from the hosts that applied it.</p>
      ) : (
        <ol class="timeline spaced">
          {actions.map((action) => (
            <li key={action.at + action.action}>
              <span class="quiet block">
                <Time at={action.at} dated /> UTC
              </span>
              <strong>{action.action}</strong>{' '}
              <span class="quiet">
                {action.ring !== null && `to ring ${action.ring}`}
                {action.target_fraction !== null && ` for ${measure(action.target_fraction * 100)} % of hosts`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
