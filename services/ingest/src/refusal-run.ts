/** How many of a partition's last messages are looked at, and which share of refused ones says that the fault is ours. */
const RUN_LENGTH = 2_000;
const MOST = 0.5;

/** Most of a long run of messages was refused: a wrong deployment, not bad data. Nothing more is taken from the partition. */
export class TooManyRefused extends Error {
  override readonly name = 'TooManyRefused';
}

/** Watches one partition's verdicts over its last 2,000 messages. */
export class RefusalRun {
  private verdicts: boolean[] = [];

  /**
   * Looks at one more batch without taking it into account yet; each of its messages ends a run, so that the verdict does
   * not hang on where batches end. @throws TooManyRefused when most of any run were refused
   */
  check(topic: string, partition: number, refused: readonly boolean[]): void {
    const all = [...this.verdicts, ...refused];
    let count = 0;
    for (const [index, isRefused] of all.entries()) {
      count += Number(isRefused) - Number(all[index - RUN_LENGTH] ?? false);
      if (index + 1 < RUN_LENGTH || count <= RUN_LENGTH * MOST) continue;
      throw new TooManyRefused(
        `stopped reading ${topic}[${partition}]: ${count} of ${RUN_LENGTH} messages in a row were refused, so the fault is more ` +
          `likely ours or a producer's release than single bad messages. Look at the table dead_letters, fix it, restart ingest.`,
      );
    }
  }

  /** Takes a batch into account once its verdicts are durable. */
  add(refused: readonly boolean[]): void {
    this.verdicts = [...this.verdicts, ...refused].slice(-RUN_LENGTH);
  }
}
