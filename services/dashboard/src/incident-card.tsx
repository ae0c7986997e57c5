import type { Incident, Suspect } from './answers';
import { SeverityBadge } from './badges';
import { clock, count, duration, measure, percent, ratio, words } from './format';
import { adviceOf, headline, nameOf } from './incident-text';
import { Link } from './link';

/** One incident with the numbers behind it. */
export function IncidentCard({ incident, alone = false }: { incident: Incident; alone?: boolean }) {
  const { suspect, evidence } = incident;
  const address = `/incidents/${encodeURIComponent(incident.incident_id)}`;
  return (
    <article class={`card incident ${incident.severity}`} aria-label={`Incident on ${nameOf(suspect)}`}>
      <header class="incident-head">
        <SeverityBadge incident={incident} />
        <span class="quiet break">
          {suspect.update_channel || 'No update correlated'}
          {suspect.driver && ` · ${suspect.driver}`}
        </span>
      </header>
      {alone ? <h1>{headline(incident)}.</h1> : <h3>{headline(incident)}.</h3>}
      <dl class="facts">
        <Fact
          name={evidence.exposed_hosts > 0 ? 'Crashed of exposed hosts' : 'Crashed hosts'}
          value={
            evidence.exposed_hosts > 0
              ? `${count(evidence.crashed_hosts)} / ${count(evidence.exposed_hosts)}`
              : count(evidence.crashed_hosts)
          }
        >
          {measure(evidence.expected)} expected
        </Fact>
        <Fact name="Risk ratio" value={`${measure(evidence.relative_risk.estimate)} ×`}>
          95 % interval {ratio(evidence.relative_risk).replace(/^.*\(|\)$/g, '')}
        </Fact>
        <Since incident={incident} />
        <Fact name="Confidence" value={percent(Math.min(suspect.confidence, 0.9999))}>
          {words(incident.scope)} scope
        </Fact>
      </dl>
      <p class="advice">
        <strong>{adviceOf(incident)}</strong> <Rivals incident={incident} />
      </p>
      {!alone && (
        <p>
          <Link to={address}>Evidence, timeline and hosts</Link>
        </p>
      )}
    </article>
  );
}

function Since({ incident }: { incident: Incident }) {
  const { first_crash_at: crash, opened_at: opened } = incident;
  return (
    <Fact name="Since (first crash)" value={`${clock(crash ?? opened, true)} UTC`}>
      opened {clock(opened, true)}
      {crash !== null && Date.parse(opened) >= Date.parse(crash) && `, ${duration(crash, opened)} later`}
    </Fact>
  );
}

function Rivals({ incident }: { incident: Incident }) {
  const { other_suspects: others, separable } = incident;
  if (others.length === 0) return <span class="quiet">No other update under way could be to blame.</span>;
  const list = others.slice(0, 4).map((other: Suspect) => `${nameOf(other)} (${percent(other.confidence)})`);
  const more = others.length > 4 ? ` and ${others.length - 4} more` : '';
  return (
    <span class="quiet break">
      {separable ? 'Also weighed: ' : 'Cannot be told apart yet: '}
      {list.join(', ')}
      {more}.
    </span>
  );
}

function Fact({ name, value, children }: { name: string; value: string; children?: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="value tabular">{value}</dd>
      <dd class="quiet tabular">{children}</dd>
    </div>
  );
}
