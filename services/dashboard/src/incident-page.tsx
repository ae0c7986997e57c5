import type { CountedValue, Evidence, Incident, IncidentHost } from './answers';
import { clock, count, dateTime, measure, ratio, words } from './format';
import { IncidentCard } from './incident-card';
import { Link } from './link';
import { read } from './read';
import { Failed, Loading, Stale } from './states';
import { usePolled } from './use-polled';

const SHOWN_HOSTS = 50;

/** One incident: its numbers, what happened to it, where it strikes and which hosts crashed. */
export function IncidentPage({ id, onRead }: { id: string; onRead: (upTo: string | null) => void }) {
  const path = `incidents/${encodeURIComponent(id)}`;
  const { answer, problem, retry } = usePolled(path, async (signal) => {
    const [{ incident, changes, stop_code_names: names }, { hosts }, status] = await Promise.all([
      read<{ incident: Incident; changes: Incident[]; stop_code_names: Record<string, string> }>(path, {}, signal),
      read<{ hosts: IncidentHost[] }>(`${path}/hosts`, { limit: SHOWN_HOSTS }, signal),
      read<{ closed_until: string | null; newest_event_at: string | null }>('status', {}, signal),
    ]);
    onRead(status.closed_until ?? status.newest_event_at);
    return { incident, changes, names, hosts };
  });
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      <p>
        <Link to="/">Back to now</Link>
      </p>
      {problem && <Stale problem={problem} retry={retry} />}
      <IncidentCard incident={answer.incident} alone />
      <div class="columns">
        <Timeline changes={answer.changes} />
        <EvidenceTable evidence={answer.incident.evidence} />
      </div>
      <Spread evidence={answer.incident.evidence} names={answer.names} />
      <Hosts path={path} hosts={answer.hosts} />
    </>
  );
}

function Timeline({ changes }: { changes: Incident[] }) {
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <ol class="timeline">
        {[...changes].reverse().map((change) => (
          <li key={change.sequence}>
            <time class="tabular quiet" dateTime={change.detected_at}>
              {dateTime(change.detected_at)} UTC
            </time>
            <strong>{words(change.change)}</strong>{' '}
            <span class="quiet">
              {change.severity}, {change.state}: {count(change.evidence.crashed_hosts)} of{' '}
              {count(change.evidence.exposed_hosts)} hosts, {measure(change.evidence.relative_risk.estimate)} ×
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function EvidenceTable({ evidence }: { evidence: Evidence }) {
  const rows: Array<[string, string]> = [
    ['Hosts that run the channel', count(evidence.eligible_hosts)],
    ['Hosts that applied the suspect', count(evidence.exposed_hosts)],
    ['Of these, crashed', count(evidence.observed)],
    ['Expected at the rate of the others', measure(evidence.expected)],
    ['Ratio, 95 % interval', ratio(evidence.relative_risk)],
    ['Hosts that crash in a loop', count(evidence.crash_looping_hosts)],
    ['Hosts that fell silent', count(evidence.silent_hosts)],
    ['Evidence (ln E)', measure(evidence.statistic)],
    ['Line that it had to cross', measure(evidence.threshold)],
    ['Evidence without its strongest organisation', measure(evidence.leave_one_org_out)],
    ...secondOpinion(evidence),
  ];
  return (
    <section class="card" aria-labelledby="evidence-title">
      <h2 id="evidence-title">Evidence</h2>
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What published methods say of the same counts. */
function secondOpinion({ second_opinion: opinion }: Evidence): Array<[string, string]> {
  const rows: Array<[string, string]> = [];
  if (opinion?.maxsprt) {
    const { ln_ratio, critical_value, agrees } = opinion.maxsprt;
    const verdict = `${measure(ln_ratio)} of ${measure(critical_value)}, ${agrees ? 'agrees' : 'does not agree'}`;
    rows.push(['Second opinion: Poisson MaxSPRT', verdict]);
  }
  const given = opinion?.rate_ratio;
  if (given && given.estimate !== null) {
    const { estimate, low, high, method } = given;
    rows.push([`Second opinion: ratio by ${method}`, ratio({ estimate, low, high })]);
  }
  return rows;
}

function Spread({ evidence, names }: { evidence: Evidence; names: Record<string, string> }) {
  return (
    <section class="spread" aria-label="Where it strikes">
      <Bars title="Stop codes" values={evidence.stop_codes} total={evidence.stop_codes_total} names={names} />
      <Bars title="Countries" values={evidence.countries} total={evidence.countries_total} />
      <Bars title="Organisations" values={evidence.orgs} total={evidence.orgs_total} />
      <Bars title="OS builds" values={evidence.os_builds} total={evidence.os_builds_total} />
    </section>
  );
}

interface BarsProps {
  title: string;
  values: CountedValue[];
  total: number;
  /** What people call a value, where it has another name. */
  names?: Record<string, string>;
}

function Bars({ title, values, total, names = {} }: BarsProps) {
  const most = Math.max(1, ...values.map(({ hosts }) => hosts));
  const shown = values.slice(0, 8);
  return (
    <div class="card">
      <h2>{title}</h2>
      <p class="quiet">
        {shown.length < total ? `${shown.length} of ${count(total)}, most first` : `all ${count(total)}`}, crashed hosts
      </p>
      <ul class="bars">
        {shown.map(({ value, hosts }) => (
          <li key={value}>
            <span class="break">
              {names[value] && <span class="strong">{names[value]} </span>}
              {value}
            </span>
            <span class="tabular strong">{count(hosts)}</span>
            <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar-all" width="100" height="6" />
              <rect class="bar-crash" width={(hosts / most) * 100} height="6" />
            </svg>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Hosts({ path, hosts }: { path: string; hosts: IncidentHost[] }) {
  const names = ['Host', 'Organisation', 'Country', 'OS build', 'First crash', 'Crashes', 'Last seen'];
  return (
    <section class="card" aria-labelledby="hosts-title">
      <header class="card-head">
        <div>
          <h2 id="hosts-title">Hosts that crashed</h2>
          <p class="quiet">after applying the suspect; the first {SHOWN_HOSTS}, times in UTC</p>
        </div>
        <a class="button" href={`/api/v1/${path}/hosts?format=csv&limit=10000`} download>
          Download as CSV
        </a>
      </header>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Table of hosts">
        <table>
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col" class={name === 'Crashes' ? 'number' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hosts.map((host) => (
              <tr key={host.host_id}>
                <th scope="row" class="break">
                  {host.host_id}
                </th>
                <td class="break">{host.org_id}</td>
                <td>{host.country}</td>
                <td class="tabular">{host.os_build}</td>
                <td class="tabular">{clock(host.first_crash_at, true)}</td>
                <td class="number">{count(host.crashes)}</td>
                <td class="tabular">{clock(host.last_seen_at, true)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
