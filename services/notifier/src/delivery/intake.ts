import type { IncidentChange } from '@ringwatch/incident';
import type { MessageBatch } from '@ringwatch/kafka';
import { groupMsOf, isHeard, type NotifierRequest, type RoutedReceiver, type Routing } from '@ringwatch/routing';
import type { Clock } from '../clock';
import { settleUntried, type Outcome } from './conclude';
import type { Queues } from './queues';
import { readChanges, type ProducedChange } from './read-changes';
import { readRequests, type ProducedRequest } from './read-requests';
import { settle, type Books } from './settle';
import type { Standing } from './standing';
import { waitFor, type Content, type Waiting } from './waiting';

/** What an intake works with. */
export interface IntakeParts extends Books {
  clock: Clock;
  /** Looks up a change that is to be sent again. @throws when ClickHouse does not answer */
  findChange: (incidentId: string, sequence: number) => Promise<IncidentChange | undefined>;
}

/** What holds for every receiver. */
export interface DeliverySettings {
  routing: Routing;
  dashboardUrl: string | undefined;
  /** Changes that have been in Kafka for longer are not sent any more. */
  maxAgeMs: number;
}

/** Reads the topics for one receiver: puts what it hears of into queues, and leaves out what was settled before. */
export class Intake {
  constructor(
    private readonly routed: RoutedReceiver,
    private readonly settings: DeliverySettings,
    private readonly parts: IntakeParts,
    private readonly queues: Queues,
    private readonly standing: Standing,
  ) {}

  /** A batch of the topic of incidents; gives what waits now. */
  async takeChanges(batch: MessageBatch): Promise<Waiting[]> {
    const { changes, unreadable } = readChanges(batch.messages);
    this.parts.telemetry.messagesRead(this.name, changes.length, unreadable);
    const ids = [...new Set(changes.map(({ change }) => change.incident_id))];
    return this.queues.keeping(ids, async () => {
      const past = await this.parts.log.past(this.name, ids);
      for (const id of ids) this.queues.of(id).recall(past.filter(({ incidentId }) => incidentId === id));
      const items: Waiting[] = [];
      for (const each of changes) items.push(...(await this.takeChange(each, batch)));
      return items;
    });
  }

  /** A batch of the topic of requests; gives what waits now. */
  async takeRequests(batch: MessageBatch): Promise<Waiting[]> {
    const { requests, unreadable } = readRequests(batch.messages, this.name);
    this.parts.telemetry.requestsRead(this.name, requests.length, unreadable);
    const answered = await this.parts.log.answered(
      this.name,
      requests.map(({ request }) => request.request_id),
    );
    const open = requests.filter(({ request }) => !answered.has(request.request_id));
    const items: Waiting[] = [];
    for (const each of open) items.push(...(await this.takeRequest(each, batch)));
    return items;
  }

  /** Whether something is still to be told, after all that was told before it. */
  isNews({ content }: Waiting): boolean {
    if (content.kind !== 'change' || content.requestId !== undefined) return true;
    const queue = this.queues.of(content.change.incident_id);
    const acquaintance = { knowsIncident: queue.isKnown, earlier: queue.earlier };
    return (
      !queue.isSettled(content.change.sequence) &&
      isHeard(this.settings.routing, this.routed, content.change, acquaintance)
    );
  }

  private get name(): string {
    return this.routed.receiver.name;
  }

  private async takeChange({ change, producedAt }: ProducedChange, batch: MessageBatch): Promise<Waiting[]> {
    const { routing } = this.settings;
    const queue = this.queues.of(change.incident_id);
    const groupMs = groupMsOf(routing, this.name, change);
    const item = this.waiting({ kind: 'change', change, producedAt }, batch, groupMs);
    const acquaintance = { knowsIncident: queue.willBeKnown, earlier: queue.earlier };
    if (queue.isSettled(change.sequence) || !isHeard(routing, this.routed, change, acquaintance)) return [];
    return this.enqueue(item, producedAt);
  }

  private async takeRequest({ request, producedAt }: ProducedRequest, batch: MessageBatch): Promise<Waiting[]> {
    switch (request.kind) {
      case 'resume':
        await this.standing.resume(request.request_id);
        return [];
      case 'undelivered': {
        const { report, request_id: requestId } = request;
        return this.enqueue(this.waiting({ kind: 'undelivered', report, requestId }, batch), producedAt);
      }
      case 'resend':
        return this.takeResend(request, producedAt, batch);
    }
  }

  private async takeResend(
    { request_id: requestId, incident_id: incidentId, sequence }: Extract<NotifierRequest, { kind: 'resend' }>,
    producedAt: number,
    batch: MessageBatch,
  ): Promise<Waiting[]> {
    const change = await this.parts.findChange(incidentId, sequence);
    if (!change) {
      const detail = 'not sent: there is no such change';
      await this.parts.log.record([
        this.standing.note({ incidentId, sequence, requestId, outcome: 'rejected', detail }),
      ]);
      return [];
    }
    return this.queues.keeping([incidentId], async () => {
      this.queues.of(incidentId).recall(await this.parts.log.past(this.name, [incidentId]));
      return this.enqueue(this.waiting({ kind: 'change', change, producedAt, requestId }, batch), producedAt);
    });
  }

  private waiting(content: Content, batch: MessageBatch, groupMs?: number): Waiting {
    return waitFor(content, { since: this.parts.clock.now(), batch, groupMs });
  }

  /** What is too old, and all for a receiver that is gone, is settled without having waited. */
  private async enqueue(item: Waiting, producedAt: number): Promise<Waiting[]> {
    const ageMs = this.parts.clock.now() - producedAt;
    const minutes = Math.round(ageMs / 60_000);
    if (ageMs > this.settings.maxAgeMs) await this.end(item, 'expired', `it had waited for ${minutes} min`);
    else if (this.standing.isOff) await this.end(item, 'gone', 'the receiver is switched off');
    else this.queues.add(item);
    return [item];
  }

  private async end(item: Waiting, outcome: Outcome, detail: string): Promise<void> {
    const now = this.parts.clock.now();
    const { name: receiver, standing } = this;
    const frame = { receiver, settings: standing.settings, startedAt: now, endedAt: now };
    const conclusion = settleUntried(item, { ...frame, outcome, detail });
    this.parts.telemetry.settledUntried(conclusion.records[0]!);
    await settle(conclusion, this.queues, this.parts);
  }
}
