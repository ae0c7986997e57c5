import type { ComponentChildren } from 'preact';
import { pathOf } from '../frame/address';
import { Link } from '../frame/link';
import type { Update } from '../read/answers';
import { count, duration, measure, percent, words } from '../text/format';
import { StandingBadge, VerdictBadge } from './badges';
import { EvidenceBar } from './evidence-bar';
import { Time } from './time';

/** Updates in short: how far they have spread and how their hosts fare. */
export function UpdatesTable({ updates }: { updates: Update[] }) {
  return (
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
            <th scope="col">Evidence against it</th>
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
  );
}

function Row({ update }: { update: Update }) {
  return (
    <tr>
      <UpdateName update={update} />
      <ShippedCell update={update} />
      <td data-name="Adoption">
        <Adoption update={update} />
      </td>
      <td class="number" data-name="Crashed / 1,000">
        {update.crashed_per_1000 === null ? 'none applied' : measure(update.crashed_per_1000)}
      </td>
      <EvidenceCell update={update} />
      <VerdictCell update={update} />
    </tr>
  );
}

export function UpdateName({ update }: { update: Update }) {
  return (
    <th scope="row">
      <Link to={pathOf.update(update.update_channel, update.update_version)} class="break strong">
        {update.update_version}
      </Link>
      <span class="quiet break block">
        {update.update_channel}
        {update.driver !== null && ` · ${update.driver}`}
      </span>
    </th>
  );
}

export function ShippedCell({ update: { shipped_at: shipped, withdrawn_at: withdrawn } }: { update: Update }) {
  return (
    <td class="tabular" data-name="Shipped (UTC)">
      {shipped === null ? 'not announced' : <Time at={shipped} />}
      {withdrawn !== null && (
        <span class="quiet block">
          withdrawn {shipped === null ? <Time at={withdrawn} /> : `after ${duration(shipped, withdrawn)}`}
        </span>
      )}
    </td>
  );
}

export function EvidenceCell({ update: { judgement } }: { update: Update }) {
  return (
    <td data-name="Evidence against it">
      {judgement === null ? (
        <span class="quiet">not judged yet</span>
      ) : (
        <div class="evidence-cell">
          <EvidenceBar statistic={judgement.statistic} line={judgement.threshold} />
          <span class="evidence-words">
            <StandingBadge standing={judgement.standing} />
            <span class="quiet tabular">ln E {measure(judgement.statistic)}</span>
          </span>
        </div>
      )}
    </td>
  );
}

export function VerdictCell({ update }: { update: Update }) {
  return (
    <td data-name="Verdict">
      <VerdictBadge verdict={update.verdict} />
      <span class="quiet block">{words(update.verdict_reason)}</span>
    </td>
  );
}

export function Adoption({ update }: { update: Update }) {
  const text = `${count(update.applied_hosts)} of ${count(update.eligible_hosts)}`;
  return (
    <AdoptionBar update={update}>
      <span class="quiet">{text} hosts</span>
    </AdoptionBar>
  );
}

/** The share of the hosts of its channel that have applied it. */
export function AdoptionBar({ update, children }: { update: Update; children?: ComponentChildren }) {
  const share = update.eligible_hosts === 0 ? 0 : update.applied_hosts / update.eligible_hosts;
  return (
    <div class="adoption">
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-all" width="100" height="6" />
        <rect class="bar-part" width={Math.min(100, share * 100)} height="6" />
      </svg>
      <span class="tabular">
        {percent(share)} {children}
      </span>
    </div>
  );
}
