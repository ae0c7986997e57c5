import { setTimeout as sleep } from 'node:timers/promises';
import { type ChangePosition, changesAfter, compareChanges, newestChange } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import type { Logger } from 'pino';
import { encodeCursor } from './cursor';
import type { EventStream } from './event-stream';
import { Problem } from './problem';
import { readStatus } from './status-answer';
import type { Store } from './store';
import { metrics } from './telemetry';

type Placed = Awaited<ReturnType<typeof changesAfter>>[number];

/** What a client may see of a change; undefined for nothing. */
export type Shape = (change: IncidentChange) => Promise<object | undefined>;

/** How often is looked, and how many may listen. */
export interface FeedSettings {
  lookEveryMs: number;
  statusEveryMs: number;
  commentEveryMs: number;
  mostListeners: number;
}

export const usualFeed: FeedSettings = {
  lookEveryMs: 1_000,
  statusEveryMs: 5_000,
  commentEveryMs: 15_000,
  mostListeners: 200,
};

const PAGE = 500;

/** One client: what it got last, and what came while it was still reading older changes. */
interface Listener {
  stream: EventStream;
  store: Store;
  shape: Shape;
  position: ChangePosition;
  waiting: Placed[] | undefined;
  lastStatus: string;
}

/**
 * Tells clients of changes of incidents as they are stored. One look at the table serves all; it is looked only while somebody
 * listens. A client that names the last event it got gets all since from the table first, so nothing is lost between two connections.
 */
export class ChangeFeed {
  private readonly listeners = new Set<Listener>();
  private readonly ending = new AbortController();
  private position: ChangePosition | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly logger: Logger,
    private readonly settings: FeedSettings = usualFeed,
  ) {}

  /** @throws Problem 503 when too many listen already. */
  requireRoom(): void {
    if (this.listeners.size < this.settings.mostListeners && !this.ending.signal.aborted) return;
    throw new Problem('too_many_streams', `${this.settings.mostListeners} clients listen already: try again later`);
  }

  /** Where the table ends: a client that names no event hears what comes from here on. */
  newest(): Promise<ChangePosition> {
    return this.store.ask('newest-change', newestChange);
  }

  /** Tells this client of everything behind `position` until one of both hangs up. */
  async serve(stream: EventStream, position: ChangePosition, { store, shape }: { store: Store; shape: Shape }) {
    const listener: Listener = { stream, store, shape, position, waiting: [], lastStatus: '' };
    this.listeners.add(listener);
    metrics.streams.set(this.listeners.size);
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    try {
      await this.catchUp(listener);
    } catch (error) {
      this.logger.warn({ err: error }, 'stream cut off');
      stream.end();
    }
  }

  /** Nest calls it before the server closes, which would wait for every stream. */
  onModuleDestroy(): void {
    this.ending.abort();
    for (const { stream } of this.listeners) stream.end();
  }

  private async catchUp(listener: Listener): Promise<void> {
    for (let more = true; more && listener.stream.isOpen;) {
      const page = await this.store.ask('changes-after', (db) => changesAfter(db, listener.position, PAGE));
      for (const each of page) await this.tell(listener, each);
      more = page.length === PAGE;
    }
    while (listener.waiting?.length) for (const each of listener.waiting.splice(0)) await this.tell(listener, each);
    listener.waiting = undefined;
    await this.tellStatus(listener);
  }

  /** Once a change is told, an older one never is: what was caught up with comes by the look as well. */
  private async tell(listener: Listener, { position, change }: Placed): Promise<void> {
    if (compareChanges(position, listener.position) <= 0) return;
    listener.position = position;
    const data = await listener.shape(change);
    if (data !== undefined) listener.stream.send({ id: idOf(position), event: 'incident', data });
  }

  private async look(): Promise<void> {
    const { lookEveryMs, statusEveryMs, commentEveryMs } = this.settings;
    let [statusAt, commentAt] = [Date.now(), Date.now()];
    while (this.hasListeners()) {
      await sleep(lookEveryMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
      if (this.ending.signal.aborted) break;
      await this.lookOnce().catch((error: unknown) => this.logger.warn({ err: error }, 'stream not looked after'));
      if (Date.now() - statusAt >= statusEveryMs) {
        statusAt = Date.now();
        for (const listener of this.listeners) await this.tellStatus(listener).catch(() => undefined);
      }
      if (Date.now() - commentAt < commentEveryMs) continue;
      commentAt = Date.now();
      for (const { stream } of this.listeners) stream.comment();
    }
    this.position = undefined;
  }

  private hasListeners(): boolean {
    for (const listener of this.listeners) if (!listener.stream.isOpen) this.listeners.delete(listener);
    metrics.streams.set(this.listeners.size);
    return this.listeners.size > 0;
  }

  private async lookOnce(): Promise<void> {
    // Whoever listens already has all up to where it stands, and the least of these places is where looking begins.
    this.position ??= [...this.listeners].map(({ position }) => position).sort(compareChanges)[0];
    if (this.position === undefined) return;
    const from = this.position;
    const page = await this.store.ask('changes-after', (db) => changesAfter(db, from, PAGE));
    this.position = page.at(-1)?.position ?? from;
    for (const listener of this.listeners) {
      if (listener.waiting) listener.waiting.push(...page);
      else await this.tellAll(listener, page);
    }
  }

  /** A client that cannot be told in order is cut off, and asks again from where it was. */
  private async tellAll(listener: Listener, changes: readonly Placed[]): Promise<void> {
    try {
      for (const each of changes) await this.tell(listener, each);
    } catch {
      listener.stream.end();
    }
  }

  private async tellStatus(listener: Listener): Promise<void> {
    const status = await readStatus(listener.store);
    const text = JSON.stringify(status);
    if (text !== listener.lastStatus) listener.stream.send({ event: 'status', data: status });
    listener.lastStatus = text;
  }
}

/** The id of the event that tells of a change: its place, to be named as Last-Event-ID. */
function idOf({ detectedMs, incidentId, sequence }: ChangePosition): string {
  return encodeCursor([detectedMs, incidentId, sequence]);
}
