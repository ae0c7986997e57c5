import {
  type ClickHouseClient,
  firstArrival,
  knownHosts,
  notedSample,
  notedSilences,
  sampledApplies,
  sampledChannels,
  sampledSigns,
} from '@ringwatch/clickhouse';
import { type KnownUpdate, MOST_SAMPLED_HOSTS, type SampledEvidence, type Watch } from '@ringwatch/detection';
import { REVIEW_EVERY_MS } from '@ringwatch/incident';
import type { Notes } from './notes';

const HOUR_MS = 60 * 60_000;
/** How often it is counted which hosts are awake, in arrival time: a night falls over a region in hours. */
const COUNT_EVERY_MS = 30 * 60_000;
/** How often the sample is noted: a detector that starts anew reads so much again at most. */
const NOTE_EVERY_MS = HOUR_MS;
/** Where no note is that new, the signs of a day and two hours are read: all that a night's sleepers need. */
const WITHOUT_NOTE_MS = 26 * HOUR_MS;
/** So much is read at once. */
const PORTION_MS = HOUR_MS;

/** What arrived from the sample, by the start of the minute. */
type Minutes = Map<number, SampledEvidence>;

/**
 * Reads the signs of life of a sample of hosts and reviews, at each full minute of arrival time, who fell silent. What is
 * concluded from them is noted: a detector that starts anew cannot read it again, since heartbeats are not kept for so long.
 */
export class SignsOfLife {
  private minutes: Minutes = new Map();
  /** Up to here the signs are read, a full minute. */
  private readUntil = -Infinity;

  constructor(
    private readonly db: ClickHouseClient,
    private readonly watch: Watch,
    private readonly notes: Notes,
  ) {}

  /** Builds the sample as it was at a tick; all else that a detector knows at that tick is absorbed already. */
  async resume(tick: number, watchedSince: number): Promise<void> {
    const until = fullMinute(tick);
    const kept = await this.keptAt(tick, until);
    await this.restoreBefore(kept, { since: watchedSince, until: kept.notedAt });
    for (let since = kept.notedAt; since < until; since += PORTION_MS) {
      const minutes = await this.load(since, Math.min(until, since + PORTION_MS));
      for (const [start, evidence] of minutes) this.watch.repeatReview(evidence, start + REVIEW_EVERY_MS);
    }
    // What was found at the tick itself belongs to it.
    for (const round of await notedSilences(this.db, { since: watchedSince, until: tick + 1 })) this.watch.keep(round);
    this.readUntil = until;
  }

  /** Reads what arrived in the full minutes that end by `until`; gives how many rows that were. */
  async read(until: number): Promise<number> {
    const end = fullMinute(until);
    if (end <= this.readUntil) return 0;
    this.minutes = await this.load(this.readUntil, end);
    this.readUntil = end;
    let rows = 0;
    for (const { signs, channels, applies } of this.minutes.values())
      rows += signs.length + channels.length + applies.length;
    return rows;
  }

  /** Concludes at a tick: reviews who is silent, and counts who is awake; `added` are the updates that came under watch at it. */
  conclude(tick: number, added: readonly KnownUpdate[]): void {
    if (tick % REVIEW_EVERY_MS === 0) this.review(tick);
    this.countAwake(tick, added);
    // Of the full hours of a turn the last is noted.
    if (tick % NOTE_EVERY_MS === 0 && tick + NOTE_EVERY_MS > this.readUntil)
      this.notes.sample = { kept: this.watch.silences.sample.toKeep(), tick };
  }

  private review(tick: number): void {
    const evidence = this.minutes.get(tick - REVIEW_EVERY_MS);
    this.minutes.delete(tick - REVIEW_EVERY_MS);
    const round = this.watch.review(evidence ?? nothing, tick);
    if (round) this.notes.silences.push(round);
  }

  /** A count speaks of the time since the one before it; of an update that is new there is none. */
  private countAwake(tick: number, added: readonly KnownUpdate[]): void {
    const isDue = tick % COUNT_EVERY_MS === 0;
    if (!isDue && added.length === 0) return;
    const known = isDue ? [...this.watch.updates.values()] : [];
    const counted = [
      ...this.watch.countAwake(known, { now: tick, since: tick - COUNT_EVERY_MS }),
      ...this.watch.countAwake(added, { now: tick, since: tick }),
    ];
    this.watch.addAwake(counted);
    this.notes.awake.push(...counted);
  }

  private async keptAt(tick: number, until: number) {
    const kept = await notedSample(this.db, { since: until - WITHOUT_NOTE_MS, until });
    if (kept) return kept;
    const [hosts, first] = await Promise.all([knownHosts(this.db, tick), firstArrival(this.db)]);
    // Rather too many hosts than too few: the sample thins itself out.
    const level = Math.max(0, Math.floor(Math.log2(hosts / MOST_SAMPLED_HOSTS)));
    return {
      level,
      lives: [],
      notedAt: Math.min(until, Math.max(until - WITHOUT_NOTE_MS, fullMinute(first ?? until))),
    };
  }

  /** The sample as it was kept, with what its hosts ran and had taken by then. */
  private async restoreBefore(
    kept: Awaited<ReturnType<SignsOfLife['keptAt']>>,
    { since, until }: { since: number; until: number },
  ): Promise<void> {
    const { level } = kept;
    const [channels, applies] = await Promise.all([
      sampledChannels(this.db, { since: 0, until, level }),
      sampledApplies(this.db, { since, until, level }),
    ]);
    this.watch.resume(kept, { signs: [], channels, applies });
  }

  private async load(since: number, until: number): Promise<Minutes> {
    const window = { since, until, level: this.watch.silences.sample.level };
    const [signs, channels, applies] = await Promise.all([
      sampledSigns(this.db, window),
      sampledChannels(this.db, window),
      sampledApplies(this.db, window),
    ]);
    const minutes: Minutes = new Map();
    for (let start = since; start < until; start += REVIEW_EVERY_MS) {
      minutes.set(start, { signs: [], channels: [], applies: [] });
    }
    for (const each of signs) minutes.get(fullMinute(each.receivedAt))!.signs.push(each);
    for (const each of channels) minutes.get(fullMinute(each.receivedAt))!.channels.push(each);
    for (const each of applies) minutes.get(fullMinute(each.receivedAt))!.applies.push(each);
    return minutes;
  }
}

const nothing: SampledEvidence = { signs: [], channels: [], applies: [] };

function fullMinute(instant: number): number {
  return Math.floor(instant / REVIEW_EVERY_MS) * REVIEW_EVERY_MS;
}
