import type { Update } from './answers';
import { VerdictBadge } from './badges';
import { clock, count, measure, percent, words } from './format';
import { Link } from './link';

/** Updates, newest first: how far they have spread and how their hosts fare. */
export function UpdatesTable({ updates }: { updates: Update[] }) {
  return (
    <section class="card" aria-labelledby="updates-title">
      <header class="card-head">
        <div>
          <h2 id="updates-title">Updates under way</h2>
          <p class="quiet">
            newest first; of 1,000 hosts that applied it, how many crashed within 14 days for any reason, and how many
            in a crash that names it
          </p>
        </div>
      </header>
      {updates.length === 0 ? (
        <p class="quiet">No update was announced or applied yet.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of updates">
          <table class="updates">
            <thead>
              <tr>
                <th scope="col">Update</th>
                <th scope="col">Shipped (UTC)</th>
                <th scope="col">Adoption</th>
                <th scope="col" class="number">
                  Crashed / 1,000
                </th>
                <th scope="col" class="number">
                  Naming it / 1,000
                </th>
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {updates.map((update) => (
                <Row key={`${update.update_channel} ${update.update_version}`} update={update} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ update }: { update: Update }) {
  return (
    <tr>
      <th scope="row">
        <Link to={addressOf(update)} class="break strong">
          {update.update_version}
        </Link>
        <span class="quiet break block">
          {update.update_channel}
          {update.driver !== null && ` · ${update.driver}`}
        </span>
      </th>
      <td class="tabular" data-name="Shipped (UTC)">
        {update.shipped_at === null ? 'not announced' : clock(update.shipped_at)}
        {update.withdrawn_at !== null && <span class="quiet block">withdrawn {clock(update.withdrawn_at)}</span>}
      </td>
      <td data-name="Adoption">
        <Adoption update={update} />
      </td>
      <td class="number" data-name="Crashed / 1,000">
        {update.crashed_per_1000 === null ? 'none applied' : measure(update.crashed_per_1000)}
      </td>
      <td class="number" data-name="Naming it / 1,000">
        {update.naming_it_per_1000 === null ? '' : measure(update.naming_it_per_1000)}
      </td>
      <td data-name="Verdict">
        <VerdictBadge verdict={update.verdict} />
        <span class="quiet block">{words(update.verdict_reason)}</span>
      </td>
    </tr>
  );
}

export function Adoption({ update }: { update: Update }) {
  const share = update.eligible_hosts === 0 ? 0 : update.applied_hosts / update.eligible_hosts;
  const text = `${count(update.applied_hosts)} of ${count(update.eligible_hosts)}`;
  return (
    <div class="adoption">
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-all" width="100" height="6" />
        <rect class="bar-part" width={Math.min(100, share * 100)} height="6" />
      </svg>
      <span class="tabular">
        {percent(share)} <span class="quiet">{text} hosts</span>
      </span>
    </div>
  );
}

const addressOf = ({ update_channel: channel, update_version: version }: Update) =>
  `/updates/${encodeURIComponent(channel)}/${encodeURIComponent(version)}`;
