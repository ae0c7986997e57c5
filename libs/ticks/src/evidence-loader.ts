import {
  ClickHouseClient,
  adoptedUpdates,
  appliedHosts,
  type ArrivalWindow,
  arrivedIncidentActions,
  channelHosts,
  crashHours,
  crashes,
  eligibleHosts,
  hostApplies,
  hostChannels,
  hostsOnChannels,
  knownUpdates,
  notedAwakeHosts,
  vendorActions,
} from '@ringwatch/clickhouse';
import {
  EARLY_ACTION_MS,
  type EvidenceBatch,
  HISTORY_HOURS,
  type HostChannel,
  KEPT_MS,
  type KnownUpdate,
  type PastHours,
  type Watch,
  hourOf,
} from '@ringwatch/detection';
import { REVIEW_EVERY_MS } from '@ringwatch/incident';
import type { ArrivedEvidence } from './portions';

const HOUR_MS = 60 * 60 * 1000;

/** The start of the watch at a tick: by the hour, so that a detector that starts anew watches what a running one does. */
export function watchedSince(tick: number, watch: Watch): number {
  return Math.floor(tick / HOUR_MS) * HOUR_MS - watch.policy.watchMs;
}

/** The hour (its start, ms) from which on single crashes are read, so that what was needed of them is whole. */
function detailSince(needed: number): number {
  return Math.floor(needed / HOUR_MS) * HOUR_MS;
}

/** The full minute of an instant. */
function fullMinute(instant: number): number {
  return Math.floor(instant / REVIEW_EVERY_MS) * REVIEW_EVERY_MS;
}

/** An update that is heard of later started at most a day before it was; and an hour for good measure. */
const MOST_TOLD_LATE_MS = 25 * HOUR_MS;
/** Of a channel with more hosts those that crashed are looked up; of others all are read, and those that crashed picked. */
const MOST_HOSTS_AT_ONCE = 50_000;
/** A crash by a clock that is further ahead is refused; and an hour for good measure. */
const MOST_AHEAD_MS = 25 * HOUR_MS;
/** Hosts' clocks may be so far ahead of arrival. */
const CLOCK_AHEAD_MS = 2 * 60_000;
/** Updates may have started a day before they were heard of, and history ends a day before that. */
const BEFORE_WATCH_MS = 72 * HOUR_MS;

/**
 * Reads what arrived in a span of arrival time, and what is needed of earlier times for updates that come under watch in
 * it. What it has read before, it does not read again.
 */
export class EvidenceLoader {
  /** Per channel: hosts that were known to run it are counted up to here (a full minute of arrival time). */
  private readonly eligibleUntil = new Map<string, number>();

  constructor(
    private readonly db: ClickHouseClient,
    private readonly watch: Watch,
  ) {}

  /** Everything that a detector has to know which starts at this tick. */
  async history(tick: number): Promise<EvidenceBatch> {
    const since = watchedSince(tick, this.watch);
    const window = { since, until: tick };
    const updates = await knownUpdates(this.db, window);
    const channels = [...new Set(updates.map(({ update }) => update.channel))];
    const [awake, actions, applied] = await Promise.all([
      // What was concluded at the tick itself was absorbed with it.
      notedAwakeHosts(this.db, { since, until: tick + 1 }),
      vendorActions(this.db, { since: since - EARLY_ACTION_MS, until: tick }),
      adoptedUpdates(
        this.db,
        updates.map(({ update }) => update),
        window,
      ),
    ]);
    const floors = { receivedFloor: tick, occurredFloor: this.occurredFloor(tick, updates) };
    const eligible = await this.loadEligible(channels, tick, floors);
    const needed = this.neededSince(tick, updates);
    const from = detailSince(needed) - CLOCK_AHEAD_MS;
    const [stops, applies, runs] = await Promise.all([
      crashes(this.db, { since: from, until: tick, toldLateBefore: from + MOST_AHEAD_MS }),
      hostApplies(this.db, { since: from, until: tick }),
      hostChannels(this.db, channels, { since: Math.min(needed, tick), until: tick }),
    ]);
    return { awake, updates, actions, applied, eligible, crashes: stops, hostApplies: applies, hostChannels: runs };
  }

  /** How many hosts crashed in the hours before those of which `history` has each crash; `updates` are those of `history`. */
  async pastHours(tick: number, updates: readonly KnownUpdate[]): Promise<PastHours> {
    const until = detailSince(this.neededSince(tick, updates));
    const since = detailSince(watchedSince(tick, this.watch)) - HISTORY_HOURS * HOUR_MS - BEFORE_WATCH_MS;
    return { until: hourOf(until), counts: await crashHours(this.db, { since, until: tick }) };
  }

  /** What arrived from `since` on and before `until`. */
  async arrived(since: number, until: number): Promise<ArrivedEvidence> {
    const window = { since, until };
    const [incidentActions, updates, actions, { applied, hostApplies: toldLater }, stops, applies] = await Promise.all([
      arrivedIncidentActions(this.db, window),
      knownUpdates(this.db, window),
      vendorActions(this.db, window),
      // An install may be told later than the crash of its host.
      appliedHosts(this.db, window, (hostId) => this.hasCrashed(hostId)),
      // What happened later arrived first when crashes were kept, so that its copies are known.
      crashes(this.db, { ...window, toldLateBefore: detailSince(since) - KEPT_MS + MOST_AHEAD_MS }),
      hostApplies(this.db, window),
    ]);
    const before = new Set([...this.watch.updates.values()].map(({ channel }) => channel));
    const added = [...new Set(updates.map(({ update }) => update.channel))].filter((channel) => !before.has(channel));
    const needed = this.neededSince(since, updates);
    // What arrived in minutes that were over counts at the first tick, whenever that was.
    const floors = {
      receivedFloor: fullMinute(since) - REVIEW_EVERY_MS,
      occurredFloor: this.occurredFloor(since, updates),
    };
    const [eligible, runs, runsOfBefore] = await Promise.all([
      this.loadEligible([...before, ...added], until, floors),
      hostChannels(this.db, [...before, ...added], window),
      this.channelsOfCrashed(added, { since: Math.min(needed, since), until: since }),
    ]);
    const known = { updates, actions, applied, eligible };
    return {
      ...known,
      incidentActions,
      crashes: stops,
      hostApplies: [...toldLater, ...applies],
      hostChannels: [...runsOfBefore, ...runs],
    };
  }

  /** Which hosts run channels that come under watch, of those whose crash arrived in the window, before now. */
  private async channelsOfCrashed(channels: readonly string[], window: ArrivalWindow): Promise<HostChannel[]> {
    if (channels.length === 0) return [];
    const counts = await channelHosts(this.db, channels);
    const hosts = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (hosts > MOST_HOSTS_AT_ONCE) return hostChannels(this.db, channels, window);
    const known = await hostsOnChannels(this.db, channels, window.until);
    return known.filter(({ hostId }) => this.hasCrashed(hostId));
  }

  /** Since crashes are kept one by one. */
  private hasCrashed(hostId: string): boolean {
    return this.watch.host(hostId) !== undefined;
  }

  /** Hosts are compared at crashes since an update started, so whoever came earlier is only counted. */
  private occurredFloor(tick: number, updates: readonly KnownUpdate[]): number {
    return Math.min(this.watch.neededSince(), this.watch.neededSinceFor(updates), tick - MOST_TOLD_LATE_MS);
  }

  private async loadEligible(
    channels: readonly string[],
    until: number,
    floors: { receivedFloor: number; occurredFloor: number },
  ): Promise<EvidenceBatch['eligible']> {
    const end = fullMinute(until);
    const bySince = new Map<number, string[]>();
    for (const channel of channels) {
      const since = this.eligibleUntil.get(channel) ?? 0;
      if (since < end) bySince.set(since, [...(bySince.get(since) ?? []), channel]);
    }
    const parts = await Promise.all(
      [...bySince].map(([since, their]) => eligibleHosts(this.db, their, { since, until: end, ...floors })),
    );
    for (const channel of channels)
      this.eligibleUntil.set(channel, Math.max(end, this.eligibleUntil.get(channel) ?? 0));
    return parts.flat();
  }

  /** Crashes that arrived before this are not needed one by one: of updates under watch, and for what is usual. */
  private neededSince(tick: number, updates: readonly KnownUpdate[]): number {
    const kept = Math.floor(tick / HOUR_MS) * HOUR_MS - KEPT_MS;
    return Math.min(this.watch.neededSince(), this.watch.neededSinceFor(updates), kept);
  }
}
