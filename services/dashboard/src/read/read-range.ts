import { type RangeName, type TimeRange, rangeEndingAt } from '../parts/time-range';
import type { Status } from './answers';
import { read } from './read';

/** The range of this name, as it lies by the newest event in the store. */
export async function readRange(name: RangeName, signal: AbortSignal): Promise<TimeRange> {
  const { newest_event_at: newest } = await read<Status>('status', {}, signal);
  return newest === null ? {} : rangeEndingAt(newest, name);
}
