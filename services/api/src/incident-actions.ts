import { createHash, randomUUID } from 'node:crypto';
import { type AuditEntry, readArrivalClocks, storedAction } from '@ringwatch/clickhouse';
import {
  type ActionAnswer,
  type IncidentAction,
  type IncidentChange,
  foresee,
  parseIncidentAction,
} from '@ringwatch/incident';
import { decodeMessage, formatInstant } from '@ringwatch/message';
import type { ActionTopic } from './action-topic';
import type { AuditTrail } from './audit-trail';
import { findIncident } from './incidents';
import { Problem } from './problem';
import type { Store } from './store';

/** What somebody wants to do with an incident. `body` is what they sent, apart from who they are. */
export interface WantedAction {
  incidentId: string;
  action: IncidentAction['action'];
  actor: string;
  keyId: string;
  body: object;
  idempotencyKey?: string;
}

/** Further behind than this, arrival time is not that of now: recorded events are played, or nothing comes in. */
const LIVE_WITHIN_MS = 10 * 60_000;
/** How many actions are remembered beside those that are stored. */
const REMEMBERED = 10_000;

/**
 * Takes in what people do with incidents: checks it as the readers of the topic `incident-actions` will, and writes it there.
 * The detector alone changes incidents; that an action would change nothing is said at once where it can be known.
 */
export class IncidentActions {
  /** By event id: what was sent and may not be stored yet; sent again, it is the same to the byte. The oldest is forgotten first. */
  private readonly sent = new Map<string, IncidentAction>();

  constructor(
    private readonly topic: ActionTopic,
    private readonly trail: AuditTrail,
    private readonly wallClock: () => number,
  ) {}

  /** @throws Problem 400, 404, 409 or 422 where it cannot be taken, 503 where it is not known to be taken. */
  async take(store: Store, wanted: WantedAction): Promise<IncidentAction> {
    const last = await findIncident(store, wanted.incidentId);
    requireOwn(store, last);
    const now = await this.arrivalNow(store);
    const action = readAction(wanted, now);
    const stored =
      wanted.idempotencyKey === undefined
        ? undefined
        : await store.ask('stored-action', (db) => storedAction(db, action.event_id));
    const before = stored ?? this.sent.get(action.event_id);
    if (before === undefined) refuseWithoutEffect(action, foresee(action, last, now));
    else requireSame(before, action);
    if (stored) return stored;
    const taken = before ?? this.remembered(action);
    if (before === undefined) await this.trail.note(this.entryOf(taken, last, wanted));
    await this.topic.write(taken, now);
    return taken;
  }

  /**
   * Arrival time as of now. Where recorded events are played, arrival time is that of the recording, and a record with the time
   * of the wall clock would carry it years ahead: then the action arrives with what was played last.
   */
  private async arrivalNow(store: Store): Promise<number> {
    const clocks = await store.ask('arrival-clocks', readArrivalClocks);
    const furthest = clocks.reduce((most, { closedUntil }) => Math.max(most, closedUntil), 0);
    const now = this.wallClock();
    return furthest === 0 || furthest > now - LIVE_WITHIN_MS ? now : furthest;
  }

  private entryOf(action: IncidentAction, last: IncidentChange, { keyId, body }: WantedAction): AuditEntry {
    return {
      entryId: action.event_id,
      at: new Date(this.wallClock()),
      actor: action.actor,
      keyId,
      action: action.action,
      target: action.incident_id,
      before: {
        sequence: last.sequence,
        state: last.state,
        acknowledged_by: last.acknowledged_by,
        assignee: last.assignee,
        mute: last.mute,
      },
      after: body,
    };
  }

  /** Of two that come at once the first counts. */
  private remembered(action: IncidentAction): IncidentAction {
    const first = this.sent.get(action.event_id);
    if (first) return first;
    this.sent.set(action.event_id, action);
    const [oldest] = this.sent.keys();
    if (this.sent.size > REMEMBERED && oldest !== undefined) this.sent.delete(oldest);
    return action;
  }
}

/** What all are concerned by is not for the people of one organisation to end. @throws Problem 403 */
function requireOwn({ orgs }: Store, { scope, evidence, incident_id }: IncidentChange): void {
  const isOwn = scope === 'single_org' && evidence.orgs.every(({ value }) => orgs.includes(value));
  if (orgs.length === 0 || isOwn) return;
  throw new Problem('forbidden', `incident ${incident_id} concerns other organisations too: wanted a key for all`);
}

/** The action, read by the parser of the topic. @throws Problem 400 that names the field. */
function readAction({ incidentId, action, actor, body, idempotencyKey }: WantedAction, now: number): IncidentAction {
  const message = {
    ...body,
    event_id: idempotencyKey === undefined ? `api:${randomUUID()}` : eventIdOf(actor, idempotencyKey),
    occurred_at: formatInstant(now),
    incident_id: incidentId,
    action,
    actor,
  };
  const decoded = decodeMessage(Buffer.from(JSON.stringify(message)));
  const read = decoded.kind === 'refused' ? decoded : parseIncidentAction(decoded.members, now);
  if (!('kind' in read)) return read;
  throw new Problem('invalid_request', read.detail, {
    errors: [{ path: read.field, code: read.reason, message: read.detail }],
  });
}

/** The same key of the same person is the same action: the id is a function of both. */
function eventIdOf(actor: string, idempotencyKey: string): string {
  return `api:${createHash('sha256')
    .update(JSON.stringify([actor, idempotencyKey]))
    .digest('hex')
    .slice(0, 40)}`;
}

/** @throws Problem 422 where the same key came before with something else. */
function requireSame(before: IncidentAction, action: IncidentAction): void {
  if (contentOf(before) === contentOf(action)) return;
  const message = `this key came before with ${before.action} on ${before.incident_id}: wanted a new key for another action`;
  throw new Problem('key_reused', `Idempotency-Key: ${message}`);
}

/** What an action says, apart from when. */
function contentOf({ incident_id, action, actor, assignee, muted_until, muted_factor, text }: IncidentAction): string {
  return JSON.stringify([incident_id, action, actor, assignee, muted_until, muted_factor, text]);
}

const whyWithoutEffect: Partial<Record<IncidentAction['action'], string>> = {
  acknowledge: 'it is acknowledged already',
  assign: 'it is assigned so already',
  mute: 'the mute would have ended already',
  unmute: 'it is not muted',
};

function refuseWithoutEffect({ incident_id, action }: IncidentAction, outcome: ActionAnswer['outcome']): void {
  if (outcome === 'ended_incident') throw new Problem('conflict', `incident ${incident_id} has ended: it is resolved`);
  if (outcome === 'without_effect')
    throw new Problem(
      'conflict',
      `${action} would change nothing on ${incident_id}: ${whyWithoutEffect[action] ?? ''}`,
    );
}
