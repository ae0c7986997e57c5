const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Typical UTC offset in hours of a country's working population in July and its share of the simulated hosts.
 * Offsets are one per country on purpose (the fleet needs office hours, not time zones); shares are our assumption.
 */
export const COUNTRIES: readonly { code: string; share: number; utcOffsetHours: number }[] = [
  { code: 'US', share: 0.34, utcOffsetHours: -5 },
  { code: 'GB', share: 0.08, utcOffsetHours: 1 },
  { code: 'DE', share: 0.08, utcOffsetHours: 2 },
  { code: 'JP', share: 0.07, utcOffsetHours: 9 },
  { code: 'IN', share: 0.06, utcOffsetHours: 5.5 },
  { code: 'FR', share: 0.05, utcOffsetHours: 2 },
  { code: 'AU', share: 0.05, utcOffsetHours: 10 },
  { code: 'CA', share: 0.04, utcOffsetHours: -5 },
  { code: 'BR', share: 0.03, utcOffsetHours: -3 },
  { code: 'NL', share: 0.03, utcOffsetHours: 2 },
  { code: 'ES', share: 0.03, utcOffsetHours: 2 },
  { code: 'IT', share: 0.02, utcOffsetHours: 2 },
  { code: 'SG', share: 0.02, utcOffsetHours: 8 },
  { code: 'CH', share: 0.02, utcOffsetHours: 2 },
  { code: 'MX', share: 0.02, utcOffsetHours: -6 },
  { code: 'PL', share: 0.01, utcOffsetHours: 2 },
  { code: 'SE', share: 0.01, utcOffsetHours: 2 },
  { code: 'ZA', share: 0.01, utcOffsetHours: 2 },
  { code: 'KR', share: 0.01, utcOffsetHours: 9 },
  { code: 'AE', share: 0.01, utcOffsetHours: 4 },
  { code: 'ZZ', share: 0.01, utcOffsetHours: 0 },
];

const offsets = new Map(COUNTRIES.map((country) => [country.code, country.utcOffsetHours * HOUR_MS]));

/** UTC offset of a country in milliseconds; 0 for one that is not in the table. */
export function utcOffsetMs(country: string): number {
  return offsets.get(country) ?? 0;
}

/** Milliseconds since local midnight. */
export function timeOfDayMs(localMs: number): number {
  return ((localMs % DAY_MS) + DAY_MS) % DAY_MS;
}

/** Day of the week of a local time: 0 is Sunday. 1 January 1970 was a Thursday. */
export function weekday(localMs: number): number {
  return (Math.floor(localMs / DAY_MS) + 4) % 7;
}

/**
 * Factor on the background rate at a host's local time: highest in the early afternoon of a working day, lowest in a
 * weekend's night, within 1 - amplitude .. 1 + amplitude, and 1 on the average of a week.
 */
export function seasonFactor(localMs: number, amplitude: number): number {
  const ofDay = Math.cos((2 * Math.PI * (timeOfDayMs(localMs) - 14 * HOUR_MS)) / DAY_MS);
  const day = weekday(localMs);
  const ofWeek = day === 0 || day === 6 ? -1 : 0.4;
  return 1 + amplitude * (0.6 * ofDay + 0.4 * ofWeek);
}
