import {
  type CrashedAfterApplying,
  type CrashesAfterUpdate,
  type DatedJudgement,
  type KnownUpdate,
  type UpdateFilters,
  type UpdatePosition,
  actionsOnUpdate,
  channelHosts,
  crashedAfterApplying,
  crashesAfterUpdate,
  latestJudgements,
  listIncidents,
  listUpdates,
  silenceAfterUpdate,
  storeStatus,
} from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { type Update, updateKey } from '@ringwatch/rollout';
import { z } from 'zod';
import { adoptionCurve, bucketFor } from './adoption-curve';
import type { ApiRequest } from './caller';
import { decodeCursor, pageOf } from './cursor';
import { Problem } from './problem';
import type { Store } from './store';
import type { UpdatesQuery } from './update-answers';
import { type Verdict, type VerdictReason, judgeUpdate, updatesNamedBy } from './verdict';
import { incidentEvidence, namingRate, rates, writeAction, writeJudgement, writeUpdate } from './write-update';

/** An incident in one of these states is still under way. */
const unresolvedStates = ['open', 'acknowledged', 'mitigating'];
const MAX_UNRESOLVED = 1_000;
const MAX_CURVE_POINTS = 10_001;
/** A rollout that moved within three days is under way: a weekend does not end it. */
const UNDER_WAY_MS = 3 * 86_400_000;

/** What a verdict says to those who may not see the figures of all. */
const plainWords: Record<VerdictReason, string> = {
  open_incident: 'an incident on it is under way',
  not_separable: 'it may be to blame in an incident that is under way',
  withdrawn: 'its vendor has withdrawn this update',
  insufficient_data: 'too few hosts have applied it yet',
  no_incident: 'enough hosts have applied it and no incident is open on it',
};

const positionShape = z.tuple([z.number().int(), z.string(), z.string()]);

/** Reads updates together with what happened to the hosts that applied them. */
export class Updates {
  constructor(
    private readonly store: Store,
    private readonly minHosts: number,
  ) {}

  /** As the caller of a request may see them: a key for some organisations gets the figures of their hosts alone. */
  for(request: ApiRequest): Updates {
    return new Updates(this.store.for(request), this.minHosts);
  }

  async list(query: UpdatesQuery) {
    const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
    const { orgs } = this.store;
    // Read once for both, so that every update of the answer has a verdict that was asked for.
    const unresolved = query.verdict.length > 0 ? await this.unresolved() : undefined;
    const filters = await this.filtersOf(query, unresolved);
    const found = await this.store.ask('list-updates', (db) =>
      listUpdates(db, { after, filters, orgs, maxRows: query.limit + 1 }),
    );
    const { page, nextCursor } = pageOf(found, query.limit, (last) => [
      last.firstHeardAt.getTime(),
      last.channel,
      last.version,
    ]);
    return { updates: await this.describe(page, { unresolved }), next_cursor: nextCursor };
  }

  /** @throws Problem 404 when nothing was heard of the update. */
  async look(update: Update, bucketSeconds?: number) {
    const [known] = await this.find(update);
    if (known === undefined)
      throw new Problem('not_found', `nothing was heard of update ${update.version} on channel ${update.channel}`);
    const bucket = bucketSeconds ?? (await this.bucketOf(known));
    const after = this.crashesAfter(update, { bucketSeconds: bucket, maxPoints: MAX_CURVE_POINTS });
    const crashed = after.then(({ crashedHosts }) => [{ ...update, crashedHosts }]);
    const [[summary], { namingHosts, points }, actions, silence] = await Promise.all([
      this.describe([known], { crashed }),
      after,
      this.store.ask('actions-on-update', (db) => actionsOnUpdate(db, update)),
      this.store.ask('silence-after-update', (db) =>
        silenceAfterUpdate(db, update, { bucketSeconds: bucket, maxPoints: MAX_CURVE_POINTS, orgs: this.store.orgs }),
      ),
    ]);
    return {
      ...summary!,
      ...namingRate(known, namingHosts),
      actions: actions.map(writeAction),
      bucket_seconds: bucket,
      curve: adoptionCurve(points, silence, bucket),
    };
  }

  /**
   * Never fails for an update that nobody has heard of: a gate wants an answer, and it is `hold`. The verdict rests on all
   * hosts, whoever asks; the figures beside it are those that the caller may see.
   */
  async judge(update: Update) {
    const [known, unresolved, [judgement]] = await Promise.all([
      this.find(update),
      this.unresolved(),
      this.judgements([update]),
    ]);
    const [crashes, fleet] = await Promise.all([this.crashesAfter(update), this.fleet([update], known)]);
    const verdict = this.verdictOn(update, fleet.get(updateKey(update)), unresolved);
    return {
      update_channel: update.channel,
      update_version: update.version,
      verdict: verdict.verdict,
      reason: verdict.reason,
      explanation: this.seesAll ? verdict.explanation : plainWords[verdict.reason],
      evidence: {
        ...rates(known[0], crashes),
        ...namingRate(known[0], crashes.namingHosts),
        min_applied_hosts: this.minHosts,
        judgement: writeJudgement(judgement),
        ...(this.seesAll ? incidentEvidence(verdict) : { incident: null }),
      },
    };
  }

  /** The verdict, where it is the one that opens the gate. @throws Problem 409 where it is another. */
  async pass(update: Update, wanted: 'go' | 'halt') {
    const answer = await this.judge(update);
    if (answer.verdict === wanted) return answer;
    const { verdict, reason, explanation } = answer;
    throw new Problem('gate_closed', `${verdict}: ${explanation}`, { members: { verdict, reason } });
  }

  private get seesAll(): boolean {
    return this.store.orgs.length === 0;
  }

  private async filtersOf(query: UpdatesQuery, unresolved: IncidentChange[] = []): Promise<UpdateFilters> {
    const { channel: channels, driver: drivers, vendor: vendors, verdict: wanted } = query;
    return {
      channels,
      drivers,
      vendors,
      words: query.q?.split(/\s+/).filter(Boolean),
      movingSince: query.under_way ? await this.movingSince() : undefined,
      verdicts: wanted.length > 0 ? { wanted, ...updatesNamedBy(unresolved), leastHosts: this.minHosts } : undefined,
    };
  }

  private async movingSince(): Promise<Date | undefined> {
    const { newestEventAt } = await this.store.ask('store-status', (db) => storeStatus(db));
    return newestEventAt === null ? undefined : new Date(newestEventAt.getTime() - UNDER_WAY_MS);
  }

  /** What was read already need not be read again. */
  private async describe(
    updates: KnownUpdate[],
    read: { unresolved?: IncidentChange[]; crashed?: Promise<CrashedAfterApplying[]> },
  ) {
    const [crashed, eligible, unresolved, judgements, fleet] = await Promise.all([
      read.crashed ?? this.crashed(updates),
      this.store.ask('channel-hosts', (db) =>
        channelHosts(
          db,
          updates.map((update) => update.channel),
          this.store.orgs,
        ),
      ),
      read.unresolved ?? this.unresolved(),
      this.judgements(updates),
      this.fleet(updates, updates),
    ]);
    const judgementOf = new Map(judgements.map((judgement) => [updateKey(judgement.update), judgement]));
    const crashedBy = new Map(crashed.map((row) => [updateKey(row), row]));
    return updates.map((update) => {
      const verdict = this.verdictOn(update, fleet.get(updateKey(update)), unresolved);
      return {
        ...writeUpdate(update),
        eligible_hosts: eligible.get(update.channel) ?? 0,
        ...rates(update, crashedBy.get(updateKey(update))),
        verdict: verdict.verdict,
        verdict_reason: verdict.reason,
        judgement: writeJudgement(judgementOf.get(updateKey(update))),
        open_incident_id: verdict.reason === 'open_incident' ? (verdict.incident?.incident_id ?? null) : null,
      };
    });
  }

  private crashed(updates: readonly Update[]): Promise<CrashedAfterApplying[]> {
    return this.store.ask('crashed-after-applying', (db) => crashedAfterApplying(db, updates, this.store.orgs));
  }

  private crashesAfter(
    update: Update,
    curve: { bucketSeconds?: number; maxPoints?: number } = {},
  ): Promise<CrashesAfterUpdate> {
    const options = { ...curve, orgs: this.store.orgs };
    return this.store.ask('crashes-after-update', (db) => crashesAfterUpdate(db, update, options));
  }

  /** The detector weighs all hosts: what it found is told to those alone who may see all. */
  private async judgements(updates: readonly Update[]): Promise<DatedJudgement[]> {
    return this.seesAll ? this.store.ask('latest-judgements', (db) => latestJudgements(db, updates)) : [];
  }

  /** What is known of updates over all organisations; `known` is that already where the caller sees all. */
  private async fleet(updates: readonly Update[], known: KnownUpdate[]): Promise<Map<string, KnownUpdate>> {
    const all =
      this.seesAll || updates.length === 0
        ? known
        : await this.store.ask('list-updates', (db) => listUpdates(db, { only: updates, maxRows: updates.length }));
    return new Map(all.map((each) => [updateKey(each), each]));
  }

  private async bucketOf(known: KnownUpdate): Promise<number> {
    const { newestEventAt } = await this.store.ask('store-status', (db) => storeStatus(db));
    return bucketFor(known.firstAppliedAt, newestEventAt);
  }

  private find(update: Update): Promise<KnownUpdate[]> {
    return this.store.ask('list-updates', (db) =>
      listUpdates(db, { only: [update], orgs: this.store.orgs, maxRows: 1 }),
    );
  }

  private async unresolved(): Promise<IncidentChange[]> {
    const found = await this.store.ask('list-incidents', (db) =>
      listIncidents(db, {
        filters: { states: unresolvedStates, orgs: this.store.orgs },
        maxRows: MAX_UNRESOLVED,
      }),
    );
    return found.map(({ change }) => change);
  }

  private verdictOn(update: Update, known: KnownUpdate | undefined, unresolved: IncidentChange[]): Verdict {
    const facts = known && { appliedHosts: known.appliedHosts, withdrawn: known.lastAction === 'withdrawn' };
    return judgeUpdate(update, facts, unresolved, this.minHosts);
  }
}

function positionOf(cursor: string): UpdatePosition {
  const [heardMs, channel, version] = decodeCursor(cursor, positionShape);
  return { firstHeardAt: new Date(heardMs), channel, version };
}
