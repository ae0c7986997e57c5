import { stopKind } from '@ringwatch/bugcheck';
import { updateKey } from '@ringwatch/rollout';
import { StratumCurves, binOf, stratumOf } from './curve';
import type { AppliedHosts, Crash, EligibleHosts, EvidenceBatch, HostApply, KnownUpdate } from './evidence';
import { BEFORE_START_MS, HostHistory } from './host-history';
import type { DetectionPolicy } from './policy';
import { WatchedUpdate } from './watched-update';

/**
 * All updates under watch and the hosts that crashed: the detector's memory. It is a function of the evidence absorbed so
 * far, in whatever order and portions it came, and can be built again from the store at any time.
 */
export class Watch {
  readonly updates = new Map<string, WatchedUpdate>();
  private readonly hosts = new Map<string, HostHistory>();
  private readonly eligible = new Map<string, StratumCurves>();
  private since = -Infinity;

  constructor(readonly policy: DetectionPolicy) {}

  /** Takes evidence in; gives the updates whose crashed hosts changed, in the order of their keys. */
  absorb(batch: EvidenceBatch): WatchedUpdate[] {
    const touched = new Set<WatchedUpdate>();
    for (const known of batch.updates) this.watch(known);
    for (const action of batch.actions) {
      const watched = this.updates.get(updateKey(action.update));
      watched?.take(action);
      if (watched) touched.add(watched);
    }
    for (const counted of batch.eligible) this.addEligible(counted);
    for (const counted of batch.applied) this.addApplied(counted);
    for (const { hostId, channel, occurredAt, receivedAt } of batch.hostChannels) {
      this.hostOf(hostId).addChannel(channel, occurredAt, receivedAt);
    }
    this.addHostEvents(batch.hostApplies, batch.crashes, touched);
    return [...touched].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Stops watching what was first heard of before this arrival time. */
  expire(since: number): void {
    if (since <= this.since) return;
    this.since = since;
    for (const [key, { firstReceivedAt }] of this.updates) if (firstReceivedAt < since) this.updates.delete(key);
    const needed = this.neededSince();
    for (const [hostId, host] of this.hosts) if (host.forgetBefore(needed)) this.hosts.delete(hostId);
  }

  /** Crashes that arrived before this speak of no update under watch. */
  neededSince(): number {
    return this.neededSinceFor([...this.updates.values()].map(({ startedAt }) => ({ occurredAt: startedAt })));
  }

  /** The same for updates that are about to come under watch. */
  neededSinceFor(updates: ReadonlyArray<{ occurredAt: number }>): number {
    return Math.min(Infinity, ...updates.map(({ occurredAt }) => occurredAt)) - BEFORE_START_MS;
  }

  /** Crashes of hosts, with what else is known of each. */
  host(hostId: string): HostHistory | undefined {
    return this.hosts.get(hostId);
  }

  private watch({ update, receivedAt, occurredAt }: KnownUpdate): void {
    const key = updateKey(update);
    if (this.updates.has(key)) return;
    const watched = new WatchedUpdate(update, receivedAt, occurredAt, this.eligibleOn(update.channel), this.policy);
    this.updates.set(key, watched);
    for (const [hostId, host] of this.hosts) {
      for (const crash of host.crashes) watched.learnOwner(crash);
      watched.recount(hostId, host);
    }
  }

  private addEligible({ channel, osBuild, country, occurredAt, hosts }: EligibleHosts): void {
    const bin = binOf(occurredAt);
    this.eligibleOn(channel).add(stratumOf(osBuild, country), bin, hosts);
    for (const watched of this.updates.values()) if (watched.channel === channel) watched.denominatorsChanged(bin);
  }

  private addApplied({ update, osBuild, country, occurredAt, hosts }: AppliedHosts): void {
    const watched = this.updates.get(updateKey(update));
    if (!watched) return;
    const bin = binOf(occurredAt);
    watched.applied.add(stratumOf(osBuild, country), bin, hosts);
    watched.denominatorsChanged(bin);
  }

  private addHostEvents(applies: HostApply[], crashes: Crash[], touched: Set<WatchedUpdate>): void {
    const changed = new Set<string>();
    for (const { hostId, update, occurredAt } of applies) {
      this.hostOf(hostId).addApply(updateKey(update), occurredAt);
      changed.add(hostId);
    }
    for (const crash of crashes) {
      if (stopKind(crash.stopCode) !== 'crash') continue;
      this.hostOf(crash.hostId).addCrash(crash);
      changed.add(crash.hostId);
      for (const watched of this.updates.values()) watched.learnOwner(crash);
    }
    for (const hostId of changed) {
      const host = this.hostOf(hostId);
      for (const watched of this.updates.values()) if (watched.recount(hostId, host)) touched.add(watched);
    }
  }

  private hostOf(hostId: string): HostHistory {
    let host = this.hosts.get(hostId);
    if (!host) this.hosts.set(hostId, (host = new HostHistory()));
    return host;
  }

  private eligibleOn(channel: string): StratumCurves {
    let curves = this.eligible.get(channel);
    if (!curves) this.eligible.set(channel, (curves = new StratumCurves()));
    return curves;
  }
}
