import type { DeliveryRecord, PastDelivery } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import type { MessageBatch } from '@ringwatch/kafka';
import { toRequest, type Answer, type DeliveryRequest } from '@ringwatch/webhook';
import type { Clock } from './clock';
import type { DeliveryLog } from './delivery-log';
import { isWanted } from './is-wanted';
import { readChanges, type ProducedChange } from './read-changes';
import type { Route } from './routes';
import { GIVE_UP_AFTER_MS, waitAfter } from './schedule';
import type { Telemetry } from './telemetry';

/** What a lane works with. */
export interface LaneParts {
  log: DeliveryLog;
  clock: Clock;
  telemetry: Telemetry;
  /** Makes one attempt; never rejects for what the receiver does. */
  send: (request: DeliveryRequest) => Promise<Answer>;
}

export interface LaneSettings {
  dashboardUrl: string | undefined;
  /** Changes that have been in Kafka for longer are not sent any more. */
  maxAgeMs: number;
}

type Outcome = 'delivered' | 'retry' | 'rejected' | 'gone' | 'gave_up' | 'expired';

/** Incidents that are worked on at once, so that one which a receiver chokes on does not hold up all others. */
const MAX_INCIDENTS_AT_ONCE = 8;

/** How soon a pause ends when the partition is taken away or the service stops, in milliseconds. */
const LOOK_UP_EVERY_MS = 500;

/**
 * Tells one receiver of the changes of one topic: at least once, and the changes of one incident in their order. A batch is
 * done when each of its changes is settled: delivered, refused for good, given up or expired.
 */
export class ReceiverLane {
  /** The receiver asked not to be spoken to before. */
  private notBefore = 0;
  /** It said 410: it is not spoken to again by this process. */
  private isOff = false;

  constructor(
    private readonly route: Route,
    private readonly settings: LaneSettings,
    private readonly parts: LaneParts,
  ) {}

  get name(): string {
    return this.route.receiver.name;
  }

  /** @throws when the partition was taken away before all was settled: whoever has it now goes on. */
  async deliver(batch: MessageBatch): Promise<void> {
    const { changes, unreadable } = readChanges(batch.messages);
    this.parts.telemetry.messagesRead(this.name, changes.length, unreadable);
    const byIncident = new Map<string, ProducedChange[]>();
    for (const each of changes) {
      const { incident_id } = each.change;
      byIncident.set(incident_id, [...(byIncident.get(incident_id) ?? []), each]);
    }
    const past = await this.parts.log.past(this.name, [...byIncident.keys()]);
    const queues = [...byIncident].map(([incidentId, ofIncident]) => ({
      ofIncident,
      past: past.filter((each) => each.incidentId === incidentId),
    }));
    await atMost(MAX_INCIDENTS_AT_ONCE, queues, (queue) => this.deliverInOrder(queue.ofIncident, queue.past, batch));
  }

  private async deliverInOrder(queue: ProducedChange[], past: PastDelivery[], batch: MessageBatch): Promise<void> {
    const before = new Map(past.map((each) => [each.sequence, each]));
    let knowsIncident = past.some(({ outcomes }) => outcomes.includes('delivered'));
    for (const { change, producedAt } of queue) {
      const known = before.get(change.sequence);
      if (known?.outcomes.some(isFinal)) continue;
      const { minSeverity, receiver } = this.route;
      if (!isWanted(change, { kind: receiver.kind, minSeverity, knowsIncident })) continue;
      const outcome = await this.settle({ change, producedAt, attempts: known?.attempts ?? 0 }, batch);
      knowsIncident ||= outcome === 'delivered';
    }
  }

  private async settle(due: ProducedChange & { attempts: number }, batch: MessageBatch): Promise<Outcome> {
    const { clock, telemetry } = this.parts;
    const ageMs = clock.now() - due.producedAt;
    if (ageMs > this.settings.maxAgeMs)
      return this.settleUntried(due.change, 'expired', `it had waited for ${Math.round(ageMs / 60_000)} min`);
    if (this.isOff) return this.settleUntried(due.change, 'gone', 'the receiver is switched off');
    telemetry.waiting(this.name, 1);
    try {
      const outcome = await this.untilSettled(due.change, due.attempts, batch);
      if (outcome === 'delivered') telemetry.tookSeconds(this.name, (clock.now() - due.producedAt) / 1000);
      return outcome;
    } finally {
      telemetry.waiting(this.name, -1);
    }
  }

  private async untilSettled(change: IncidentChange, earlier: number, batch: MessageBatch): Promise<Outcome> {
    const { clock } = this.parts;
    const since = clock.now();
    let notBefore = since;
    for (let tried = 1; ; tried++) {
      await this.pauseUntil(() => Math.max(notBefore, this.notBefore), batch);
      const startedAt = clock.now();
      const answer = await this.attempt(change, new Date(startedAt));
      const now = clock.now();
      const outcome = answer.kind === 'retry' && now - since >= GIVE_UP_AFTER_MS ? 'gave_up' : answer.kind;
      const retryAfterMs = answer.kind === 'retry' ? answer.retryAfterMs : null;
      const waitMs = waitAfter(tried, retryAfterMs, clock.random());
      if (retryAfterMs !== null) this.notBefore = now + waitMs;
      if (outcome === 'gone') this.isOff = true;
      const record = this.recordOf(change, { attempt: earlier + tried, outcome, answer, startedAt });
      this.parts.telemetry.attempted(record, change.change, outcome === 'retry' ? waitMs : undefined);
      await this.parts.log.record([record]);
      if (outcome !== 'retry') return outcome;
      notBefore = now + waitMs;
    }
  }

  /** A change that cannot be put into words is our fault, and must not stop those behind it. */
  private async attempt(change: IncidentChange, at: Date): Promise<Answer> {
    let request: DeliveryRequest;
    try {
      request = toRequest(this.route.receiver, change, { at, dashboardUrl: this.settings.dashboardUrl });
    } catch (error) {
      const { name } = error as Error;
      return { kind: 'rejected', status: null, detail: `not sent: its message could not be made (${name})` };
    }
    return this.parts.send(request);
  }

  private async settleUntried(change: IncidentChange, outcome: Outcome, detail: string): Promise<Outcome> {
    const answer = { status: null, detail };
    const record = this.recordOf(change, { attempt: 0, outcome, answer, startedAt: this.parts.clock.now() });
    this.parts.telemetry.settledUntried(record, change.change);
    await this.parts.log.record([record]);
    return outcome;
  }

  private recordOf(
    { incident_id, sequence }: IncidentChange,
    of: { attempt: number; outcome: Outcome; answer: { status: number | null; detail: string }; startedAt: number },
  ): DeliveryRecord {
    const { attempt, outcome, answer, startedAt } = of;
    return {
      receiver: this.name,
      incidentId: incident_id,
      sequence,
      attempt,
      outcome,
      status: answer.status,
      detail: answer.detail,
      startedAt: new Date(startedAt),
      durationMs: this.parts.clock.now() - startedAt,
    };
  }

  /** Waits in short steps, so that a stop or a take-over need not wait for it. The end may move while it waits. */
  private async pauseUntil(end: () => number, batch: MessageBatch): Promise<void> {
    const { clock } = this.parts;
    for (;;) {
      if (!batch.isCurrent()) throw new Error(`topic ${batch.topic}: partition ${batch.partition} was taken away`);
      const leftMs = end() - clock.now();
      if (leftMs <= 0) return;
      await clock.sleep(Math.min(leftMs, LOOK_UP_EVERY_MS));
    }
  }
}

function isFinal(outcome: string): boolean {
  return outcome !== 'retry';
}

/** Does all the work, with at most `limit` pieces in hand; rejects with the first failure once none is in hand any more. */
async function atMost<T>(limit: number, work: readonly T[], doOne: (piece: T) => Promise<void>): Promise<void> {
  const left = work.values();
  const hands = Array.from({ length: Math.min(limit, work.length) }, async () => {
    for (const piece of left) await doOne(piece);
  });
  const failed = (await Promise.allSettled(hands)).find((hand) => hand.status === 'rejected');
  if (failed) throw failed.reason;
}
