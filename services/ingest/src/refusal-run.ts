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

  /** Looks at one more batch without taking it into account yet. @throws TooManyRefused when it would make most of the run refused */
  check(topic: string, partition: number, refused: readonly boolean[]): void {
    const run = [...this.verdicts, ...refused].slice(-RUN_LENGTH);
    const count = run.filter(Boolean).length;
    if (run.length < RUN_LENGTH || count <= run.length * MOST) return;
    throw new TooManyRefused(
      `stopped reading ${topic}[${partition}]: ${count} of its last ${run.length} messages were refused, so the fault is more ` +
        `likely ours or a producer's release than single bad messages. Look at the table dead_letters, fix it, restart ingest.`,
    );
  }

  /** Takes a batch into account once its verdicts are durable. */
  add(refused: readonly boolean[]): void {
    this.verdicts = [...this.verdicts, ...refused].slice(-RUN_LENGTH);
  }
}
