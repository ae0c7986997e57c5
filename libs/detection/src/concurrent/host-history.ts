import { stopKind } from '@ringwatch/bugcheck';
import type { Crash } from '../evidence';
import { bucketsOf } from './buckets';
import { binOf, stratumOf } from './curve';
import { type KeptCrashes, NO_CRASH } from './kept-crashes';

const none: readonly Crash[] = [];

/** What is known of one host that stopped. There may be millions: of what a host lacks nothing is kept. */
export class HostHistory {
  /** The chain of its crashes that may be a driver's fault. */
  private newest = NO_CRASH;
  /** Manual stops, live dumps and hardware errors: shown, never counted against an update. */
  otherStops = none;
  private applies: Map<string, number> | undefined;
  private channels: Map<string, { occurredAt: number; receivedAt: number }> | undefined;

  constructor(private readonly kept: KeptCrashes) {}

  /** False when a stop with this id is known already. */
  addStop(stop: Crash): boolean {
    const isKnown = ({ eventId }: Crash) => eventId === stop.eventId;
    if (this.kept.has(this.newest, stop.eventId) || this.otherStops.some(isKnown)) return false;
    if (stopKind(stop.stopCode) === 'crash') this.newest = this.kept.add(this.newest, stop);
    else this.otherStops = this.otherStops.concat(stop);
    return true;
  }

  /** Its crashes that may be a driver's fault and did not occur before an instant (ms), in order of event time. */
  crashesSince(occurredAt: number): Crash[] {
    return this.kept.since(this.newest, occurredAt);
  }

  /** The first of them by one driver. */
  firstCrashSince(occurredAt: number, driver: string): Crash | undefined {
    return this.kept.firstSince(this.newest, occurredAt, driver);
  }

  addApply(updateKey: string, occurredAt: number): void {
    (this.applies ??= new Map()).set(updateKey, occurredAt);
  }

  addChannel(channel: string, occurredAt: number, receivedAt: number): void {
    (this.channels ??= new Map()).set(channel, { occurredAt, receivedAt });
  }

  /** Forgets what arrived before this time. True when nothing is left. */
  forgetBefore(receivedAt: number): boolean {
    const isKept = (stop: Crash) => stop.receivedAt >= receivedAt;
    this.newest = this.kept.forget(this.newest, receivedAt);
    if (!this.otherStops.every(isKept)) this.otherStops = this.otherStops.filter(isKept);
    return this.newest === NO_CRASH && this.otherStops.length === 0;
  }

  /** The updates that it has applied, by their keys, and the channels that it is known to run. */
  appliedKeys(): Iterable<string> {
    return this.applies?.keys() ?? [];
  }

  ranChannels(): Iterable<string> {
    return this.channels?.keys() ?? [];
  }

  /** Can it add anything to an update: does it run the channel, or has it applied it? */
  speaksOf({ key, channel }: WatchedSince): boolean {
    return this.channels?.has(channel) === true || this.applies?.has(key) === true;
  }

  appliedAt(updateKey: string): number | undefined {
    return this.applies?.get(updateKey);
  }

  /** Could this crash have been compared: was the host known to run the channel when the crash happened and was told? */
  ranChannel(channel: string, crash: Crash): boolean {
    const known = this.channels?.get(channel);
    return known !== undefined && known.occurredAt <= crash.occurredAt && known.receivedAt <= crash.receivedAt;
  }
}

/** What one host adds to one bucket of one update: its first crash since the update started. */
export interface Contribution {
  bucket: string;
  stratum: string;
  bin: number;
  /** Bins from applying to the crash; undefined where the host had not applied the update. */
  ageBins: number | undefined;
  crash: Crash;
}

export interface WatchedSince {
  key: string;
  channel: string;
  startedAt: number;
}

/** A crash that was told so long before an update started cannot speak of it, whatever its host's clock says. */
export const BEFORE_START_MS = 60 * 60 * 1000;

/** Does this crash fall into the time in which the update is watched? */
export function isWithin(crash: Crash, { startedAt }: WatchedSince): boolean {
  return crash.occurredAt >= startedAt && crash.receivedAt >= startedAt - BEFORE_START_MS;
}

/**
 * A host counts once per bucket: with its first crash since the update started, on the side on which that crash found it. A
 * machine in a boot loop is one host, and what it did before it applied the update counts against neither side twice: were
 * a host to start afresh when it applies, the few machines that crash all the time would be used up among the controls and
 * new among the treated, and every slow rollout would look guilty.
 * It counts as treated only when its own install has arrived; what the crash report claims to run is for people. A host
 * that was not known to run the channel cannot be compared and adds nothing.
 */
export function contributionsOf(host: HostHistory, update: WatchedSince): Contribution[] {
  const appliedAt = host.appliedAt(update.key);
  const seen = new Set<string>();
  const contributions: Contribution[] = [];
  for (const crash of host.crashesSince(update.startedAt)) {
    if (!isWithin(crash, update)) continue;
    const buckets = bucketsOf(crash).filter((bucket) => !seen.has(bucket));
    for (const bucket of buckets) seen.add(bucket);
    const treated = appliedAt !== undefined && appliedAt <= crash.occurredAt;
    if (!treated && !host.ranChannel(update.channel, crash)) continue;
    const bin = binOf(crash.occurredAt);
    const ageBins = treated ? bin - binOf(appliedAt) : undefined;
    const stratum = stratumOf(crash.stratumOsBuild, crash.stratumCountry);
    for (const bucket of new Set(buckets)) contributions.push({ bucket, stratum, bin, ageBins, crash });
  }
  return contributions;
}
