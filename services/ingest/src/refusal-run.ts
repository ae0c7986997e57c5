/** How many of a partition's last messages are looked at. */
const RUN_LENGTH = 2_000;
/** Batches that may be in work at once and come again, with room to spare. */
const WINDOWS_KEPT = 8;

/** Most of a long run of messages was refused: a wrong deployment, not bad data. Nothing more is taken from the partition. */
export class TooManyRefused extends Error {
  override readonly name = 'TooManyRefused';
}

/** The verdicts on the last messages before an offset: true for refused. */
interface Window {
  next: number;
  refused: readonly boolean[];
}

/** Watches one partition's verdicts over its last 2,000 messages, wherever batches end and however often they come. */
export class RefusalRun {
  private windows: Window[] = [{ next: 0, refused: [] }];

  /** `mostShare`: which share of refused messages says that the fault is ours; 1 for never. */
  constructor(
    private readonly partition: string,
    private readonly mostShare: number,
  ) {}

  /** The run before the message at this offset: what was seen of a batch that comes again is forgotten. */
  begin(offset: number): BatchRun {
    while (this.windows.length > 1 && (this.windows.at(-1) as Window).next > offset) this.windows.pop();
    const { refused } = this.windows.at(-1) as Window;
    return new BatchRun(this.partition, this.mostShare, refused);
  }

  /** The batch was looked at to its end; `next` is the offset behind it. */
  end(next: number, run: BatchRun): void {
    this.windows = [...this.windows, { next, refused: run.lastVerdicts() }].slice(-WINDOWS_KEPT);
  }
}

/** The verdicts on the messages of one batch, after those before it. */
export class BatchRun {
  private readonly ring: boolean[];
  private next: number;
  private count: number;

  constructor(
    private readonly partition: string,
    private readonly mostShare: number,
    before: readonly boolean[],
  ) {
    this.ring = [...before];
    this.next = before.length % RUN_LENGTH;
    this.count = before.reduce((sum, isRefused) => sum + Number(isRefused), 0);
  }

  /** One more verdict. @throws TooManyRefused when with it most of the last 2,000 are refused */
  add(isRefused: boolean): void {
    this.count += Number(isRefused) - Number(this.ring[this.next] ?? false);
    this.ring[this.next] = isRefused;
    this.next = (this.next + 1) % RUN_LENGTH;
    if (this.ring.length < RUN_LENGTH || this.count <= RUN_LENGTH * this.mostShare || this.mostShare >= 1) return;
    throw new TooManyRefused(
      `stopped reading ${this.partition}: ${this.count} of ${RUN_LENGTH} messages in a row were refused, so the fault is more ` +
        `likely ours or a producer's release than single bad messages. Look at the table dead_letters, then fix it and ` +
        `restart ingest, or set INGEST_MOST_REFUSED_SHARE=1 to have them all refused.`,
    );
  }

  /** The last verdicts, oldest first. */
  lastVerdicts(): boolean[] {
    const isFull = this.ring.length === RUN_LENGTH;
    return isFull ? [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)] : [...this.ring];
  }
}
