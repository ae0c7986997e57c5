import type { PartitionProgress } from './arrival-clock';

/** A partition with messages waiting at this offset, and since when (milliseconds of a clock that only goes on). */
interface Standing {
  position: bigint;
  since: number;
  waiting: bigint;
}

/**
 * Sees where nothing goes on although there is work. Both servers may answer all the while: a table that takes no rows, a
 * consumer that fetches no more, a group that nobody can join.
 */
export class StandingStill {
  private partitions = new Map<string, Standing>();

  /** `now`: there are no partitions until the group has given us some. */
  constructor(private withoutAssignmentSince: number | undefined) {}

  /** Partitions were given, possibly none. */
  assigned(): void {
    this.withoutAssignmentSince = undefined;
  }

  /** Partitions were given back, and others are to come. */
  revoked(now: number): void {
    this.withoutAssignmentSince ??= now;
  }

  /** Compares how far our partitions are read with where they end. */
  look(ours: ReadonlyMap<string, PartitionProgress>, ends: ReadonlyMap<string, bigint>, now: number): void {
    const standing = new Map<string, Standing>();
    for (const [name, { position }] of ours) {
      const waiting = (ends.get(name) ?? position) - position;
      if (waiting <= 0n) continue;
      const before = this.partitions.get(name);
      standing.set(name, { position, waiting, since: before?.position === position ? before.since : now });
    }
    this.partitions = standing;
  }

  /** What has stood still for longer than `mostMs`, for people; undefined while all goes on. */
  complaint(now: number, mostMs: number): string | undefined {
    const isTooLong = (since: number) => now - since > mostMs;
    if (this.withoutAssignmentSince !== undefined && isTooLong(this.withoutAssignmentSince))
      return `the consumer group has given no partitions for ${seconds(now - this.withoutAssignmentSince)}`;
    const stuck = [...this.partitions].filter(([, { since }]) => isTooLong(since));
    if (stuck.length === 0) return undefined;
    const named = stuck.map(
      ([name, { position, waiting, since }]) =>
        `${name} stands at offset ${position} for ${seconds(now - since)} with ${waiting} behind it`,
    );
    return `nothing is stored although messages wait: ${named.join('; ')}`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(0)} s`;
}
