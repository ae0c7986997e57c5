import { Growth } from './growth';

/** What was seen of the road from event to verdict at one moment. Instants are milliseconds since 1970. */
export interface Observation {
  at: number;
  /** Undefined when ClickHouse does not answer. */
  store:
    | {
        /** Everything that arrived before is stored; 0 where nothing ever arrived. */
        arrivalUntil: number;
        /** Everything that arrived before is decided; 0 where nothing ever was. */
        decidedUntil: number;
      }
    | undefined;
  /** Undefined when Kafka does not answer. `waiting`: messages of the inputs that ingest has not committed. */
  kafka: { waiting: number } | undefined;
}

/** Which part of the road stands, and since when. */
export interface Trouble {
  part: 'store' | 'kafka' | 'events' | 'ingest' | 'slow_ingest' | 'detector' | 'slow_detector';
  since: number;
}

/** A detector so little behind has decided all that it can: it decides second by second. */
const CAUGHT_UP_MS = 2_000;
const LEAST_RISE_MESSAGES = 1_000;

/**
 * Sees from one look after the other whether the road goes on. Only what stands (or falls behind) for longer than the limit is
 * trouble, and nothing is where no event ever arrived. It knows the clock on the wall from the observations alone.
 */
export class PipelineWatch {
  private arrivalUntil = 0;
  private decidedUntil = 0;
  private waiting = 0;
  private arrivalMovedAt: number;
  private decidedMovedAt: number;
  private storeAnsweredAt: number;
  private kafkaAnsweredAt: number;
  private readonly backlog: Growth;
  private readonly undecided: Growth;
  private looks = 0;
  private moves = 0;

  constructor(
    private readonly limitMs: number,
    startedAt: number,
  ) {
    this.arrivalMovedAt = startedAt;
    this.decidedMovedAt = startedAt;
    this.storeAnsweredAt = startedAt;
    this.kafkaAnsweredAt = startedAt;
    this.backlog = new Growth(limitMs, LEAST_RISE_MESSAGES);
    this.undecided = new Growth(limitMs, limitMs / 4);
  }

  /** Whether arrival time has moved since the watch began: only then can it be said that the road goes on. */
  get hasMoved(): boolean {
    return this.moves > 0;
  }

  /** Nothing ever arrived, so nothing can stand. */
  get isUnused(): boolean {
    return this.arrivalUntil === 0;
  }

  /** Takes a look into account; gives what stands, if anything does. */
  look({ at, store, kafka }: Observation): Trouble | undefined {
    if (store) {
      this.storeAnsweredAt = at;
      this.noteStore(at, store);
    }
    if (kafka) {
      this.kafkaAnsweredAt = at;
      this.waiting = kafka.waiting;
      this.backlog.note(at, kafka.waiting);
    }
    this.looks++;
    return this.judge(at);
  }

  private noteStore(at: number, { arrivalUntil, decidedUntil }: NonNullable<Observation['store']>): void {
    if (arrivalUntil > this.arrivalUntil) {
      if (this.looks > 0 && this.arrivalUntil > 0) this.moves++;
      this.arrivalUntil = arrivalUntil;
      this.arrivalMovedAt = at;
    }
    const behindMs = arrivalUntil - decidedUntil;
    if (decidedUntil > this.decidedUntil || behindMs <= CAUGHT_UP_MS) {
      this.decidedUntil = decidedUntil;
      this.decidedMovedAt = at;
    }
    this.undecided.note(at, Math.max(0, behindMs));
  }

  private judge(at: number): Trouble | undefined {
    const stands = (since: number) => at - since > this.limitMs;
    if (stands(this.storeAnsweredAt)) return { part: 'store', since: this.storeAnsweredAt };
    if (stands(this.kafkaAnsweredAt)) return { part: 'kafka', since: this.kafkaAnsweredAt };
    if (this.arrivalUntil === 0) return undefined;
    if (stands(this.arrivalMovedAt))
      return { part: this.waiting > 0 ? 'ingest' : 'events', since: this.arrivalMovedAt };
    if (stands(this.decidedMovedAt)) return { part: 'detector', since: this.decidedMovedAt };
    // What does not move at all is not slow, but about to be found standing.
    const moves = (movedAt: number) => at - movedAt <= this.limitMs / 2;
    const since = at - this.limitMs;
    if (moves(this.arrivalMovedAt) && this.backlog.isGrowing) return { part: 'slow_ingest', since };
    if (moves(this.decidedMovedAt) && this.undecided.isGrowing) return { part: 'slow_detector', since };
    return undefined;
  }
}
