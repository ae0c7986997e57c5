import type { FleetRecord } from '@ringwatch/fleet';

/** What arrives in one short stretch of arrival time. All of it is acknowledged before the next slice is sent. */
export interface Slice {
  /** End of the stretch, milliseconds since 1970, as shifted; nothing in the slice arrives at or after it. */
  untilMs: number;
  records: FleetRecord[];
}

/** A slice is cut here however short its time: it bounds memory and the size of a request. */
const MAX_RECORDS = 5000;

/**
 * Cuts records in arrival order into slices on a grid of `lengthMs` from `startMs`. Empty stretches give no slice; the
 * stretch that was cut for its size gives several.
 */
export function* cutIntoSlices(records: Iterable<FleetRecord>, startMs: number, lengthMs: number): Generator<Slice> {
  let slice: Slice = { untilMs: startMs + lengthMs, records: [] };
  for (const record of records) {
    const isLater = record.arrivesAtMs >= slice.untilMs;
    if (isLater || slice.records.length >= MAX_RECORDS) {
      if (slice.records.length > 0) yield slice;
      const steps = Math.floor((record.arrivesAtMs - startMs) / lengthMs) + 1;
      slice = { untilMs: startMs + steps * lengthMs, records: [] };
    }
    slice.records.push(record);
  }
  if (slice.records.length > 0) yield slice;
}

/** Longest stretch of arrival time and of wall-clock time that a slice may span: consumers see topics apart by no more. */
const MAX_SIMULATED_MS = 5000;
const MAX_WALL_MS = 1000;

/** Length of a slice in simulated milliseconds at a speed. */
export function sliceLengthMs(speed: number | 'max'): number {
  return speed === 'max' ? MAX_SIMULATED_MS : Math.min(MAX_SIMULATED_MS, Math.round(speed * MAX_WALL_MS));
}
