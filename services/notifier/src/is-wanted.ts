import type { IncidentChange, Severity } from '@ringwatch/incident';
import { wants, type ReceiverKind } from '@ringwatch/webhook';

interface Wish {
  kind: ReceiverKind;
  minSeverity: Severity;
  /** This receiver was told of an earlier change of the incident. */
  knowsIncident: boolean;
}

/** Worst first: `sev1` stands before `sev2` in the alphabet too. */
const isAsBadAs = (severity: Severity, least: Severity) => severity <= least;

/**
 * Whether a receiver is told of a change. What its kind has use for stands in its definition: mere new figures (`updated`)
 * go to programs only. Who knows of an incident hears how it goes on and ends, whatever its severity has become since.
 * Nobody hears of what goes on while it is muted; its end is never muted.
 */
export function isWanted(change: IncidentChange, { kind, minSeverity, knowsIncident }: Wish): boolean {
  if (change.muted) return false;
  if (!knowsIncident && !isAsBadAs(change.severity, minSeverity)) return false;
  return wants(kind, change);
}
