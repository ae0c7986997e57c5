import type { Judgement, Update } from '../read/answers';
import type { HostState, Incident } from '../read/incident-answers';

/** Shape and word say it as well as the colour does. */
const shapes = {
  sev1: 'M6 1 11.5 11H.5Z',
  sev2: 'M6 .5 11.5 6 6 11.5 .5 6Z',
  sev3: 'M1 1h10v10H1Z',
  halt: 'M3.6.5h4.8l3.1 3.1v4.8l-3.1 3.1H3.6L.5 8.4V3.6Z',
  hold: 'M1.5 1h3.5v10H1.5ZM7 1h3.5v10H7Z',
  go: 'M2 .8 11 6 2 11.2Z',
  unknown: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
} as const;

/** A word with a shape and a colour. */
export function Badge({ kind, children }: { kind: keyof typeof shapes; children: string }) {
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

const standings: Record<Judgement['standing'], { kind: keyof typeof shapes; word: string }> = {
  alarm: { kind: 'halt', word: 'over the line' },
  watch: { kind: 'hold', word: 'watch' },
  unremarkable: { kind: 'go', word: 'unremarkable' },
  reduces: { kind: 'go', word: 'reduces crashes' },
  insufficient: { kind: 'unknown', word: 'too little to say' },
};

/** Where the detector found the update to stand. */
export function StandingBadge({ standing }: { standing: Judgement['standing'] }) {
  const { kind, word } = standings[standing];
  return <Badge kind={kind}>{word}</Badge>;
}

const states: Record<HostState, keyof typeof shapes> = { crashing: 'halt', silent: 'hold', back: 'go' };

export const HostBadge = ({ state }: { state: HostState }) => <Badge kind={states[state]}>{state}</Badge>;
