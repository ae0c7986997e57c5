import {
  Measured,
  Rivals,
  Watch,
  WatchedUpdate,
  alarmLine,
  byShipping,
  crashedHosts,
  guard,
  measure,
} from '@ringwatch/detection';
import { updateKey } from '@ringwatch/rollout';
import { Finding, buildChange, isOffered } from './build-change';
import { sizeOf } from './figures';
import type { IncidentChange } from './incident-change';
import { incidentIdOf } from './incident-id';
import { isWorse } from './severity';
import { decideSpikes } from './spike-incidents';

/** Evidence (ln E) on a driver's crashes from which an update explains them well enough: ln 20. */
const EXPLAINS = Math.log(20);

/** The last change of every incident, by its id. */
export type Incidents = ReadonlyMap<string, IncidentChange>;

/** Every so often, in arrival time, all updates are judged anew, whether or not a crash of theirs arrived. */
export const REVIEW_EVERY_MS = 60_000;

/**
 * Decides one tick: which incidents open, grow worse, are mitigated or give way to another. Pure: the same watch, incidents
 * and tick give the same changes. `touched` are the updates whose evidence changed in this tick; on a review all are judged.
 */
export function decide(
  watch: Watch,
  touched: readonly WatchedUpdate[],
  incidents: Incidents,
  tick: number,
): IncidentChange[] {
  const isReview = tick % REVIEW_EVERY_MS === 0;
  const judged = isReview ? [...watch.updates.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) : touched;
  const judge = new Judge(watch, incidents, tick);
  const openings: WatchedUpdate[] = [];
  for (const watched of judged) {
    const incident = judge.openIncident(watched);
    if (incident) judge.followUp(watched, incident, isReview);
    else if (judge.mayOpen(watched, isReview)) openings.push(watched);
  }
  for (const watched of judge.mostBlamedFirst(openings)) judge.open(watched);
  judge.judgeSpikes(isReview);
  return judge.changes;
}

class Judge {
  readonly changes: IncidentChange[] = [];
  private readonly rivals: Rivals;
  private readonly measured = new Map<WatchedUpdate, Measured>();
  private readonly latest: Map<string, IncidentChange>;
  private readonly line: number;

  constructor(
    private readonly watch: Watch,
    incidents: Incidents,
    private readonly tick: number,
  ) {
    this.latest = new Map(incidents);
    this.rivals = new Rivals(watch, (watched) => this.measure(watched));
    this.line = alarmLine(watch.policy);
  }

  openIncident(watched: WatchedUpdate): IncidentChange | undefined {
    const incident = this.latest.get(incidentIdOf(watched.update));
    return incident && incident.state !== 'resolved' ? incident : undefined;
  }

  /** Enough hosts and enough evidence. While something is open already, the comparison with it is made on reviews only. */
  mayOpen(watched: WatchedUpdate, isReview: boolean): boolean {
    if (watched.suspiciousHosts() < this.watch.policy.minHosts) return false;
    if (!isReview && this.openUpdates().length > 0) return false;
    return this.measure(watched).statistic >= this.line && this.guards(watched).hold;
  }

  mostBlamedFirst(openings: readonly WatchedUpdate[]): WatchedUpdate[] {
    return [...openings].sort((a, b) => this.measure(b).statistic - this.measure(a).statistic || byShipping(a, b));
  }

  /** Opens an incident on an update, unless another explains its crashes; where two cannot be told apart, on the first of them. */
  open(watched: WatchedUpdate): void {
    const rivals = this.rivals.of(watched);
    const comparisons = rivals.map((rival) => ({ rival, outcome: this.rivals.compare(watched, rival) }));
    if (comparisons.some(({ outcome }) => outcome === 'explained_by_rival')) return;
    const same = comparisons.filter(({ outcome }) => outcome === 'not_separable').map(({ rival }) => rival);
    const suspect = [watched, ...same].sort(byShipping)[0]!;
    if (this.openIncident(suspect) || same.some((rival) => this.openIncident(rival))) return;
    for (const { rival, outcome } of comparisons) if (outcome === 'explains_rival') this.supersede(rival, suspect);
    this.emit(suspect, rivals.concat(watched), same.length > 0 ? [watched, ...same] : []);
  }

  /** Crashes that no update explains. */
  judgeSpikes(isReview: boolean): void {
    const { watch, tick, latest } = this;
    const isExplained = (driver: string) =>
      [...watch.updates.values()].some((watched) =>
        this.measure(watched).buckets.some(({ bucket, lnE }) => bucket === driver && lnE >= EXPLAINS),
      );
    for (const change of decideSpikes({ watch, tick, isReview, latest, isExplained })) this.keep(change);
  }

  /** What became of an open incident: most of the time nothing that people have to be told. */
  followUp(watched: WatchedUpdate, last: IncidentChange, isReview: boolean): void {
    const isStopped = !isOffered(watched) && last.state !== 'mitigating';
    const isResumed = isOffered(watched) && last.state === 'mitigating';
    const affected =
      crashedHosts(watched, this.measure(watched)) + watched.onlySilent().length * this.watch.silences.sample.part;
    const hasGrown = sizeOf(affected) > sizeOf(last.evidence.crashed_hosts + last.evidence.silent_hosts);
    const mayEscalate = isReview && last.severity !== 'sev1';
    if (!isStopped && !isResumed && !hasGrown && !mayEscalate) return;
    const draft = this.draft(watched, this.rivals.of(watched), this.inseparableOf(watched, last), last);
    if (isStopped) this.keep({ ...draft, state: 'mitigating', change: 'mitigated' });
    else if (isResumed) this.keep({ ...draft, state: 'open', change: 'reopened' });
    else if (isWorse(draft.severity, last.severity)) this.keep({ ...draft, change: 'escalated' });
    else if (hasGrown) this.keep({ ...draft, change: 'updated' });
  }

  private emit(suspect: WatchedUpdate, others: WatchedUpdate[], same: WatchedUpdate[]): void {
    const before = this.latest.get(incidentIdOf(suspect.update));
    const rivals = others.filter((other) => other !== suspect);
    const draft = this.draft(suspect, rivals, same, before);
    this.keep({
      ...draft,
      change: before ? 'reopened' : 'opened',
      state: isOffered(suspect) ? 'open' : 'mitigating',
      opened_at: before?.opened_at ?? draft.detected_at,
    });
  }

  private supersede(old: WatchedUpdate, by: WatchedUpdate): void {
    const last = this.openIncident(old);
    if (!last) return;
    const draft = this.draft(old, this.rivals.of(old), [], last);
    const superseded_by = incidentIdOf(by.update);
    this.keep({
      ...draft,
      state: 'resolved',
      change: 'superseded',
      superseded_by,
      severity: last.severity,
      recommendation: 'none',
    });
  }

  private draft(
    watched: WatchedUpdate,
    rivals: readonly WatchedUpdate[],
    same: readonly WatchedUpdate[],
    last: IncidentChange | undefined,
  ): IncidentChange {
    const measured = this.measure(watched);
    const finding: Finding = {
      watched,
      measured,
      guards: this.guards(watched),
      separable: same.length === 0,
      blame: this.rivals.blame(watched, rivals, same),
    };
    return buildChange(this.watch, finding, this.tick, {
      sequence: (last?.sequence ?? 0) + 1,
      state: last?.state ?? 'open',
      change: 'updated',
      opened_at: last?.opened_at ?? new Date(this.tick).toISOString(),
    });
  }

  private keep(change: IncidentChange): void {
    this.latest.set(change.incident_id, change);
    this.changes.push(change);
  }

  /** Those that could not be told apart from the suspect, as far as they still cannot, and those that crashes need as well. */
  private inseparableOf(watched: WatchedUpdate, last: IncidentChange): WatchedUpdate[] {
    const named = last.separable
      ? []
      : last.other_suspects.filter(({ confidence }) => confidence === last.suspect.confidence);
    return this.rivals.inseparable(
      watched,
      named.map((each) => updateKey({ channel: each.update_channel, version: each.update_version })),
    );
  }

  private openUpdates(): WatchedUpdate[] {
    return [...this.watch.updates.values()].filter((watched) => this.openIncident(watched) !== undefined);
  }

  private guards(watched: WatchedUpdate) {
    return guard(watched, this.measure(watched), this.watch.policy);
  }

  private measure(watched: WatchedUpdate): Measured {
    let measured = this.measured.get(watched);
    if (!measured) this.measured.set(watched, (measured = measure(watched, this.watch.policy)));
    return measured;
  }
}
