import { pathOf } from '../../frame/address';
import { Link } from '../../frame/link';
import { StandingBadge, VerdictBadge } from '../../parts/badges';
import { CopyButton } from '../../parts/copy-button';
import { EvidenceBar } from '../../parts/evidence-bar';
import { Fact } from '../../parts/fact';
import { Time } from '../../parts/time';
import { Adoption } from '../../parts/updates-table';
import type { UpdateDetail } from '../../read/answers';
import { clock, count, duration, measure, ratio, words } from '../../text/format';
import type { UpdateView } from './load-update';

/** The verdict with its reason, and the figures that it rests on. */
export function Head({ view: { update, explanation, changes } }: { view: UpdateView }) {
  const { update_channel: channel, update_version: version, vendor, title, driver } = update;
  const incident = changes.at(-1);
  const gate = `${location.origin}/api/v1${pathOf.update(channel, version)}/verdict`;
  return (
    <section class="card incident-body" aria-labelledby="update-title">
      <div class="incident-head">
        <VerdictBadge verdict={update.verdict} />
        <span class="quiet break">{[channel, driver, vendor, title].filter(Boolean).join(' · ')}</span>
      </div>
      <h1 id="update-title" class="break">
        {version}
      </h1>
      <p>
        <strong>{words(update.verdict_reason)}:</strong> {explanation}.{' '}
        {incident && <Link to={pathOf.incident(incident.incident_id)}>See the incident ({incident.state})</Link>}
      </p>
      <div class="controls">
        <CopyButton text={location.href}>Copy link</CopyButton>
        <CopyButton text={gate}>Copy address of the gate</CopyButton>
      </div>
      <Facts update={update} />
    </section>
  );
}

function Facts({ update }: { update: UpdateDetail }) {
  const { shipped_at: shipped, withdrawn_at: withdrawn, replaces } = update;
  const { crashed_per_1000_low: low, crashed_per_1000_high: high } = update;
  return (
    <dl class="facts">
      <Fact name="Adoption" value={<Adoption update={update} />} />
      <Fact name="Crashed after applying" value={count(update.crashed_hosts)}>
        {measure(update.crashed_per_1000 ?? 0)}
        {low !== null && low !== undefined && ` (${measure(low)} to ${measure(high ?? 0)})`} per 1,000 hosts
      </Fact>
      <Fact name="Crashes that name it" value={`${count(update.crashed_hosts_naming_it)} hosts`}>
        {measure(update.naming_it_per_1000 ?? 0)} per 1,000 hosts
      </Fact>
      <Standing update={update} />
      <Fact name="Shipped (UTC)" value={shipped === null ? 'not announced' : <Time at={shipped} seconds />}>
        {withdrawn !== null &&
          shipped !== null &&
          `withdrawn ${clock(withdrawn)}, after ${duration(shipped, withdrawn)}. `}
        {replaces && (
          <>
            replaces <Link to={pathOf.update(update.update_channel, replaces)}>{replaces}</Link>
          </>
        )}
      </Fact>
    </dl>
  );
}

/** Where the detector found it to stand, incident or not. */
function Standing({ update: { judgement } }: { update: UpdateDetail }) {
  if (judgement === null)
    return (
      <Fact name="Evidence against it" value="not judged yet">
        the detector looks every ten minutes
      </Fact>
    );
  const { statistic, threshold, standing, judged_at: at, observed, expected, relative_risk: risk } = judgement;
  return (
    <Fact
      name="Evidence against it"
      value={
        <>
          <StandingBadge standing={standing} />
          <EvidenceBar statistic={statistic} line={threshold} />
        </>
      }
    >
      ln E {measure(statistic)}, line {measure(threshold)}; {count(observed)} crashed, {measure(expected)} expected
      {risk && `, ${ratio(risk)}`}; <Time at={at} seconds /> UTC
    </Fact>
  );
}
