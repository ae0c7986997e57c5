import { pathOf } from '../frame/address';
import { Link } from '../frame/link';
import type { Incident } from '../read/incident-answers';
import { clock, count, duration, measure, percent, ratio, words } from '../text/format';
import { adviceOf, forecastSentence, headline, nameOf } from '../text/incident-text';
import { SeverityBadge } from './badges';
import { Fact } from './fact';

/** One incident with the numbers behind it. */
export function IncidentCard({ incident, alone = false }: { incident: Incident; alone?: boolean }) {
  const { suspect } = incident;
  const forecast = forecastSentence(incident.evidence.forecast);
  return (
    <article class={`card incident ${incident.severity}`} aria-label={`Incident on ${nameOf(suspect)}`}>
      <header class="incident-head">
        <SeverityBadge incident={incident} />
        <Standing incident={incident} />
        <span class="quiet break">
          {suspect.update_channel || 'No update correlated'}
          {suspect.driver && ` · ${suspect.driver}`}
        </span>
      </header>
      {alone ? <h1>{headline(incident)}.</h1> : <h3>{headline(incident)}.</h3>}
      <Facts incident={incident} />
      <p class="advice">
        <strong>{adviceOf(incident)}</strong> {forecast && incident.state !== 'resolved' && `${forecast} `}
        <Rivals incident={incident} />
      </p>
      {!alone && (
        <p>
          <Link to={pathOf.incident(incident.incident_id)} class="open">
            Evidence, timeline and hosts
          </Link>
        </p>
      )}
    </article>
  );
}

/** Who has it, and whether it is quiet on purpose. */
function Standing({ incident: { assignee, acknowledged_by: by, muted, mute } }: { incident: Incident }) {
  const owner =
    assignee === null ? (by === null ? 'nobody has it' : `acknowledged by ${by}`) : `assigned to ${assignee}`;
  const ends = [
    ...(mute?.until ? [`until ${clock(mute.until)} UTC`] : []),
    ...(mute?.until_hosts ? [`until ${count(mute.until_hosts)} hosts are hit`] : []),
  ];
  return (
    <span class="quiet">
      {owner}
      {muted && `, muted ${ends.join(' or ')}`}
    </span>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const { suspect, evidence } = incident;
  const isShare = evidence.exposed_hosts > 0;
  return (
    <dl class="facts">
      <Fact
        name={isShare ? 'Crashed of exposed hosts' : 'Crashed hosts'}
        value={`${count(evidence.crashed_hosts)}${isShare ? ` / ${count(evidence.exposed_hosts)}` : ''}`}
      >
        {measure(evidence.expected)} expected
      </Fact>
      {evidence.silent_hosts > 0 && (
        <Fact name="Fell silent" value={count(evidence.silent_hosts)}>
          hosts not heard of since they took it
        </Fact>
      )}
      <Fact name="Risk ratio" value={`${measure(evidence.relative_risk.estimate)} ×`}>
        95 % interval {ratio(evidence.relative_risk).replace(/^.*\(|\)$/g, '')}
      </Fact>
      <Since incident={incident} />
      <Fact name="Confidence" value={percent(Math.min(suspect.confidence, 0.9999))}>
        {words(incident.scope)} scope
      </Fact>
    </dl>
  );
}

function Since({ incident }: { incident: Incident }) {
  const { first_crash_at: crash, opened_at: opened } = incident;
  return (
    <Fact name={crash === null ? 'Since' : 'Since (first crash)'} value={`${clock(crash ?? opened, true)} UTC`}>
      opened {clock(opened, true)}
      {crash !== null && Date.parse(opened) >= Date.parse(crash) && `, ${duration(crash, opened)} later`}
    </Fact>
  );
}

const MOST_RIVALS = 4;

function Rivals({ incident: { suspect, other_suspects: others, separable } }: { incident: Incident }) {
  const isSpike = suspect.update_channel === '';
  if (others.length === 0) return <span class="quiet">No other update under way could be to blame.</span>;
  const more = others.length > MOST_RIVALS ? ` and ${others.length - MOST_RIVALS} more` : '';
  return (
    <span class="quiet break">
      {isSpike
        ? 'Cannot be judged, for hardly any host is without it: '
        : separable
          ? 'Also weighed: '
          : 'Cannot be told apart yet: '}
      {others.slice(0, MOST_RIVALS).map((other, index) => (
        <>
          {index > 0 && ', '}
          <Link to={pathOf.update(other.update_channel, other.update_version)}>{nameOf(other)}</Link>
          {!isSpike && ` (${percent(other.confidence)})`}
        </>
      ))}
      {more}.
    </span>
  );
}
