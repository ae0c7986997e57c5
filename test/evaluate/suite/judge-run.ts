import type { IncidentChange } from '@ringwatch/incident';
import { updateKey } from '@ringwatch/rollout';
import type { Plan } from '../world/plan';
import type { Outcome } from './outcome';
import { Decided, blames, mostAgainstInnocents } from './play-out';

/** What was decided; the watch is there where it was played in memory. */
type Judged = Pick<Decided, 'changes'> & Partial<Pick<Decided, 'watch'>>;

/** Holds what was decided against the truth. */
export function judgeRun(name: string, seed: number, plan: Plan, decided: Judged, costMs: number): Outcome {
  const { truth } = plan;
  const found = decided.changes.find((change) => change.change === 'opened' && isSought(plan, change));
  const falseAlarms = decided.changes.filter(
    (change) =>
      change.change === 'opened' &&
      !blames(plan, change) &&
      isOnUpdate(change) &&
      !isAlsoGuilty(plan, change) &&
      !namesGuiltyAlike(plan, change),
  );
  const guilty = truth.kind === 'guilty' ? truth.blame.length : 0;
  const outcome: Outcome = {
    class: name,
    seed,
    words: plan.words,
    hosts: plan.fleet.hosts,
    truth: truth.kind,
    found: found !== undefined,
    falseAlarms: falseAlarms.length,
    innocents: plan.shipments.length - guilty,
    innocentMost: decided.watch ? mostAgainstInnocents(plan, decided.watch) : -Infinity,
    flaps: decided.changes.filter(({ change }) => change === 'reopened').length,
    costMs,
    wrong: [],
    ...(plan.floor ? { floor: plan.floor } : {}),
    ...(found ? describeFound(plan, decided, found) : {}),
  };
  outcome.wrong = wrongWith(outcome, falseAlarms);
  return outcome;
}

/** The incident that has to be raised: on what is guilty, or on no update where there is only a spike. */
function isSought(plan: Plan, change: IncidentChange): boolean {
  return plan.truth.kind === 'spike' ? !isOnUpdate(change) : blames(plan, change);
}

function isAlsoGuilty({ truth }: Plan, { suspect }: IncidentChange): boolean {
  const also = truth.kind === 'guilty' ? (truth.also ?? []) : [];
  return also.some(({ channel, version }) => channel === suspect.update_channel && version === suspect.update_version);
}

/** It says that it cannot tell updates apart yet, and one of them is guilty: a set, not a false alarm. */
function namesGuiltyAlike({ truth }: Plan, { separable, suspect, other_suspects }: IncidentChange): boolean {
  if (separable || truth.kind !== 'guilty') return false;
  const alike = other_suspects.filter(({ confidence }) => confidence === suspect.confidence);
  return truth.blame.some((guilty) =>
    alike.some((each) => each.update_channel === guilty.channel && each.update_version === guilty.version),
  );
}

function isOnUpdate({ suspect }: IncidentChange): boolean {
  return suspect.update_channel !== '';
}

function describeFound(plan: Plan, decided: Judged, found: IncidentChange): Partial<Outcome> {
  if (plan.truth.kind === 'spike') return { tookMs: Date.parse(found.detected_at) - plan.truth.since };
  if (plan.truth.kind !== 'guilty') return {};
  const { blame, separable, separableAt, scope, firstHarmAt, endsAt } = plan.truth;
  const detectedAt = Date.parse(found.detected_at);
  const shipment = plan.shipments.find(
    ({ update }) =>
      updateKey(update) === updateKey({ channel: found.suspect.update_channel, version: found.suspect.update_version }),
  )!;
  const applied = plan.fleet.strata.reduce((sum, stratum) => sum + shipment.takenBefore(stratum, detectedAt), 0);
  const resolved = decided.changes.find(
    ({ incident_id, change }) => incident_id === found.incident_id && change === 'resolved',
  );
  const last = decided.changes.findLast(({ incident_id }) => incident_id === found.incident_id)!;
  const named = [found, last]
    .flatMap(({ suspect, other_suspects }) => [suspect, ...other_suspects])
    .map(({ update_channel, update_version }) => updateKey({ channel: update_channel, version: update_version }));
  return {
    blameRight: blame.length === 1 || blame.every((update) => named.includes(updateKey(update))),
    separable: (separableAt === 'end' ? last : found).separable,
    separableWanted: separable,
    scope: found.scope,
    ...(scope ? { scopeWanted: scope } : {}),
    // Guilty together: from when on all of them were under way.
    tookMs:
      detectedAt -
      Math.max(
        ...plan.shipments.filter(({ key }) => blame.map(updateKey).includes(key)).map(({ shippedAt }) => shippedAt),
      ),
    afterHarmMs: detectedAt - firstHarmAt,
    reportsAtAlarm: found.evidence.observed,
    appliedShare: applied / plan.fleet.hosts,
    ...(resolved && endsAt !== undefined ? { resolvedAfterMs: Date.parse(resolved.detected_at) - endsAt } : {}),
  };
}

function wrongWith(outcome: Outcome, falseAlarms: readonly IncidentChange[]): string[] {
  const wrong: string[] = [];
  for (const { suspect, evidence } of falseAlarms) {
    wrong.push(`false alarm on ${suspect.update_channel} ${suspect.update_version}, ln E ${evidence.statistic}`);
  }
  if (outcome.truth !== 'silent' && !outcome.found && isDue(outcome)) wrong.push('not found');
  if (outcome.truth === 'guilty' && outcome.found && !outcome.blameRight)
    wrong.push('not all of the guilty set is named');
  if (
    outcome.truth === 'guilty' &&
    outcome.found &&
    outcome.separableWanted !== 'either' &&
    outcome.separable !== outcome.separableWanted
  ) {
    wrong.push(outcome.separableWanted ? 'says that it cannot tell updates apart' : 'says that it can tell them apart');
  }
  if (outcome.found && outcome.scopeWanted && outcome.scope !== outcome.scopeWanted) {
    wrong.push(`scope ${outcome.scope} instead of ${outcome.scopeWanted}`);
  }
  return wrong;
}

/** Must it be found: would a perfect detector find it with a chance of 0.99? */
export function isDue({ floor }: Outcome): boolean {
  return floor === undefined || floor.power >= 0.99;
}
