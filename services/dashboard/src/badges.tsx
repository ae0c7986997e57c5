import type { Incident, Update } from './answers';

/** Shape and word say it as well as the colour does. */
const shapes = {
  sev1: 'M6 1 11.5 11H.5Z',
  sev2: 'M6 .5 11.5 6 6 11.5 .5 6Z',
  sev3: 'M1 1h10v10H1Z',
  halt: 'M3.6.5h4.8l3.1 3.1v4.8l-3.1 3.1H3.6L.5 8.4V3.6Z',
  hold: 'M1.5 1h3.5v10H1.5ZM7 1h3.5v10H7Z',
  go: 'M2 .8 11 6 2 11.2Z',
} as const;

function Badge({ kind, children }: { kind: keyof typeof shapes; children: string }) {
  return (
    <span class={`badge ${kind}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={shapes[kind]} />
      </svg>
      {children}
    </span>
  );
}

export const SeverityBadge = ({ incident }: { incident: Incident }) => (
  <Badge kind={incident.severity}>{`${incident.severity} · ${incident.state}`}</Badge>
);

export const VerdictBadge = ({ verdict }: { verdict: Update['verdict'] }) => <Badge kind={verdict}>{verdict}</Badge>;
