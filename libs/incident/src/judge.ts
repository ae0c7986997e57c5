import {
  Measured,
  Rivals,
  Watch,
  WatchedUpdate,
  alarmLine,
  byShipping,
  crashedHosts,
  describeRisk,
  guard,
  guardsHold,
  isGuiltyAgain,
  isOfFewOrgs,
  measure,
  soleOrgOf,
} from '@ringwatch/detection';
import { updateKey } from '@ringwatch/rollout';
import { buildChange } from './build-change';
import { clearingOf } from './clearing';
import type { IncidentChange } from './incident-change';
import { incidentIdOf } from './incident-id';
import { instant, sizeOf } from './figures';
import type { Ledger } from './ledger';
import { isOffered, mitigationOf, sayMitigation } from './mitigation';
import { affectedIn, isMuted, missedNews } from './mute';
import { isWorse, severityOf } from './severity';
import { decideSpikes } from './spike-incidents';

/** Evidence (ln E) on a driver's crashes from which an update explains them well enough: ln 20. */
const EXPLAINS = Math.log(20);

/** What the evidence says of the updates at one tick. It writes to the ledger, and reads from it what was written before. */
export class Judge {
  private readonly rivals: Rivals;
  private readonly measured = new Map<WatchedUpdate, Measured>();
  private readonly line: number;
  private readonly tick: number;

  constructor(
    private readonly watch: Watch,
    private readonly ledger: Ledger,
  ) {
    this.tick = ledger.tick;
    this.rivals = new Rivals(watch, (watched) => this.measure(watched));
    this.line = alarmLine(watch.policy);
  }

  openIncident(watched: WatchedUpdate): IncidentChange | undefined {
    const incident = this.lastOf(watched);
    return incident && incident.state !== 'resolved' ? incident : undefined;
  }

  /**
   * Enough hosts and enough evidence. While something is open already, an update opens at once only if it is over the line
   * without any host that took what is open; whatever else it may be is looked at on reviews. An incident that was resolved
   * needs all of it from what arrived since then; one that was cleared by another does not.
   */
  mayOpen(watched: WatchedUpdate, isReview: boolean): boolean {
    const { policy } = this.watch;
    if (watched.suspiciousHosts() < policy.minHosts) return false;
    const ended = this.lastOf(watched);
    if (ended && ended.superseded_by === null)
      return isReview && isGuiltyAgain(watched, policy, Date.parse(ended.resolved_at ?? ended.detected_at));
    if (this.measure(watched).statistic < this.line) return false;
    if (!isReview && !this.openUpdates().every((open) => this.rivals.standsApart(watched, open))) return false;
    if (!guardsHold(watched, this.measure(watched), policy)) return this.harmsOneOrg(watched);
    return !isOfFewOrgs(this.watch, watched, this.measure(watched), policy);
  }

  /** One organisation's hosts alone, compared among themselves, show it: an incident of that organisation. */
  private harmsOneOrg(watched: WatchedUpdate): boolean {
    return (soleOrgOf(this.watch, watched, this.measure(watched))?.statistic ?? -Infinity) >= this.line;
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
    this.begin(suspect, rivals.concat(watched), same.length > 0 ? [watched, ...same] : []);
  }

  /** Crashes that no update explains. */
  judgeSpikes(isReview: boolean): void {
    const { watch, tick } = this;
    const isExplained = (driver: string) =>
      [...watch.updates.values()].some((watched) =>
        this.measure(watched).buckets.some(({ bucket, lnE }) => bucket === driver && lnE >= EXPLAINS),
      );
    const state = { watch, tick, isReview, latest: this.ledger.all(), isExplained };
    for (const change of decideSpikes(state)) this.ledger.keep(change);
  }

  /** What became of an open incident: most of the time nothing that people have to be told. */
  followUp(watched: WatchedUpdate, last: IncidentChange, isReview: boolean): void {
    const mitigation = mitigationOf(watched, last.mitigation, this.tick);
    const cleared = isReview && mitigation && last.mitigation ? this.clearing(watched, mitigation.at, last) : undefined;
    const isStopped =
      mitigation !== null && mitigation.cause !== last.mitigation?.cause && this.mayTell(mitigation.cause, isReview);
    const isResumed = mitigation === null && last.mitigation !== null;
    const hasGrown = sizeOf(this.affected(watched)) > sizeOf(affectedIn(last.evidence));
    const mayEscalate = isReview && last.severity !== 'sev1' && isWorse(this.severity(watched), last.severity);
    const muteEnds = isReview && last.mute !== null && !this.isStillMuted(watched, last);
    if (!cleared?.isOver && !isStopped && !isResumed && !hasGrown && !mayEscalate && !muteEnds) return;
    const built = this.draft(watched, this.rivals.of(watched), this.inseparableOf(watched, last), last);
    const draft = { ...built, evidence: { ...built.evidence, clearing: cleared?.clearing ?? null } };
    const next = { ...draft, mitigation };
    if (cleared?.isOver) this.resolve(next, last, cleared.reason);
    else if (isStopped)
      this.ledger.keep({ ...next, state: 'mitigating', change: 'mitigated', reason: sayMitigation(mitigation) });
    else if (isResumed)
      this.ledger.keep({
        ...next,
        state: openState(last),
        change: 'reopened',
        reason: 'hosts take it again',
        reopened_at: instant(this.tick),
      });
    else if (isWorse(draft.severity, last.severity))
      this.ledger.keep({ ...draft, change: 'escalated', reason: sayRisk(draft) });
    else if (hasGrown)
      this.ledger.keep({
        ...draft,
        change: 'updated',
        reason: `${affectedIn(draft.evidence)} hosts have crashed or fallen silent`,
      });
    else if (muteEnds) {
      const missed = missedNews(last, draft);
      if (missed !== undefined)
        this.ledger.keep({ ...draft, change: 'unmuted', reason: `the mute has ended: ${missed}` });
    }
  }

  /** Ends incidents on updates that are not watched any more: nothing could ever end them. */
  endUnwatched(): void {
    const watched = new Set([...this.watch.updates.values()].map(({ update }) => incidentIdOf(update)));
    for (const last of this.ledger.open()) {
      if (last.suspect.update_channel === '' || watched.has(last.incident_id)) continue;
      const days = Math.round(this.watch.policy.watchMs / (24 * 60 * 60_000));
      const next = { ...last, sequence: last.sequence + 1, detected_at: instant(this.tick), action: null };
      this.resolve(next, last, `its update is no longer watched: it was first heard of more than ${days} days ago`);
    }
  }

  private resolve(next: IncidentChange, { severity }: IncidentChange, reason: string): void {
    const resolved_at = instant(this.tick);
    const ended = { state: 'resolved', change: 'resolved', recommendation: 'none' } as const;
    this.ledger.keep({ ...next, ...ended, severity, reason, resolved_at });
  }

  private begin(suspect: WatchedUpdate, others: WatchedUpdate[], same: WatchedUpdate[]): void {
    const before = this.lastOf(suspect);
    const rivals = others.filter((other) => other !== suspect);
    const draft = this.draft(suspect, rivals, same, before);
    const mitigation = mitigationOf(suspect, null, this.tick);
    this.ledger.keep({
      ...draft,
      change: before ? 'reopened' : 'opened',
      state: mitigation ? 'mitigating' : 'open',
      mitigation,
      reason: sayWhy(draft),
      ...(before
        ? {
            reopened_at: instant(this.tick),
            resolved_at: null,
            acknowledged_at: null,
            acknowledged_by: null,
            mute: null,
          }
        : {}),
    });
  }

  private supersede(old: WatchedUpdate, by: WatchedUpdate): void {
    const last = this.openIncident(old);
    if (!last) return;
    const draft = this.draft(old, this.rivals.of(old), [], last);
    this.ledger.keep({
      ...draft,
      state: 'resolved',
      change: 'superseded',
      superseded_by: incidentIdOf(by.update),
      severity: last.severity,
      recommendation: 'none',
      reason: `${by.update.version} on ${by.update.channel} explains the crashes`,
      resolved_at: instant(this.tick),
    });
  }

  private draft(
    watched: WatchedUpdate,
    rivals: readonly WatchedUpdate[],
    same: readonly WatchedUpdate[],
    last: IncidentChange | undefined,
  ): IncidentChange {
    const finding = {
      watched,
      measured: this.measure(watched),
      guards: this.guards(watched),
      separable: same.length === 0,
      blame: this.rivals.blame(watched, rivals, same),
    };
    return buildChange(this.watch, finding, last, this.tick);
  }

  private severity(watched: WatchedUpdate): IncidentChange['severity'] {
    const { policy } = this.watch;
    return severityOf(describeRisk(this.watch, watched, this.measure(watched), policy), isOffered(watched));
  }

  /** Hosts that crashed or fell silent after they had taken it; silent ones are known of a sample. */
  private affected(watched: WatchedUpdate): number {
    return crashedHosts(watched, this.measure(watched)) + watched.onlySilent().length * this.watch.silences.sample.part;
  }

  private clearing(watched: WatchedUpdate, mitigatedAt: string, last: IncidentChange) {
    const { policy } = this.watch;
    const context = { last, policy, tick: this.tick };
    return clearingOf(watched, this.measure(watched), Date.parse(mitigatedAt), context);
  }

  /** That nobody takes it any more is looked at on reviews, what the vendor does at once. */
  private mayTell(cause: NonNullable<IncidentChange['mitigation']>['cause'], isReview: boolean): boolean {
    return isReview || cause !== 'adoption_stopped';
  }

  private isStillMuted(watched: WatchedUpdate, last: IncidentChange): boolean {
    const evidence = { ...last.evidence, crashed_hosts: this.affected(watched), silent_hosts: 0 };
    return isMuted({ mute: last.mute, evidence }, this.tick);
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

  private lastOf(watched: WatchedUpdate): IncidentChange | undefined {
    return this.ledger.last(incidentIdOf(watched.update));
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

/** The state of an incident that goes on: somebody has it, or nobody. */
function openState({ acknowledged_at }: IncidentChange): 'acknowledged' | 'open' {
  return acknowledged_at === null ? 'open' : 'acknowledged';
}

function sayWhy({ evidence }: IncidentChange): string {
  const { observed, expected, statistic, threshold } = evidence;
  return `${observed} hosts crashed, ${expected.toFixed(1)} expected: ln E ${statistic.toFixed(1)} over the line of ${threshold.toFixed(1)}`;
}

function sayRisk({ severity, evidence }: IncidentChange): string {
  return `${severity}: ${Math.round(evidence.hosts_at_risk ?? 0)} hosts are at risk`;
}
