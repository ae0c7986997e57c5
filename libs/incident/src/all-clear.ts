import type { IncidentChange } from './incident-change';

/** Of the hosts that crashed after they took an update, those that gave a sign of life after their last crash. */
export interface Recovery {
  hosts: number;
  recovered: number;
}

/** Does this change say that it is over by evidence, so that people want to know how many hosts came back? */
export function isAllClear({ change, action }: IncidentChange): boolean {
  return change === 'resolved' && action === null;
}

/** The all clear with how many hosts came back. */
export function withRecovery(change: IncidentChange, { hosts, recovered }: Recovery): IncidentChange {
  return {
    ...change,
    evidence: { ...change.evidence, recovered_hosts: recovered, recovery_hosts: hosts },
    reason: `${change.reason}; ${recovered} of ${hosts} hosts came back`,
  };
}
