import { TooManyRefused } from './refusal-run';

/** Partitions that are no longer read because most of what stands there was refused. A person has to look. */
export class StoppedPartitions {
  private readonly reasons = new Map<string, string>();

  /** Takes note of a failed batch; true when it stopped its partition just now, so that it is said once. */
  note(error: unknown, topic: string, partition: number): boolean {
    const name = `${topic}[${partition}]`;
    if (!(error instanceof TooManyRefused)) {
      this.reasons.delete(name);
      return false;
    }
    const isNew = !this.reasons.has(name);
    this.reasons.set(name, error.message);
    return isNew;
  }

  /** A rebalance: whoever reads them next says it anew. */
  forget(): void {
    this.reasons.clear();
  }

  /** @throws Error with the reasons while any partition is stopped */
  requireNone(): void {
    if (this.reasons.size > 0) throw new Error([...this.reasons.values()].join('\n'));
  }
}
