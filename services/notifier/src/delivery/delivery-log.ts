import type { DeliveryRecord, LastNotice, PastDelivery, ReceiverStanding } from '@ringwatch/clickhouse';
import type { Clock } from '../clock';
import type { Telemetry } from '../telemetry';

/** The table `deliveries`. */
export interface DeliveryStore {
  past(receivers: readonly string[], incidentIds: readonly string[]): Promise<PastDelivery[]>;
  answered(requestIds: readonly string[]): Promise<string[]>;
  standing(receiver: string): Promise<ReceiverStanding | undefined>;
  lastNotice(receiver: string, subject: string): Promise<LastNotice | undefined>;
  store(records: readonly DeliveryRecord[]): Promise<void>;
}

/** Asks what became of incidents at receivers, for all who want to know. */
interface Question {
  receivers: Set<string>;
  incidentIds: Set<string>;
  answer: Promise<PastDelivery[]>;
}

/** How long an alert waits for the log, in milliseconds: it matters more that people hear than that it is written down. */
const PATIENCE_MS = 2_000;
const READ_ATTEMPTS = 3;
const MAX_WAITING_ROWS = 10_000;
/** Incidents in one question: their ids stand in its address, which ClickHouse takes up to a megabyte long. */
const MOST_ASKED_TOGETHER = 5_000;

/**
 * The log of what was tried and what came back. It never fails and never holds up a delivery for long: while ClickHouse is
 * away, rows wait here, and of the past only those are known (a change may then be sent twice, under the same key).
 */
export class DeliveryLog {
  private waiting: DeliveryRecord[] = [];
  private writing: Promise<void> | undefined;
  /** The question that goes out when the last one is answered. */
  private nextQuestion: Question | undefined;
  private lastQuestion: Promise<void> = Promise.resolve();

  constructor(
    private readonly table: DeliveryStore,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /** What became of the changes of these incidents at a receiver. */
  async past(receiver: string, incidentIds: readonly string[]): Promise<PastDelivery[]> {
    if (incidentIds.length === 0) return [];
    const isAsked = (row: { receiver: string; incidentId: string }) =>
      row.receiver === receiver && incidentIds.includes(row.incidentId);
    const stored = await this.read(receiver, [], () => this.askTogether(receiver, incidentIds));
    return [...stored.filter(isAsked), ...this.waiting.filter(isAsked).map(asPast)];
  }

  /**
   * Every receiver asks about a change as soon as it is on the topic: one question goes out for all that have come up while the
   * one before was answered, so that many receivers do not make ClickHouse the slowest part of the road.
   */
  private async askTogether(receiver: string, incidentIds: readonly string[]): Promise<PastDelivery[]> {
    if ((this.nextQuestion?.incidentIds.size ?? 0) + incidentIds.length > MOST_ASKED_TOGETHER)
      return this.table.past([receiver], incidentIds);
    const asked = (this.nextQuestion ??= { receivers: new Set(), incidentIds: new Set(), answer: this.askNext() });
    asked.receivers.add(receiver);
    for (const id of incidentIds) asked.incidentIds.add(id);
    return asked.answer;
  }

  private async askNext(): Promise<PastDelivery[]> {
    await this.lastQuestion;
    const { receivers, incidentIds, answer } = this.nextQuestion!;
    this.nextQuestion = undefined;
    this.lastQuestion = answer.then(
      () => undefined,
      () => undefined,
    );
    return this.inTime(this.table.past([...receivers], [...incidentIds]));
  }

  /** Those of the requests that were carried out. */
  async answered(receiver: string, requestIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (requestIds.length === 0) return new Set();
    const stored = await this.read(receiver, [], () => this.table.answered(requestIds));
    const unwritten = this.waiting
      .filter(({ outcome }) => outcome !== 'retry')
      .flatMap(({ requestId }) => requestId ?? []);
    return new Set([...stored, ...unwritten]);
  }

  /** Whether a receiver was last found to be gone. */
  standing(receiver: string): Promise<ReceiverStanding | undefined> {
    return this.read(receiver, undefined, () => this.table.standing(receiver));
  }

  /** What a receiver was told last of what is no incident. */
  lastNotice(receiver: string, subject: string): Promise<LastNotice | undefined> {
    return this.read(receiver, undefined, () => this.table.lastNotice(receiver, subject));
  }

  /** Resolves when the rows are stored, or after two seconds: then they are written as soon as it is possible. */
  async record(records: readonly DeliveryRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.waiting.push(...records);
    const excess = this.waiting.length - MAX_WAITING_ROWS;
    if (excess > 0) {
      this.waiting = this.waiting.slice(excess);
      this.telemetry.logRowsDropped(excess);
    }
    await Promise.race([this.write(), this.clock.sleep(PATIENCE_MS)]);
  }

  /** Writes what waits. To be called now and then, and once more at the end. */
  write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = new Set(this.waiting);
      try {
        await this.table.store([...rows]);
      } catch (error) {
        this.telemetry.logUnwritten(rows.size, error);
        break;
      }
      this.waiting = this.waiting.filter((row) => !rows.has(row));
    }
    this.telemetry.logWaiting(this.waiting.length);
  }

  /** What the table says, or what is taken for it when it does not answer. */
  private async read<T>(receiver: string, otherwise: T, ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.inTime(ask());
      } catch (error) {
        if (attempt === READ_ATTEMPTS) {
          this.telemetry.logUnread(receiver, error);
          return otherwise;
        }
        await this.clock.sleep(PATIENCE_MS / 4);
      }
    }
  }

  private inTime<T>(work: Promise<T>): Promise<T> {
    const late = this.clock.sleep(PATIENCE_MS).then(() => {
      throw new Error(`ClickHouse did not answer within ${PATIENCE_MS} ms`);
    });
    late.catch(() => undefined);
    return Promise.race([work, late]);
  }
}

function asPast({
  receiver,
  incidentId,
  sequence,
  attempt,
  outcome,
  messageId = '',
  startedAt,
}: DeliveryRecord): PastDelivery {
  return {
    receiver,
    incidentId,
    sequence,
    attempts: attempt,
    outcomes: [outcome],
    messageId,
    messageAt: startedAt.getTime(),
  };
}
