import {
  ClickHouseClient,
  appliedHosts,
  arrivedIncidentActions,
  crashHours,
  crashes,
  eligibleHosts,
  hostApplies,
  hostChannels,
  knownUpdates,
  notedAwakeHosts,
  vendorActions,
} from '@ringwatch/clickhouse';
import {
  EARLY_ACTION_MS,
  type EvidenceBatch,
  HISTORY_HOURS,
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
    // What was concluded at the tick itself was absorbed with it.
    const awake = await notedAwakeHosts(this.db, { since, until: tick + 1 });
    return { ...(await this.load(since, tick, tick)), awake };
  }

  /** How many hosts crashed in the hours before those of which `history` has each crash; `updates` are those of `history`. */
  async pastHours(tick: number, updates: readonly KnownUpdate[]): Promise<PastHours> {
    const until = detailSince(this.neededSince(tick, updates));
    const since = detailSince(watchedSince(tick, this.watch)) - HISTORY_HOURS * HOUR_MS - BEFORE_WATCH_MS;
    return { until: hourOf(until), counts: await crashHours(this.db, { since, until: tick }) };
  }

  /** What arrived from `since` on and before `until`. */
  async arrived(since: number, until: number): Promise<ArrivedEvidence> {
    const incidentActions = await arrivedIncidentActions(this.db, { since, until });
    return { ...(await this.load(since, until, since)), incidentActions };
  }

  private async load(
    since: number,
    until: number,
    crashesFrom: number,
  ): Promise<Omit<ArrivedEvidence, 'incidentActions'>> {
    const window = { since, until };
    const updates = await knownUpdates(this.db, window);
    const isHistory = crashesFrom === until;
    const actionsSince = isHistory ? since - EARLY_ACTION_MS : since;
    const [actions, applied] = await Promise.all([
      vendorActions(this.db, { since: actionsSince, until }),
      appliedHosts(this.db, window),
    ]);
    const before = new Set([...this.watch.updates.values()].map(({ channel }) => channel));
    const added = [...new Set(updates.map(({ update }) => update.channel))].filter((channel) => !before.has(channel));
    const eligible = await this.loadEligible([...before, ...added], until);
    const stops = await this.loadCrashes(updates, { since: crashesFrom, until }, { before: [...before], added });
    return { updates, actions, applied, eligible, ...stops };
  }

  private async loadEligible(channels: readonly string[], until: number): Promise<EvidenceBatch['eligible']> {
    const fullMinute = Math.floor(until / REVIEW_EVERY_MS) * REVIEW_EVERY_MS;
    const bySince = new Map<number, string[]>();
    for (const channel of channels) {
      const since = this.eligibleUntil.get(channel) ?? 0;
      if (since < fullMinute) bySince.set(since, [...(bySince.get(since) ?? []), channel]);
    }
    const parts = await Promise.all(
      [...bySince].map(([since, their]) => eligibleHosts(this.db, their, { since, until: fullMinute })),
    );
    for (const channel of channels)
      this.eligibleUntil.set(channel, Math.max(fullMinute, this.eligibleUntil.get(channel) ?? 0));
    return parts.flat();
  }

  private async loadCrashes(
    updates: readonly KnownUpdate[],
    { since, until }: { since: number; until: number },
    channels: { before: string[]; added: string[] },
  ): Promise<Pick<EvidenceBatch, 'crashes' | 'hostApplies' | 'hostChannels'>> {
    const needed = this.neededSince(since, updates);
    const from = since === until ? detailSince(needed) - CLOCK_AHEAD_MS : since;
    const [stops, applies, channelsBefore, channelsAdded] = await Promise.all([
      crashes(this.db, { since: from, until }),
      hostApplies(this.db, { since: from, until, crashedSince: needed }),
      hostChannels(this.db, channels.before, { since: from, until }),
      hostChannels(this.db, channels.added, { since: Math.min(needed, since), until }),
    ]);
    return { crashes: stops, hostApplies: applies, hostChannels: [...channelsBefore, ...channelsAdded] };
  }

  /** Crashes that arrived before this are not needed one by one: of updates under watch, and for what is usual. */
  private neededSince(tick: number, updates: readonly KnownUpdate[]): number {
    const kept = Math.floor(tick / HOUR_MS) * HOUR_MS - KEPT_MS;
    return Math.min(this.watch.neededSince(), this.watch.neededSinceFor(updates), kept);
  }
}
