/** How many of a partition's last messages are looked at. */
const RUN_LENGTH = 2_000;

/** Most of a long run of messages was refused: a wrong deployment, not bad data. Nothing more is taken from the partition. */
export class TooManyRefused extends Error {
  override readonly name = 'TooManyRefused';
}

/** A batch as its verdicts: the offsets of its messages, in order, and which of them were refused. */
export interface Verdicts {
  offsets: readonly number[];
  refused: ReadonlySet<number>;
}

/** Watches one partition's verdicts over its last 2,000 messages. */
export class RefusalRun {
  private offsets: number[] = [];
  private refused: boolean[] = [];

  /** `mostShare`: which share of refused messages says that the fault is ours; 1 for never. */
  constructor(private readonly mostShare: number) {}

  /**
   * Takes one more batch into account, in place of what was seen before from its first offset on: a batch comes again
   * when it could not be stored. Each of its messages ends a run, so that the verdict does not hang on where batches end.
   * @throws TooManyRefused when most of any run were refused; the batch is then forgotten again
   */
  add(topic: string, partition: number, { offsets, refused }: Verdicts): void {
    const first = offsets[0];
    if (first === undefined || this.mostShare >= 1) return;
    const known = this.offsets.findIndex((offset) => offset >= first);
    if (known >= 0) this.forgetFrom(known);
    const all = [...this.refused, ...offsets.map((offset) => refused.has(offset))];
    if (all.includes(true)) this.require(topic, partition, all);
    this.refused = all.slice(-RUN_LENGTH);
    this.offsets = [...this.offsets, ...offsets.slice(-RUN_LENGTH)].slice(-RUN_LENGTH);
  }

  private forgetFrom(index: number): void {
    this.offsets = this.offsets.slice(0, index);
    this.refused = this.refused.slice(0, index);
  }

  private require(topic: string, partition: number, all: readonly boolean[]): void {
    let count = 0;
    for (const [index, isRefused] of all.entries()) {
      count += Number(isRefused) - Number(all[index - RUN_LENGTH] ?? false);
      if (index + 1 < RUN_LENGTH || count <= RUN_LENGTH * this.mostShare) continue;
      throw new TooManyRefused(
        `stopped reading ${topic}[${partition}]: ${count} of ${RUN_LENGTH} messages in a row were refused, so the fault is more ` +
          `likely ours or a producer's release than single bad messages. Look at the table dead_letters, then fix it and ` +
          `restart ingest, or set INGEST_MOST_REFUSED_SHARE=1 to have them all refused.`,
      );
    }
  }
}
