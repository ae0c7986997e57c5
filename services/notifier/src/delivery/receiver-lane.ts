import type { MessageBatch } from '@ringwatch/kafka';
import type { RoutedReceiver } from '@ringwatch/routing';
import { definitionOf, type Answer, type DeliveryRequest } from '@ringwatch/webhook';
import { conclude, settleUntried } from './conclude';
import { Intake, type DeliverySettings, type IntakeParts } from './intake';
import { planNext, WINDOW_MS, type Message, type Plan } from './plan-next';
import { Queues } from './queues';
import { RateLimit } from './rate-limit';
import { requestFor } from './request-for';
import { waitAfter } from './schedule';
import { settle } from './settle';
import { Standing } from './standing';
import { queueOf, waitFor, type Content, type Waiting } from './waiting';

/** What a lane works with. */
export interface LaneParts extends IntakeParts {
  /** Makes one attempt; never rejects for what the receiver does. */
  send: (request: DeliveryRequest) => Promise<Answer>;
}

/** Messages that are on their way at once, so that one which a receiver chokes on does not hold up all others. */
const MAX_AT_ONCE = 8;

/** How soon it is noticed that a partition was taken away or the service stops, in milliseconds. */
const LOOK_UP_EVERY_MS = 500;

/**
 * Tells one receiver of what is on the topics: at least once, and what is about one incident in its order. A batch is done when
 * each of its changes is settled: told, refused for good, given up or expired.
 */
export class ReceiverLane {
  readonly standing: Standing;
  private readonly queues = new Queues();
  private readonly limit: RateLimit;
  private readonly intake: Intake;
  private taking: Promise<unknown> = Promise.resolve();
  private onTheirWay = 0;
  private nextLookAt: number | undefined;
  /** The receiver asked not to be spoken to before. */
  private notBefore = 0;
  private openingsNotBefore = 0;

  constructor(
    private readonly routed: RoutedReceiver,
    private readonly settings: DeliverySettings,
    private readonly parts: LaneParts,
  ) {
    const { perSecond } = routed;
    const { rate } = definitionOf(routed.receiver.kind);
    this.limit = new RateLimit(
      perSecond === undefined ? rate : { perSecond, burst: Math.max(1, Math.floor(perSecond)) },
    );
    this.standing = new Standing(routed.receiver, parts);
    this.intake = new Intake(routed, settings, parts, this.queues, this.standing);
  }

  get name(): string {
    return this.routed.receiver.name;
  }

  /** A batch of changes of incidents. @throws when it has to be read again: it was taken away before all was settled */
  deliver(batch: MessageBatch): Promise<void> {
    return this.untilSettled(() => this.intake.takeChanges(batch));
  }

  /** A batch of requests. @throws as `deliver` */
  obey(batch: MessageBatch): Promise<void> {
    return this.untilSettled(() => this.intake.takeRequests(batch));
  }

  /** What is on no topic. It is told as soon as the receiver takes it, and forgotten when the process ends; `settled` says when. */
  tell(content: Content): Promise<void> {
    // Whatever waits about the incident already is as new, or newer.
    if (this.standing.isOff || (content.kind === 'refresh' && this.queues.has(queueOf(content))))
      return Promise.resolve();
    const item = waitFor(content, { since: this.parts.clock.now(), batch: undefined });
    this.queues.add(item);
    this.next();
    return item.settled;
  }

  /** Batches are taken in one after the other, as they stand in the topic; they are worked on together. */
  private async untilSettled(take: () => Promise<Waiting[]>): Promise<void> {
    const taken = this.taking.then(take);
    this.taking = taken.catch(() => undefined);
    const items = await taken;
    this.next();
    const ends = await Promise.allSettled(items.map(({ settled }) => settled));
    const dropped = ends.find((end) => end.status === 'rejected');
    if (dropped) throw dropped.reason as Error;
  }

  /** Sends all that can go out now, and sees to it that the rest is looked at in time. */
  private next(): void {
    const { clock, telemetry } = this.parts;
    for (let plan = this.plan(); plan.kind !== 'nothing'; plan = this.plan()) {
      if (plan.kind === 'wait') {
        this.lookAgainAt(Math.min(plan.until, clock.now() + LOOK_UP_EVERY_MS));
        break;
      }
      if (!this.passOver(plan.message)) void this.send(plan.message);
    }
    telemetry.waiting(this.name, this.queues.size);
  }

  /** Lets go of what is no news any more after what went before it; whether there was any. The topic may have a change twice. */
  private passOver({ parts }: Message): boolean {
    const old = parts.flatMap(({ queue, items: [head] }) =>
      this.intake.isNews(head!) ? [] : [{ queue, head: head! }],
    );
    for (const { queue, head } of old) {
      this.queues.remove(queue, [head]);
      this.queues.leave(queue);
      head.settle();
    }
    return old.length > 0;
  }

  private plan(): Plan {
    const now = this.parts.clock.now();
    const { queues, limit, openingsNotBefore } = this;
    if (this.onTheirWay >= MAX_AT_ONCE || queues.size === 0 || this.standing.isOff) return { kind: 'nothing' };
    if (now < this.notBefore) return { kind: 'wait', until: this.notBefore };
    const isChat = definitionOf(this.routed.receiver.kind).audience === 'chat';
    return planNext({ now, queues: queues.all(), limit, isChat, openingsNotBefore });
  }

  private lookAgainAt(at: number): void {
    if (this.nextLookAt !== undefined && this.nextLookAt <= at) return;
    const { clock } = this.parts;
    this.nextLookAt = at;
    void clock.sleep(Math.max(1, at - clock.now())).then(() => {
      if (this.nextLookAt !== at) return;
      this.nextLookAt = undefined;
      this.queues.dropOutdated();
      this.next();
    });
  }

  private async send(message: Message): Promise<void> {
    const startedAt = this.parts.clock.now();
    this.take(message, startedAt);
    const answer = await this.attempt(message, new Date(startedAt));
    // What is left to do holds up nothing but what is about the same incident.
    this.onTheirWay--;
    this.next();
    try {
      await this.finish(message, answer, startedAt);
    } catch (error) {
      for (const { items } of message.parts) this.readAgain(items, error as Error);
    } finally {
      for (const { queue } of message.parts) {
        queue.isInHand = false;
        this.queues.leave(queue);
      }
      if (this.standing.isOff) await this.giveUpAll();
      this.next();
    }
  }

  private take({ parts }: Message, now: number): void {
    this.onTheirWay++;
    this.limit.take(now);
    const [{ queue, items }] = parts as [Message['parts'][number]];
    const { content, groupMs } = items[0]!;
    const isOpening = !queue.isKnown && content.kind === 'change';
    const gatheredMs = groupMs ?? (parts.length > 1 ? WINDOW_MS : undefined);
    if (isOpening && gatheredMs !== undefined) this.openingsNotBefore = now + Math.max(gatheredMs, WINDOW_MS);
    for (const part of parts) {
      part.queue.isInHand = true;
      for (const item of part.items) item.triedAt ??= now;
    }
  }

  /** What cannot be put into words is our fault, and must not stop what is behind it. */
  private async attempt(message: Message, at: Date): Promise<Answer> {
    let request: DeliveryRequest;
    try {
      request = requestFor(this.routed.receiver, message, { at, dashboardUrl: this.settings.dashboardUrl });
    } catch (error) {
      const { name } = error as Error;
      return { kind: 'rejected', status: null, detail: `not sent: its message could not be made (${name})` };
    }
    return this.parts.send(request);
  }

  private async finish(message: Message, answer: Answer, startedAt: number): Promise<void> {
    const { clock, telemetry } = this.parts;
    const now = clock.now();
    const { name: receiver, standing } = this;
    const conclusion = conclude(message, answer, { receiver, settings: standing.settings, startedAt, endedAt: now });
    let waitMs: number | undefined;
    if (conclusion.outcome === 'retry') waitMs = this.putOff(message, answer, now);
    if (conclusion.outcome === 'gone') standing.switchOff();
    telemetry.attempted(conclusion, waitMs);
    if (answer.kind === 'delivered') {
      for (const { items } of message.parts) telemetry.told(receiver, items, now);
      const [{ queue }, ...others] = message.parts as [Message['parts'][number]];
      if (others.length === 0) queue.earlier = answer.messageId ?? queue.earlier;
    }
    if (answer.kind !== 'retry') for (const { queue } of message.parts) queue.failures = 0;
    await settle(conclusion, this.queues, this.parts);
  }

  /** When it is tried again, in milliseconds from now. `Retry-After` holds for all that the receiver is to get. */
  private putOff({ parts }: Message, answer: Answer, now: number): number {
    const retryAfterMs = answer.kind === 'retry' ? answer.retryAfterMs : null;
    const failures = Math.max(...parts.map(({ queue }) => ++queue.failures));
    const waitMs = waitAfter(failures, retryAfterMs, this.parts.clock.random());
    for (const { queue } of parts) queue.notBefore = now + waitMs;
    if (retryAfterMs !== null) this.notBefore = now + waitMs;
    return waitMs;
  }

  /** The receiver is gone: what waits for it is settled untried. */
  private async giveUpAll(): Promise<void> {
    const now = this.parts.clock.now();
    const { name: receiver, standing } = this;
    const frame = { receiver, settings: standing.settings, startedAt: now, endedAt: now };
    const idle = [...this.queues.all()].filter(({ isInHand }) => !isInHand);
    const waiting = idle.flatMap(({ waiting: items }) => [...items]);
    for (const queue of idle) this.queues.remove(queue, [...queue.waiting]);
    for (const item of waiting) {
      const conclusion = settleUntried(item, { ...frame, outcome: 'gone', detail: 'the receiver is switched off' });
      this.parts.telemetry.settledUntried(conclusion.records[0]!);
      await settle(conclusion, this.queues, this.parts).catch((error: Error) => this.readAgain([item], error));
    }
  }

  /** Its stand-in could not be told: it is read again, and tried again. */
  private readAgain(items: readonly Waiting[], error: Error): void {
    this.parts.telemetry.notSettled(this.name, error);
    for (const item of items) {
      const queue = this.queues.of(queueOf(item.content));
      this.queues.remove(queue, [item]);
      this.queues.leave(queue);
      item.drop(error);
    }
  }
}
