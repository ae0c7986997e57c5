import { type IncidentChange, incidentChangeSchema } from '@ringwatch/incident';

/**
 * The opening of an incident that never was, for messages that show whether a receiver can be reached. Its names say so
 * themselves, wherever they are shown.
 */
export function madeUpIncident(at: Date): IncidentChange {
  const now = at.toISOString();
  const before = (minutes: number) => new Date(at.getTime() - minutes * 60_000).toISOString();
  const suspect = { update_channel: 'this-is-a-test', update_version: 'TEST-1', driver: 'this-is-a-test.sys' };
  return incidentChangeSchema.parse({
    incident_id: `test-${at.getTime()}`,
    ...{ sequence: 1, state: 'open', change: 'opened', severity: 'sev3', scope: 'global', signal: 'crashes' },
    ...{ detected_at: now, opened_at: now, first_crash_at: before(3) },
    suspect: { ...suspect, driver_version: '0.0.0.1', shipped_at: before(5), confidence: 0.99 },
    ...{ other_suspects: [], separable: true, superseded_by: null, recommendation: 'none' },
    reason: 'This is a test: nothing has happened.',
    evidence: madeUpEvidence(),
  });
}

function madeUpEvidence() {
  const lists = { countries: 'ZZ', orgs: 'this-is-a-test', os_builds: '10.0.22631.3880', stop_codes: '0x000000e2' };
  const listed = Object.entries(lists).flatMap(([name, value]) => [
    [name, [{ value, hosts: 7 }]],
    [`${name}_total`, 1],
  ]);
  return {
    ...(Object.fromEntries(listed) as object),
    ...{ observed: 7, expected: 0.1, relative_risk: { estimate: 70, low: 20, high: 250 } },
    ...{ exposed_hosts: 166, eligible_hosts: 10_000, crashed_hosts: 7, silent_hosts: 0, crash_looping_hosts: 0 },
    ...{ statistic: 20, threshold: 13.8, leave_one_org_out: 15, min_relative_risk: 3, terms: [] },
  };
}
