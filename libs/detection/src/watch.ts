import { stopKind } from '@ringwatch/bugcheck';
import { type Update, updateKey } from '@ringwatch/rollout';
import { Adoption } from './concurrent/adoption';
import type { AwakeHosts, Crash, EvidenceBatch, KnownUpdate, VendorAction } from './evidence';
import { BEFORE_START_MS, HostHistory, isWithin } from './concurrent/host-history';
import { ANY_DRIVER } from './concurrent/buckets';
import { KeptCrashes } from './concurrent/kept-crashes';
import { type OtherStops, otherStopsOf } from './other-stops';
import { type BenignUpdate, nullRatioOf } from './history/benign-ratio';
import type { PastHours } from './history/crash-hours';
import type { FleetReports } from './history/history-evidence';
import { KEPT_MS, Reports } from './history/reports';
import type { DetectionPolicy } from './policy';
import type { KeptSample, SampledEvidence } from './silence/signs';
import { type SilenceRound, sortRound } from './silence/silence';
import { Silences } from './silence/silences';
import { UpdatesUnderWatch } from './updates-under-watch';
import { WatchedUpdate, startOf } from './watched-update';

/**
 * All updates under watch and the hosts that crashed: the detector's memory. It is a function of the evidence absorbed so
 * far, in whatever order and portions it came, and can be built again from the store at any time.
 */
export class Watch implements FleetReports {
  private readonly watched = new UpdatesUnderWatch();
  readonly updates: ReadonlyMap<string, WatchedUpdate> = this.watched.byKey;
  /** Rises with whatever may change a figure: what was answered before it rose still holds. */
  revision = 0;
  readonly silences = new Silences();
  private readonly hosts = new Map<string, HostHistory>();
  private readonly keptCrashes = new KeptCrashes();
  /** Those of them of which a channel or an apply is known: the others have nothing to say of any update. */
  private readonly speaking = new Map<string, HostHistory>();
  /** Those of them that stopped in a way that is no driver's fault. */
  private readonly stopped = new Set<HostHistory>();
  private readonly adoption = new Adoption(this.watched);
  /** What crash reports tell by themselves. */
  readonly reports = new Reports(this.hosts, this.keptCrashes);
  /** The drivers that crashed hosts in what was absorbed last. */
  crashedDrivers: ReadonlySet<string> = new Set();
  private since = -Infinity;
  private forgottenBefore = -Infinity;
  private readonly benign: BenignUpdate[] = [];
  private earlyActions: VendorAction[] = [];

  constructor(readonly policy: DetectionPolicy) {}

  /** Takes in what updates did that had no incident; updates that are heard of later may do as much. */
  learn(benign: readonly BenignUpdate[]): void {
    this.revision++;
    this.benign.push(...benign);
  }

  /** Takes over how many hosts crashed in the hours before the first crash that is absorbed. */
  remember(past: PastHours): void {
    this.revision++;
    this.reports.remember(past);
  }

  /**
   * Takes evidence in; gives the updates whose crashed hosts changed or of which the vendor spoke, in the order of their
   * keys. Hosts are counted only when all else is in, so that the order within a batch does not matter.
   */
  absorb(batch: EvidenceBatch): WatchedUpdate[] {
    if (Object.values(batch).some((rows: unknown[]) => rows.length > 0)) this.revision++;
    const added = new Set(batch.updates.flatMap((known) => this.watch(known) ?? []));
    const touched = this.addActions(batch.actions, added);
    this.adoption.add(batch);
    this.adoption.addAwake(batch.awake);
    const { changed, drivers } = this.addToHosts(batch);
    this.crashedDrivers = drivers;
    for (const watched of added)
      for (const [hostId, host] of this.speaking) if (host.speaksOf(watched)) this.recount(watched, hostId, touched);
    for (const hostId of changed)
      for (const watched of this.watched.of(this.hosts.get(hostId)!))
        if (!added.has(watched)) this.recount(watched, hostId, touched);
    if (drivers.size > 0)
      for (const watched of this.updates.values()) if (watched.isLoadedByOneOf(drivers)) touched.add(watched);
    return [...touched].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private recount(watched: WatchedUpdate, hostId: string, touched: Set<WatchedUpdate>): void {
    if (watched.recount(hostId, this.hosts.get(hostId)!)) touched.add(watched);
  }

  /**
   * Takes in the signs of life that arrived in the minute before `now`, once what else arrived by then is absorbed. Gives the
   * hosts that fell silent, where any did: what a detector that starts anew has to be told.
   */
  review(evidence: SampledEvidence, now: number): SilenceRound | undefined {
    const round = this.silences.review(evidence, this.watched.inOrder(), now);
    this.hearOfReturns();
    if (round) this.addRound(round);
    return round;
  }

  private hearOfReturns(): void {
    for (const silence of this.silences.takeReturned()) {
      this.revision++;
      for (const channel of silence.channels)
        for (const watched of this.watched.on(channel)) watched.silence.cameBackNow(silence);
    }
  }

  private addRound(round: SilenceRound): void {
    this.revision++;
    const sorted = sortRound(round);
    for (const key of sorted.exposures.keys()) this.updates.get(key)?.silence.add(sorted);
  }

  /** Goes on from a sample as it was kept, with the channels and applies of its hosts by then; signs come with `repeatReview`. */
  resume(kept: KeptSample, known: SampledEvidence): void {
    this.silences.resume(kept, known, this.watched.inOrder());
    this.hearOfReturns();
  }

  /** Takes in the signs of a minute whose review is over: what it found comes with `keep`, once all minutes are in. */
  repeatReview(evidence: SampledEvidence, now: number): void {
    this.silences.repeat(evidence, this.watched.inOrder(), now);
    this.hearOfReturns();
  }

  /** Adds what a review found, in the order of reviews. */
  keep(round: SilenceRound): void {
    this.silences.keep(round);
    this.addRound(round);
  }

  /** Of the sampled hosts that run the channels of these updates under watch those that are awake at `now`. */
  countAwake(updates: ReadonlyArray<{ update: Update }>, { now, since }: { now: number; since: number }): AwakeHosts[] {
    if (updates.length === 0) return [];
    const keys = updates.map(({ update }) => updateKey(update)).sort();
    const watched = keys.flatMap((key) => this.updates.get(key) ?? []);
    const counted = this.silences.sample.awake(watched, now);
    return watched.flatMap(({ key, update }) =>
      [...counted.get(key)!].map(([stratum, count]) => ({
        update,
        stratum,
        ...count,
        occurredAt: since,
        receivedAt: now,
      })),
    );
  }

  /** Counts of hosts that are awake change what crashes are compared with. */
  addAwake(counted: readonly AwakeHosts[]): void {
    if (counted.length > 0) this.revision++;
    this.adoption.addAwake(counted);
  }

  /** Stops watching what was first heard of before this arrival time, and gives it in the order of the keys. */
  expire(since: number): WatchedUpdate[] {
    if (since <= this.since) return [];
    this.revision++;
    const expired: WatchedUpdate[] = [];
    this.since = since;
    for (const [key, watched] of this.updates) {
      if (watched.firstReceivedAt >= since) continue;
      expired.push(watched);
      this.watched.delete(watched);
      this.silences.sample.forgetUpdate(key);
    }
    this.earlyActions = this.earlyActions.filter(({ receivedAt }) => receivedAt >= since);
    return expired.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /**
   * Lets go of crashes that speak of no update under watch, and of hosts without any. It changes no figure, but it may only
   * be called between portions: within one, hosts are already known whose crash, or whose update, is still to come.
   */
  forget(): void {
    const kept = this.since === -Infinity ? Infinity : this.decidedHour() - KEPT_MS;
    const needed = Math.min(this.neededSince(), kept);
    if (needed <= this.forgottenBefore) return;
    this.forgottenBefore = needed;
    this.revision++;
    for (const [hostId, host] of this.hosts) {
      if (!host.forgetBefore(needed)) continue;
      this.hosts.delete(hostId);
      this.speaking.delete(hostId);
    }
    this.keptCrashes.forgetWords();
    for (const host of this.stopped) if (host.otherStops.length === 0) this.stopped.delete(host);
    this.reports.forget(needed, this.since);
  }

  /** The hour (its start, ms) that is being decided: arrival time goes on where no crash arrives. */
  private decidedHour(): number {
    return this.since + this.policy.watchMs;
  }

  /** Up to when (arrival time, ms) it is known who crashed. */
  crashesKnownUntil(): number {
    return this.reports.knownUntil(this.decidedHour());
  }

  /** Has any host told within the watch that it applied an update of this channel? */
  tellsInstalls(channel: string): boolean {
    return this.adoption.toldAt(channel) >= this.since;
  }

  /** Crashes that arrived before this speak of no update under watch. */
  neededSince(): number {
    return Math.min(Infinity, ...[...this.updates.values()].map(({ startedAt }) => startedAt)) - BEFORE_START_MS;
  }

  /** The same for updates that are about to come under watch. */
  neededSinceFor(updates: readonly KnownUpdate[]): number {
    return Math.min(Infinity, ...updates.map(startOf)) - BEFORE_START_MS;
  }

  /**
   * Distinct hosts that stopped after they had applied an update, in a way that is no driver's fault, by kind. They never
   * count against it.
   */
  otherStops(watched: WatchedUpdate): OtherStops {
    return otherStopsOf(this.stopped, watched);
  }

  /** Crashes of hosts, with what else is known of each. */
  host(hostId: string): HostHistory | undefined {
    return this.hosts.get(hostId);
  }

  /**
   * Crashed hosts of a bucket since an update started, and those of them of which it is known whether they run its channel:
   * the rest could not be compared.
   */
  comparable(watched: WatchedUpdate, bucket: string): { crashed: number; known: number } {
    const counts = { crashed: 0, known: 0 };
    const hosts = bucket === ANY_DRIVER ? this.hosts.values() : this.reports.hostsOf(bucket).map(([, host]) => host);
    for (const host of hosts) {
      const crash = host
        .crashesSince(watched.startedAt)
        .find((each) => isWithin(each, watched) && (bucket === ANY_DRIVER || each.driver === bucket));
      if (!crash) continue;
      counts.crashed++;
      if (host.ranChannel(watched.channel, crash) || host.appliedAt(watched.key) !== undefined) counts.known++;
    }
    return counts;
  }

  private watch(known: KnownUpdate): WatchedUpdate | undefined {
    const { update } = known;
    const key = updateKey(update);
    if (this.updates.has(key)) return undefined;
    const nullRatio = nullRatioOf(update.channel, this.benign, known.receivedAt, this.policy);
    const watched = new WatchedUpdate(known, this.adoption.eligibleOn(update.channel), this, nullRatio, this.policy);
    this.watched.add(watched);
    for (const crash of this.reports.naming(update.channel)) watched.learnOwner(crash);
    return watched;
  }

  /** What the vendor says of an update that nobody has heard of yet is kept until somebody has. */
  private addActions(actions: readonly VendorAction[], added: ReadonlySet<WatchedUpdate>): Set<WatchedUpdate> {
    const touched = new Set<WatchedUpdate>();
    for (const action of actions) {
      const watched = this.updates.get(updateKey(action.update));
      if (!watched) this.earlyActions.push(action);
      else if (watched.take(action)) touched.add(watched);
    }
    for (const action of this.earlyActions) {
      const watched = this.updates.get(updateKey(action.update));
      if (watched && added.has(watched) && watched.take(action)) touched.add(watched);
    }
    return touched;
  }

  /** Gives the hosts of which anything was told, and the drivers of crashes that are news. */
  private addToHosts({ hostChannels, hostApplies, crashes }: EvidenceBatch) {
    const [changed, drivers] = [new Set<string>(), new Set<string>()];
    for (const { hostId, channel, occurredAt, receivedAt } of hostChannels) {
      this.speakingHost(hostId).addChannel(channel, occurredAt, receivedAt);
      changed.add(hostId);
    }
    for (const { hostId, update, occurredAt } of hostApplies) {
      this.speakingHost(hostId).addApply(updateKey(update), occurredAt);
      changed.add(hostId);
    }
    for (const crash of [...crashes].sort(byArrival)) {
      const host = this.hostOf(crash.hostId);
      if (!host.addStop(crash)) continue;
      if (stopKind(crash.stopCode) !== 'crash') {
        this.stopped.add(host);
        continue;
      }
      changed.add(crash.hostId);
      drivers.add(crash.driver);
      this.reports.add(crash);
      for (const watched of this.watched.on(crash.channel)) watched.learnOwner(crash);
    }
    return { changed, drivers };
  }

  private speakingHost(hostId: string): HostHistory {
    const host = this.hostOf(hostId);
    this.speaking.set(hostId, host);
    return host;
  }

  private hostOf(hostId: string): HostHistory {
    let host = this.hosts.get(hostId);
    if (!host) this.hosts.set(hostId, (host = new HostHistory(this.keptCrashes)));
    return host;
  }
}

/** Of two reports with one id the first to arrive stays; where they came at once, any fixed choice will do. */
function byArrival(a: Crash, b: Crash): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt - b.receivedAt;
  if (a.eventId !== b.eventId) return a.eventId < b.eventId ? -1 : 1;
  return a.occurredAt - b.occurredAt || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
