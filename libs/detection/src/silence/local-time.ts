import type { Region } from '@ringwatch/rollout';
import { hourOf } from './own-hours';

/** Hours from UTC in which most of a region's people live, from west to east, summer time included. */
const offsets: Record<Exclude<Region, 'other'>, readonly [number, number]> = {
  africa: [0, 3],
  americas: [-8, -3],
  asia: [3, 9],
  europe: [0, 3],
  oceania: [8, 13],
};

/** Local hours in which people switch hosts off for the night: from afternoon to midnight. */
const SWITCH_OFF_FROM = 15;

/**
 * May people of the region be switching their hosts off at this time, for all that is known of a host is its region? Where
 * not even that is known, they always may.
 */
export function isSwitchOffTime(region: Region, instant: number): boolean {
  if (region === 'other') return true;
  const [west, east] = offsets[region];
  const utc = ((hourOf(instant) % 24) + 24) % 24;
  for (let offset = west; offset <= east; offset++) if ((utc + offset + 24) % 24 >= SWITCH_OFF_FROM) return true;
  return false;
}

/** Saturday or Sunday, by the clock in the middle of the region. */
export function isWeekend(region: Region, instant: number): boolean {
  const [west, east] = region === 'other' ? [0, 0] : offsets[region];
  const day = Math.floor((hourOf(instant) + (west + east) / 2) / 24);
  // 1 January 1970 was a Thursday.
  return ((((day + 4) % 7) + 7) % 7) % 6 === 0;
}
