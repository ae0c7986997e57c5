import type { WatchedUpdate } from '@ringwatch/detection';
import type { IncidentChange, Mitigation } from './incident-change';
import { instant } from './figures';

/** Adoption has stopped when no install arrived for so long, in which so many were to be expected at its pace. */
const QUIET_MS = 10 * 60_000;
const EXPECTED_INSTALLS = 10;
/** It goes on when so many more hosts have taken it. */
const INSTALLS_AGAIN = 10;

/** Is the update still offered to hosts, as far as its vendor says? */
export function isOffered(watched: WatchedUpdate): boolean {
  return watched.lastAction?.action !== 'withdrawn' && watched.lastAction?.action !== 'paused';
}

/**
 * What stops an update at a tick, if anything does: its vendor, at once, or that hosts take it no more. `before` is how it was
 * mitigated so far: a stop of adoption lasts until adoption goes on, or the vendor says something.
 */
export function mitigationOf(
  watched: WatchedUpdate,
  before: IncidentChange['mitigation'],
  tick: number,
): Mitigation | null {
  const now = { at: instant(tick), exposed_hosts: watched.applied.total() };
  const action = watched.lastAction?.action;
  if (action === 'withdrawn' || action === 'paused') {
    if (before && before.cause !== 'adoption_stopped') return before;
    // Once adoption has stopped, that is when it was mitigated, whatever is said later.
    return { ...(before ?? now), cause: action };
  }
  if (before?.cause === 'adoption_stopped')
    return now.exposed_hosts - before.exposed_hosts < INSTALLS_AGAIN ? before : null;
  return hasStopped(watched, tick) ? { ...now, cause: 'adoption_stopped' } : null;
}

function hasStopped(watched: WatchedUpdate, tick: number): boolean {
  const quietMs = tick - Math.max(watched.lastApplyReceivedAt, watched.lastAction?.receivedAt ?? -Infinity);
  const pace = watched.applied.lastSteps(60) / (10 * 60_000);
  return quietMs >= QUIET_MS && Number.isFinite(quietMs) && quietMs * pace >= EXPECTED_INSTALLS;
}

/** Why it counts as mitigated, in words. */
export function sayMitigation({ cause, exposed_hosts }: Mitigation): string {
  switch (cause) {
    case 'withdrawn':
      return 'its vendor has withdrawn it';
    case 'paused':
      return 'its vendor has paused it';
    case 'adoption_stopped':
      return `no host takes it any more: ${exposed_hosts} have`;
  }
}
