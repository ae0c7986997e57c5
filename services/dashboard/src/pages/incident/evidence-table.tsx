import { useEffect, useRef } from 'preact/hooks';
import { CopyButton } from '../../parts/copy-button';
import type { Evidence, EvidenceTerm } from '../../read/incident-answers';
import { count, measure, percent, ratio, words } from '../../text/format';

/** Where alerts link to that say how it was decided. */
const ANCHOR = '#decision';

/** Every number behind the decision, enough to redo it by hand. */
export function EvidenceTable({ evidence, incidentId }: { evidence: Evidence; incidentId: string }) {
  const section = useRef<HTMLElement>(null);
  // It was not there yet when the browser looked for it.
  useEffect(() => {
    if (window.location.hash === ANCHOR) section.current?.scrollIntoView();
  }, []);
  return (
    <section class="card" id={ANCHOR.slice(1)} ref={section} aria-labelledby="evidence-table-title">
      <h2 id="evidence-table-title">Every number behind it</h2>
      <p>
        <code>ringwatch replay {incidentId}</code> decides it again from what is stored and says whether it comes out
        the same. <CopyButton text={`ringwatch replay ${incidentId}`}>Copy command</CopyButton>
      </p>
      <table>
        <tbody>
          {[...figures(evidence), ...secondOpinion(evidence)].map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {evidence.terms.length > 0 && <Terms terms={evidence.terms} />}
    </section>
  );
}

function figures(evidence: Evidence): Array<[string, string]> {
  const { leading_bucket: leading, learned_from: learned = 0, min_relative_risk: least } = evidence;
  return [
    ['Hosts that run the channel', count(evidence.eligible_hosts)],
    ['Hosts that applied the suspect', count(evidence.exposed_hosts)],
    [
      `Of these, ${leading?.level === 'silent' ? 'fell silent' : 'crashed'} as the leading bucket says`,
      count(evidence.observed),
    ],
    ['Of these, crashed for any reason', count(evidence.crashed_hosts)],
    ['Expected at the rate of the others', measure(evidence.expected)],
    ['Ratio, 95 % interval', ratio(evidence.relative_risk)],
    [
      'Ratio that an innocent update may have',
      `${measure(least)} ×${learned > 0 ? `, learned from ${count(learned)}` : ''}`,
    ],
    ['Hosts that crash in a loop', count(evidence.crash_looping_hosts)],
    ['Hosts that fell silent', count(evidence.silent_hosts)],
    ['Evidence (ln E)', measure(evidence.statistic)],
    ['Line that it had to cross', measure(evidence.threshold)],
    [
      'Evidence without its strongest organisation, one host of each in ten seconds',
      measure(evidence.leave_one_org_out),
    ],
    ...(leading ? [['Leading bucket', `${leading.bucket} (${leading.level})`] as [string, string]] : []),
  ];
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
  if (opinion?.crash_rate) {
    const { estimate, low, high } = opinion.crash_rate;
    rows.push([
      'Share of its hosts that crash, 95 % interval',
      `${percent(estimate)} (${percent(low)} to ${percent(high)})`,
    ]);
  }
  return rows;
}

function Terms({ terms }: { terms: EvidenceTerm[] }) {
  const columns = ['Weight', 'Crashed', 'Expected', 'ln E'];
  return (
    <details class="spaced">
      <summary>The {terms.length} parts of the evidence</summary>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Parts of the evidence">
        <table>
          <thead>
            <tr>
              <th scope="col">Bucket, compared how</th>
              {columns.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {terms.map((term) => (
              <tr key={`${term.channel} ${term.bucket}`}>
                <th scope="row" class="break">
                  {term.bucket === '*' ? 'any crash' : term.bucket} <span class="quiet">{words(term.channel)}</span>
                </th>
                <td class="number">{measure(term.weight)}</td>
                <td class="number">{count(term.observed)}</td>
                <td class="number">{term.expected === null ? '' : measure(term.expected)}</td>
                <td class="number">{measure(term.statistic)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
