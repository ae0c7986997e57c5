import type { DeliveryRecord } from '@ringwatch/clickhouse';
import { type IncidentChange, incidentChangeSchema } from '@ringwatch/incident';
import { incomingMessage, type MessageBatch } from '@ringwatch/kafka';
import type { RoutedReceiver } from '@ringwatch/routing';
import type { Answer, DeliveryRequest, Receiver } from '@ringwatch/webhook';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock';
import { Telemetry } from '../telemetry';
import { DeliveryLog } from './delivery-log';
import { ReceiverLane } from './receiver-lane';

const cases = join(__dirname, '..', '..', '..', '..', 'libs', 'webhook', 'cases');
const { given } = JSON.parse(readFileSync(join(cases, 'opened.json'), 'utf8')) as { given: object };
const opened = incidentChangeSchema.parse(given);
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const nothing = () => undefined;

/** A random number in [0, 1) that depends on the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the receiver has taken: one change, or the changes that a digest stood for. */
export interface Taken {
  at: number;
  process: number;
  incidentId: string;
  sequence: number;
}

interface Timer {
  at: number;
  run: () => void;
  /** Whose it is; it goes with that process. */
  process?: number;
}

/**
 * A world in which one lane tells one receiver, and in which each call can take its time, fail before or after it took effect,
 * or be the last thing its process does. Topic, committed offset, table and receiver outlive processes. Time is made up.
 */
export class SimulatedWorld {
  readonly taken: Taken[] = [];
  readonly rows: DeliveryRecord[] = [];
  readonly produced: IncidentChange[] = [];
  crashes = 0;
  /** Answers that the receiver gave and nobody heard. */
  lostAnswers = 0;
  private committed = 0;
  private now = 0;
  private process = 0;
  private failuresLeft = 12;
  private crashesLeft = 3;
  private timers: Timer[] = [];
  private readonly random: () => number;

  constructor(
    seed: number,
    private readonly kind: 'webhook' | 'discord',
  ) {
    this.random = randomOf(seed);
    this.makeUpTopic();
  }

  /** Runs until everything is committed, or for a day. */
  async run(): Promise<void> {
    this.startProcess();
    while (this.committed < this.produced.length && this.now < 86_400_000) {
      const next = this.takeNextTimer();
      this.now = Math.max(this.now, next.at);
      next.run();
      await new Promise((done) => setImmediate(done));
    }
  }

  /** The first that is due of those whose process still lives. */
  private takeNextTimer(): Timer {
    this.timers = this.timers.filter(({ process }) => process === undefined || process === this.process);
    const at = Math.min(...this.timers.map((timer) => timer.at));
    const first = this.timers.findIndex((timer) => timer.at === at);
    if (first < 0) throw new Error(`nothing goes on, with ${this.committed} of ${this.produced.length} committed`);
    return this.timers.splice(first, 1)[0]!;
  }

  private makeUpTopic(): void {
    const incidents = 1 + Math.floor(this.random() * 4);
    const next = new Map<number, number>();
    for (let left = 3 + Math.floor(this.random() * 20); left > 0; left--) {
      const incident = Math.floor(this.random() * incidents);
      const sequence = (next.get(incident) ?? 0) + 1;
      next.set(incident, sequence);
      const change = sequence === 1 ? 'opened' : 'escalated';
      this.produced.push({ ...opened, incident_id: `inc-${incident}`, sequence, change });
      // The outbox may say the same twice.
      if (this.random() < 0.1) this.produced.push(this.produced.at(-1)!);
    }
  }

  /** A new process goes on at the committed offset; whatever the one before still does has no effect any more. */
  private startProcess(): void {
    const process = ++this.process;
    const lane = this.laneOf(process);
    void lane.standing
      .recall()
      .then(() => this.consume(process, lane, this.committed, { done: [], offset: this.committed }));
  }

  /** Hands over batches of any size, some of them before those before are done; commits in order. */
  private consume(process: number, lane: ReceiverLane, from: number, work: { done: boolean[]; offset: number }): void {
    if (process !== this.process || from >= this.produced.length) return;
    const size = 1 + Math.floor(this.random() * 5);
    const changes = this.produced.slice(from, from + size);
    const messages = changes.map((change, i) =>
      incomingMessage({ offset: from + i, timestamp: this.now, key: null, value: Buffer.from(JSON.stringify(change)) }),
    );
    const isCurrent = () => process === this.process;
    const batch: MessageBatch = { topic: 'incidents', partition: 0, messages, isCurrent };
    const commit = () => {
      if (!isCurrent()) return;
      changes.forEach((_, i) => (work.done[from + i] = true));
      while (work.done[work.offset]) work.offset++;
      this.committed = work.offset;
    };
    void lane.deliver(batch).then(commit, nothing);
    this.after(this.random() * 3_000, process, () => this.consume(process, lane, from + size, work));
  }

  private laneOf(process: number): ReceiverLane {
    const url = 'https://discord.example/api/webhooks/1/x';
    const receiver: Receiver =
      this.kind === 'webhook'
        ? { kind: 'webhook', name: 'ops', url: 'https://ops.example/', secrets: [secret] }
        : { kind: 'discord', name: 'ops', url };
    // Without a limit several incidents are on their way at once; with this one, chat gets more than it takes.
    const perSecond = this.kind === 'discord' ? 0.5 : undefined;
    const routed: RoutedReceiver = { receiver, minSeverity: 'sev3', perSecond, watchdogMs: undefined };
    const match = {
      ...{ minSeverity: undefined, scopes: undefined, channels: undefined },
      ...{ drivers: undefined, orgs: undefined, changes: undefined },
    };
    const routes = [{ match, receivers: ['ops'], goesOn: false, groupMs: undefined }];
    const telemetry = new Telemetry({ info: nothing, warn: nothing, error: nothing });
    const clock: Clock = {
      now: () => this.now,
      random: this.random,
      sleep: (ms) => new Promise((wake) => this.after(ms, process, wake)),
    };
    const log = new DeliveryLog(
      {
        past: (receivers, ids) => this.call(process, () => pastOf(this.rows, receivers, ids)),
        answered: () => Promise.resolve([]),
        standing: () => Promise.resolve(undefined),
        lastNotice: () => Promise.resolve(undefined),
        store: (records) => this.call(process, () => void this.rows.push(...records)),
      },
      clock,
      telemetry,
    );
    return new ReceiverLane(
      routed,
      { routing: { receivers: [routed], routes, fallback: undefined }, dashboardUrl: undefined, maxAgeMs: 86_400_000 },
      {
        ...{ log, clock, telemetry },
        standIn: { report: () => Promise.resolve() },
        findChange: () => Promise.resolve(undefined),
        send: (request) => this.call(process, () => this.receive(process, request)),
      },
    );
  }

  /** A call to the outside world: it takes its time, and its process may die before it, after it, or never hear of it. */
  private call<T>(process: number, effect: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.after(this.random() * 800, process, () => {
        if (this.dies(process)) return;
        const result = effect();
        if (this.dies(process)) return;
        this.after(this.random() * 200, process, () => resolve(result));
      });
    });
  }

  private dies(process: number): boolean {
    if (process !== this.process) return true;
    if (this.crashesLeft === 0 || this.random() > 0.02) return false;
    this.crashesLeft--;
    this.crashes++;
    this.process++; // nobody until it is started again
    this.timers.push({ at: this.now + this.random() * 10_000, run: () => this.startProcess() });
    return true;
  }

  private receive(process: number, request: DeliveryRequest): Answer {
    const fails = this.failuresLeft > 0 && this.random() < 0.2;
    const isHeard = !fails || this.random() < 0.5;
    if (fails) this.failuresLeft--;
    if (!fails || !isHeard) this.take(process, request);
    if (fails && !isHeard) this.lostAnswers++;
    if (!fails) return { kind: 'delivered', status: 200, detail: 'answered 200' };
    const retryAfterMs = this.random() < 0.3 ? Math.floor(this.random() * 20_000) : null;
    return { kind: 'retry', status: 500, detail: 'answered 500', retryAfterMs };
  }

  private take(process: number, request: DeliveryRequest): void {
    const text = request.body;
    const { data } = JSON.parse(text) as { data?: IncidentChange };
    const at = this.now;
    if (data) {
      this.taken.push({ at, process, incidentId: data.incident_id, sequence: data.sequence });
      return;
    }
    // Chat: the footer of a message about one incident names incident and change.
    const [, incidentId, sequence] = /incident `?(inc-\d+)`?, change (\d+)/.exec(text) ?? [];
    const last = Number(sequence ?? 0);
    const [, changes = 1] = /this stands for (\d+) changes/.exec(text) ?? [];
    for (let carried = last - Number(changes) + 1; carried <= last; carried++)
      this.taken.push({ at, process, incidentId: incidentId ?? 'digest', sequence: carried });
  }

  private after(ms: number, process: number, run: () => void): void {
    this.timers.push({ at: this.now + ms, process, run });
  }
}

function pastOf(rows: DeliveryRecord[], receivers: readonly string[], incidentIds: readonly string[]) {
  return rows
    .filter((row) => receivers.includes(row.receiver) && incidentIds.includes(row.incidentId))
    .map(({ receiver, incidentId, sequence, attempt, outcome, messageId = '', startedAt }) => ({
      ...{ receiver, incidentId, sequence, attempts: attempt, outcomes: [outcome] },
      ...{ messageId, messageAt: startedAt.getTime() },
    }));
}
