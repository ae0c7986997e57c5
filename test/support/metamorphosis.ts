import type { FleetRecord } from '@ringwatch/fleet';

const SECOND = 1_000;

/** A host's clock that is further ahead is not believed: its events are placed by their arrival (contract, section 3). */
const BELIEVED_AHEAD_MS = 2 * 60 * SECOND;

/**
 * The same bugchecks, arriving in another order within each tick: their arrival times go to others of the tick. Left alone
 * are hosts of which something else is heard in the same tick or nothing was heard before it, since there the order says
 * what was known of the host; and hosts whose clock is not believed.
 */
export function shuffledWithinTicks(records: readonly FleetRecord[], random: () => number): FleetRecord[] {
  const tickOf = ({ arrivesAtMs }: FleetRecord) => Math.floor(arrivesAtMs / SECOND);
  const inOrder = [...records].sort((a, b) => a.arrivesAtMs - b.arrivesAtMs);
  const firstTick = new Map<string, number>();
  const told = new Set<string>();
  for (const record of inOrder) {
    if (!firstTick.has(record.key)) firstTick.set(record.key, tickOf(record));
    if (record.topic !== 'bugchecks') told.add(`${record.key} ${tickOf(record)}`);
  }
  const mayMove = (record: FleetRecord) =>
    record.topic === 'bugchecks' &&
    firstTick.get(record.key)! < tickOf(record) &&
    !told.has(`${record.key} ${tickOf(record)}`) &&
    Date.parse(record.value.occurred_at) <= record.arrivesAtMs - SECOND + BELIEVED_AHEAD_MS;
  const moving = new Map<number, FleetRecord[]>();
  for (const record of inOrder.filter(mayMove))
    moving.set(tickOf(record), [...(moving.get(tickOf(record)) ?? []), record]);
  const moved = [...moving.values()].flatMap((together) => {
    const stamps = shuffled(together, random).map(({ arrivesAtMs }) => arrivesAtMs);
    return together.map((record, index): FleetRecord => ({ ...record, arrivesAtMs: stamps[index]! }));
  });
  return [...inOrder.filter((record) => !mayMove(record)), ...moved];
}

/** The same events, a share of them told 2 to 50 times: the copies come at the same time or up to hours later. */
export function repeated(records: readonly FleetRecord[], random: () => number, share = 0.1): FleetRecord[] {
  const last = records.reduce((most, { arrivesAtMs }) => Math.max(most, arrivesAtMs), 0);
  return records.flatMap((record) => {
    if (random() >= share) return [record];
    const left = last - record.arrivesAtMs;
    const copies = Array.from({ length: 1 + Math.floor(49 * random() ** 3) }, () => ({
      ...record,
      arrivesAtMs: record.arrivesAtMs + Math.floor(left * random() ** 4),
    }));
    return [record, ...copies];
  });
}

/** The events in any order, each with its own arrival time: what a store gets whose batches fell in another way. */
export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const left = [...values];
  for (let end = left.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1));
    [left[end], left[other]] = [left[other]!, left[end]!];
  }
  return left;
}
