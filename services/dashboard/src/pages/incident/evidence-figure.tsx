import { useMemo } from 'preact/hooks';
import { Figure } from '../../charts/figure';
import type { Incident } from '../../read/incident-answers';
import { evidenceChart, describeEvidence } from './evidence-over-time';

/** The evidence against its line, and the hosts behind it, change by change. */
export function EvidenceFigure({ changes }: { changes: Incident[] }) {
  const chart = useMemo(() => evidenceChart(changes), [changes]);
  return (
    <Figure
      id="evidence"
      title="Evidence against its line"
      sentence={describeEvidence(changes)}
      chart={chart}
      height={240}
      note="ln E as it stood with each change of the incident: an innocent update crosses the line once in a million. The axis is stretched near zero."
    />
  );
}
