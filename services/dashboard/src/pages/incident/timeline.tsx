import { Time } from '../../parts/time';
import type { Incident } from '../../read/incident-answers';
import { count, measure, words } from '../../text/format';

/** What happened to the incident, newest first: what the detector found, and what people did. */
export function Timeline({ changes }: { changes: Incident[] }) {
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <ol class="timeline">
        {[...changes].reverse().map((change) => (
          <li key={change.sequence} class={change.action === null ? undefined : 'personal'}>
            <span class="quiet block">
              <Time at={change.detected_at} dated /> UTC
            </span>
            <strong>{words(change.change)}</strong> <What change={change} />
            {change.action?.text && <blockquote class="break">{change.action.text}</blockquote>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function What({ change }: { change: Incident }) {
  const { severity, state, evidence, reason, action } = change;
  return (
    <>
      <span class="break">{reason}</span>
      {action === null && (
        <span class="quiet block">
          {severity}, {state}: {count(evidence.crashed_hosts)} of {count(evidence.exposed_hosts)} hosts crashed
          {evidence.silent_hosts > 0 && `, ${count(evidence.silent_hosts)} silent`},{' '}
          {measure(evidence.relative_risk.estimate)} ×
        </span>
      )}
    </>
  );
}
