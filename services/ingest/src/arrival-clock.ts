/**
 * When messages of one partition arrived, by its arrival clock: the furthest record timestamp so far, so that arrival time
 * follows the records and never goes back. Gives each message's `received_at` and the clock after the last one.
 */
export function stampArrivals(clock: number, timestamps: readonly number[]): { receivedAt: number[]; clock: number } {
  let now = clock;
  const receivedAt = timestamps.map((timestamp) => (now = Math.max(now, timestamp)));
  return { receivedAt, clock: now };
}

/** What is known of one partition: its arrival clock (ms since 1970 UTC) and the next offset that is not stored yet. */
export interface PartitionProgress {
  clock: number;
  position: bigint;
}

/**
 * A partition that is read to its end follows the furthest clock of all: nothing older can still be in it. `furthest` has to
 * be taken before `ends`, else a record could lie between the two.
 */
export function followFurthest(
  partitions: ReadonlyMap<string, PartitionProgress>,
  furthest: number,
  ends: ReadonlyMap<string, bigint>,
): Map<string, number> {
  const moved = new Map<string, number>();
  for (const [name, { clock, position }] of partitions) {
    const end = ends.get(name);
    if (end !== undefined && position >= end && clock < furthest) moved.set(name, furthest);
  }
  return moved;
}
