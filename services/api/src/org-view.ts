import { crashedAfterApplying, listUpdates } from '@ringwatch/clickhouse';
import { type IncidentChange, suspectSchema } from '@ringwatch/incident';
import { updateKey } from '@ringwatch/rollout';
import { incidentChangeSchema } from '@ringwatch/incident';
import { z } from 'zod';
import type { Store } from './store';

const {
  incident_id,
  sequence,
  state,
  change,
  severity,
  detected_at,
  opened_at,
  separable,
  superseded_by,
  scope,
  signal,
} = incidentChangeSchema.shape;
const { recommendation } = incidentChangeSchema.shape;
const count = z.number().int();

/**
 * An incident as a key for some organisations sees it: that there is one, on what, how it stands, and the figures of the key's own
 * hosts. What was counted over all organisations, and what people of others said, is not there.
 */
export const orgIncidentSchema = z
  .object({
    incident_id,
    sequence,
    state,
    change,
    severity,
    detected_at,
    opened_at,
    suspect: suspectSchema,
    separable,
    superseded_by,
    scope,
    signal,
    recommendation,
    evidence: z.null().meta({ description: 'counted over all organisations, and so not for this key' }),
    own: z.object({ exposed_hosts: count, crashed_hosts: count }).meta({
      description: 'hosts of the organisations of this key that applied the suspect, and those that crashed after it',
    }),
  })
  .meta({ description: 'An incident as a key for some organisations sees it.' });
export type OrgIncident = z.infer<typeof orgIncidentSchema>;

/** Changes as the caller may see them: whole, or what an organisation sees of them. */
export async function asSeenBy(
  store: Store,
  changes: readonly IncidentChange[],
): Promise<Array<IncidentChange | OrgIncident>> {
  if (store.orgs.length === 0 || changes.length === 0) return [...changes];
  const suspects = [...new Map(changes.map(suspectOf).map((each) => [updateKey(each), each])).values()];
  const [known, crashed] = await Promise.all([
    store.ask('list-updates', (db) => listUpdates(db, { only: suspects, orgs: store.orgs, maxRows: suspects.length })),
    store.ask('crashed-after-applying', (db) => crashedAfterApplying(db, suspects, store.orgs)),
  ]);
  const exposedBy = new Map(known.map((each) => [updateKey(each), each.appliedHosts]));
  const crashedBy = new Map(crashed.map((each) => [updateKey(each), each.crashedHosts]));
  return changes.map((each) => {
    const key = updateKey(suspectOf(each));
    return toOrgView(each, { exposed_hosts: exposedBy.get(key) ?? 0, crashed_hosts: crashedBy.get(key) ?? 0 });
  });
}

function suspectOf({ suspect }: IncidentChange) {
  return { channel: suspect.update_channel, version: suspect.update_version };
}

function toOrgView(each: IncidentChange, own: OrgIncident['own']): OrgIncident {
  return {
    incident_id: each.incident_id,
    sequence: each.sequence,
    state: each.state,
    change: each.change,
    severity: each.severity,
    detected_at: each.detected_at,
    opened_at: each.opened_at,
    suspect: each.suspect,
    separable: each.separable,
    superseded_by: each.superseded_by,
    scope: each.scope,
    signal: each.signal,
    recommendation: each.recommendation,
    evidence: null,
    own,
  };
}
