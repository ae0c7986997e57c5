import type { IncidentChange } from '@ringwatch/incident';
import { announce, ours, type Notice, type Phrase } from '@ringwatch/webhook';

const MOST_LISTED = 10;

/** One message about many incidents that a receiver has not heard of: how many and how bad, then the worst of them. */
export function digestNotice(
  id: string,
  changes: readonly IncidentChange[],
  { at, dashboardUrl }: { at: Date; dashboardUrl: string | undefined },
): Notice {
  const worst = [...changes].sort((one, other) => rankOf(one) - rankOf(other));
  const bySeverity = (['sev1', 'sev2', 'sev3'] as const).flatMap((severity) => {
    const count = changes.filter((change) => change.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity.toUpperCase()}`];
  });
  const listed = worst.slice(0, MOST_LISTED).map((change) => announce(change).title);
  const rest = changes.length - listed.length;
  const lines: Phrase[] = [
    ...listed,
    ...(rest > 0 ? [ours(`and ${rest} more`)] : []),
    ...(dashboardUrl === undefined ? [] : [ours(`All of them: ${dashboardUrl}/incidents`)]),
  ];
  return {
    purpose: 'digest',
    id,
    at: at.toISOString(),
    title: ours(`${changes.length} incidents at once: ${bySeverity.join(', ')}`),
    lines,
  };
}

/** The worst first, and of those the ones that hit most hosts. */
function rankOf({ severity, evidence }: IncidentChange): number {
  return Number(severity.slice(-1)) * 1e9 - Math.min(1e8, evidence.crashed_hosts + evidence.silent_hosts);
}
