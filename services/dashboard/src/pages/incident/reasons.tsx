import { Time } from '../../parts/time';
import type { Concentration, Incident } from '../../read/incident-answers';
import { count, measure, percent, words } from '../../text/format';
import { forecastSentence, lostPerMinute } from '../../text/incident-text';

/** Why it was decided so, what would turn it, and what comes. */
export function Reasons({ incident }: { incident: Incident }) {
  const { evidence } = incident;
  const { forecast } = evidence;
  const sentence = forecastSentence(forecast);
  return (
    <div class="stack">
      {sentence && incident.state !== 'resolved' && (
        <section class="card loud-card" aria-labelledby="forecast-title">
          <h2 id="forecast-title">If nobody halts it</h2>
          <p>
            {sentence} <strong>Every minute costs about {measure(lostPerMinute(forecast!))} hosts.</strong>
          </p>
        </section>
      )}
      {incident.mitigation && <Recovery incident={incident} />}
      <Why incident={incident} />
    </div>
  );
}

function Why({ incident: { reason, evidence } }: { incident: Incident }) {
  const { completeness, concentrations = [], what_would_change: turns } = evidence;
  const sentences = [
    reason,
    evidence.note,
    ...(turns?.sentences ?? []),
    ...concentrations.filter(isConcentrated).map(describeConcentration),
  ].filter(Boolean);
  if (sentences.length === 0 && !completeness) return null;
  return (
    <section class="card" aria-labelledby="why-title">
      <h2 id="why-title">Why, and what would change it</h2>
      <ul class="sentences">
        {sentences.map((each) => (
          <li key={each}>{each}</li>
        ))}
        {completeness && (
          <li>
            all that arrived before <Time at={completeness.decided_until} seconds /> UTC is in;{' '}
            {count(completeness.comparable_hosts)} of {count(completeness.crashed_hosts)} crashed hosts could be
            compared
          </li>
        )}
      </ul>
    </section>
  );
}

function Recovery({ incident: { mitigation, evidence, state } }: { incident: Incident }) {
  const { clearing, recovered_hosts: back, recovery_hosts: of } = evidence;
  return (
    <section class="card" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{state === 'resolved' ? 'How it ended' : 'Is it over?'}</h2>
      <ul class="sentences">
        <li>
          {words(mitigation!.cause)} at <Time at={mitigation!.at} seconds /> UTC, when{' '}
          {count(mitigation!.exposed_hosts)} hosts had taken it
        </li>
        {clearing && (
          <li>
            since then {count(clearing.observed)} hosts crashed anew, {count(clearing.last_ten_minutes)} of them in the
            last ten minutes; at a quarter of the pace before it would be {measure(clearing.expected)}: ln E for the end
            is {measure(clearing.statistic)} of {measure(clearing.threshold)}
          </li>
        )}
        {back !== null && of !== null && (
          <li>
            {count(back)} of {count(of)} hosts that crashed are back
          </li>
        )}
      </ul>
    </section>
  );
}

/** Below this the crashes do not follow adoption. */
const EVEN = 0.5;
const isConcentrated = ({ spread, cluster }: Concentration) => spread < EVEN && cluster.length > 0;
const kinds = { org: 'organisation', region: 'region', os_build: 'OS build' } as const;

function describeConcentration({ by, cluster, cluster_total: total, affected_share, exposed_share }: Concentration) {
  const more = total > 3 ? ` and ${total - 3} more` : '';
  return (
    `concentrated by ${kinds[by]}: ${cluster.slice(0, 3).join(', ')}${more} have ${percent(affected_share)} of the crashed ` +
    `hosts and ${percent(exposed_share)} of those that took it`
  );
}
