import { createHash } from 'node:crypto';
import type { Undelivered } from '@ringwatch/routing';
import { ours, say, type Notice } from '@ringwatch/webhook';

const MOST_LISTED = 10;

/** Tells whoever stands in that another receiver did not get something: who, of what, and why. Reports are all about one receiver. */
export function undeliveredNotice(
  reports: ReadonlyArray<{ report: Undelivered; requestId: string }>,
  at: Date,
): Notice {
  const [first] = reports;
  const { receiver, detail } = first!.report;
  const listed = reports.slice(0, MOST_LISTED).map(({ report }) => lineOf(report));
  const rest = reports.length - listed.length;
  return {
    purpose: 'undelivered',
    id: `undelivered-${fingerprint(reports.map(({ requestId }) => requestId))}`,
    at: at.toISOString(),
    title: say`NOT DELIVERED: ${receiver} could not be told of ${ours(reports.length === 1 ? 'this' : `${reports.length} changes`)}`,
    lines: [
      ...listed,
      ...(rest > 0 ? [ours(`and ${rest} more`)] : []),
      say`Last reason: ${detail}${ours('. Nobody is told of it unless somebody acts on this message: see ')}ringwatch notify deliveries --failed`,
    ],
  };
}

function lineOf({ title, severity, incident_id, sequence, outcome, detail }: Undelivered) {
  return say`${ours(`${severity.toUpperCase()}: `)}${title} (incident ${incident_id}, change ${ours(String(sequence))}; ${ours(outcome.replace('_', ' '))}: ${detail})`;
}

function fingerprint(ids: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 16);
}
