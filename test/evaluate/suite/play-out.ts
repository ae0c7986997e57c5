import { DetectionPolicy, type EvidenceBatch, Watch, defaultPolicy, measure } from '@ringwatch/detection';
import { IncidentChange, REVIEW_EVERY_MS, decide } from '@ringwatch/incident';
import { Arrivals, emptyBatch } from '../world/evidence';
import type { Plan } from '../world/plan';

/** What was decided in a run, and the watch as it was left. */
export interface Decided {
  changes: IncidentChange[];
  watch: Watch;
  /** Crash reports that had arrived. */
  reports: number;
  /** Until when (arrival time) it was played. */
  endedAt: number;
}

/** The world is played in spans of so many milliseconds. */
export const SLICE_MS = 10_000;
const GO_ON_MS = 120_000;
const COUNT_AWAKE_EVERY_MS = 30 * 60_000;
/** However much arrives, no more than so many reports are taken after the guilty update is found, unless more is asked for. */
const MOST_REPORTS_AFTER = 500;

/** Takes a plan through the detector's memory and decisions, tick by tick of arrival time, without any store. */
export function playOut(plan: Plan, policy: DetectionPolicy = defaultPolicy): Decided {
  const watch = new Watch(policy);
  const arrivals = new Arrivals(plan);
  const { sample, past } = plan;
  if (past) watch.remember(past());
  if (sample) watch.silences.sample.restore(sample.level, []);
  sample?.follow(plan.shipments);
  const latest = new Map<string, IncidentChange>();
  const changes: IncidentChange[] = [];
  let [reports, reportsAfter, stopsAt, isFound] = [0, 0, lastMoment(plan), false];
  const turn = (tick: number, batch = emptyBatch()) => {
    reports += batch.crashes.length;
    if (isFound) reportsAfter += batch.crashes.length;
    const touched = watch.absorb(batch);
    sample?.hear(batch.crashes);
    if (sample && tick % REVIEW_EVERY_MS === 0) watch.review(sample.minute(tick - REVIEW_EVERY_MS), tick);
    if (sample) countAwake(watch, tick, batch.updates);
    for (const change of decide(watch, { touched, actions: [] }, latest, tick).changes) {
      changes.push(change);
      latest.set(change.incident_id, change);
      if (isFound || !blames(plan, change)) continue;
      isFound = true;
      stopsAt = Math.min(plan.ends, tick + (plan.goOnMs ?? GO_ON_MS));
    }
  };
  const mostAfter = plan.goOnMs ? Infinity : MOST_REPORTS_AFTER;
  let at = plan.starts;
  for (; at < stopsAt && reportsAfter < mostAfter; at += SLICE_MS) {
    arrivals.cause(at, at + SLICE_MS);
    let isReviewed = (at + SLICE_MS) % REVIEW_EVERY_MS !== 0;
    for (const [tick, batch] of arrivals.takeUntil(at + SLICE_MS)) {
      turn(tick, batch);
      isReviewed ||= tick === at + SLICE_MS;
    }
    if (!isReviewed) turn(at + SLICE_MS);
  }
  return { changes, watch, reports, endedAt: at };
}

/** As the detector does it: every half hour, and of updates that are new. */
function countAwake(watch: Watch, now: number, added: EvidenceBatch['updates']): void {
  const known = now % COUNT_AWAKE_EVERY_MS === 0 ? [...watch.updates.values()] : [];
  watch.addAwake([
    ...watch.countAwake(known, { now, since: now - COUNT_AWAKE_EVERY_MS }),
    ...watch.countAwake(added, { now, since: now }),
  ]);
}

/** What is not found within a dozen times of what a perfect detector needs (and a quarter of an hour) is not found. */
function lastMoment({ ends, truth, floor }: Plan): number {
  if (truth.kind !== 'guilty' || !floor || !Number.isFinite(floor.p95Ms)) return ends;
  return Math.min(ends, truth.firstHarmAt + Math.max(15 * 60_000, 12 * floor.p95Ms));
}

/** Does this change speak of the update that is to blame? */
export function blames({ truth }: Plan, { suspect }: IncidentChange): boolean {
  return (
    truth.kind === 'guilty' &&
    truth.blame.some(({ channel, version }) => channel === suspect.update_channel && version === suspect.update_version)
  );
}

/** The largest evidence against an update that is innocent. */
export function mostAgainstInnocents(plan: Plan, watch: Watch): number {
  const guilty = plan.truth.kind === 'guilty' ? plan.truth.blame : [];
  let most = -Infinity;
  for (const watched of watch.updates.values()) {
    if (guilty.some((each) => each.channel === watched.update.channel && each.version === watched.update.version))
      continue;
    most = Math.max(most, measure(watched, watch.policy).statistic);
  }
  return most;
}
