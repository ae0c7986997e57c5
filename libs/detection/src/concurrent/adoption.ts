import { updateKey } from '@ringwatch/rollout';
import type { AppliedHosts, AwakeHosts, EligibleHosts } from '../evidence';
import type { UpdatesUnderWatch } from '../updates-under-watch';
import type { WatchedUpdate } from '../watched-update';
import { StratumCurves, binOf, stratumOf } from './curve';

/** Who runs which channel, who took which update, and who is awake: what crashes are compared with. */
export class Adoption {
  private readonly eligible = new Map<string, StratumCurves>();
  private readonly installsToldAt = new Map<string, number>();

  constructor(private readonly updates: UpdatesUnderWatch) {}

  /** Each update hears once of what changed, however many rows say so. */
  add({ eligible, applied }: { eligible: readonly EligibleHosts[]; applied: readonly AppliedHosts[] }): void {
    const changed = new FirstBins();
    for (const counted of eligible) this.addEligible(counted, changed);
    for (const counted of applied) this.addApplied(counted, changed);
    changed.tell();
  }

  addAwake(counted: readonly AwakeHosts[]): void {
    const changed = new FirstBins();
    for (const { update, stratum, occurredAt, untouched, taken } of counted) {
      const watched = this.updates.get(updateKey(update));
      if (watched) changed.note(watched, watched.awake.add(stratum, binOf(occurredAt), { untouched, taken }));
    }
    changed.tell();
  }

  /** When the last install on a channel was told (arrival time, ms). */
  toldAt(channel: string): number {
    return this.installsToldAt.get(channel) ?? -Infinity;
  }

  eligibleOn(channel: string): StratumCurves {
    let curves = this.eligible.get(channel);
    if (!curves) this.eligible.set(channel, (curves = new StratumCurves()));
    return curves;
  }

  private addEligible({ channel, osBuild, country, occurredAt, hosts }: EligibleHosts, changed: FirstBins): void {
    const bin = binOf(occurredAt);
    this.eligibleOn(channel).add(stratumOf(osBuild, country), bin, hosts);
    for (const watched of this.updates.on(channel)) changed.note(watched, bin);
  }

  private addApplied(
    { update, osBuild, country, occurredAt, receivedAt, hosts }: AppliedHosts,
    changed: FirstBins,
  ): void {
    this.installsToldAt.set(update.channel, Math.max(this.toldAt(update.channel), receivedAt));
    const watched = this.updates.get(updateKey(update));
    if (!watched) return;
    const bin = binOf(occurredAt);
    watched.applied.add(stratumOf(osBuild, country), bin, hosts);
    watched.lastApplyReceivedAt = Math.max(watched.lastApplyReceivedAt, receivedAt);
    changed.note(watched, bin);
  }
}

/** From which bin on the denominators of updates changed. */
class FirstBins {
  private readonly bins = new Map<WatchedUpdate, number>();

  note(watched: WatchedUpdate, bin: number): void {
    const before = this.bins.get(watched);
    if (before === undefined || bin < before) this.bins.set(watched, bin);
  }

  tell(): void {
    for (const [watched, bin] of this.bins) watched.denominatorsChanged(bin);
  }
}
