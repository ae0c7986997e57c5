const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const MINUTE_MS = 60_000;

/**
 * An RFC 3339 date-time as milliseconds since 1970 UTC, or undefined where the text is none. What is finer than a
 * millisecond is cut. A leap second (23:59:60 UTC at the end of a month) is the first moment of the next day, as in POSIX time.
 */
export function parseInstant(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offset = offsetMs(match[8], Number(match[9] ?? 0), Number(match[10] ?? 0));
  if (offset === undefined || hour > 23 || minute > 59 || second > 60 || !isDate(year, month, day)) return undefined;
  const fraction = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const instant = utc(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset;
  return second < 60 || startsMonth(instant - fraction) ? instant : undefined;
}

/** Milliseconds since 1970 as RFC 3339 in UTC, always with three decimals. */
export function formatInstant(instant: number): string {
  return new Date(instant).toISOString();
}

/** `Date.UTC` reads years below 100 as 19xx. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  return date.setUTCFullYear(year, month - 1, day);
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(utc(year, month, day));
  return month >= 1 && month <= 12 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function offsetMs(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

function startsMonth(instant: number): boolean {
  const date = new Date(instant);
  return date.getUTCDate() === 1 && date.getUTCHours() === 0 && date.getUTCMinutes() === 0;
}
