import { parseInstant } from './instant';
import { hexadecimal } from './skip-value';

const DAY_MS = 86_400_000;
const daysOfMonth = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const latin1 = new TextDecoder('latin1');

/** The day that was read last, as its ten bytes' number and its start: most events of a batch share one. */
let lastDay = -1;
let lastDayStart = 0;

/** The RFC 3339 time whose ASCII bytes stand there, as `parseInstant` gives it; NaN where it is none. */
export function instantAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 20 || bytes[end - 1] !== 0x5a || bytes[start + 10] !== 0x54) return parsed(bytes, start, end);
  const day = dayAt(bytes, start);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  const isPlain = bytes[start + 13] === 0x3a && bytes[start + 16] === 0x3a && hour < 24 && minute < 60 && second < 60;
  const fraction = length === 20 ? 0 : fractionAt(bytes, start + 19, end - 1);
  if (!isPlain || Number.isNaN(day) || fraction < 0) return parsed(bytes, start, end);
  return day + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}

/** Whatever is not of the plain form: another zone, a leap second, small letters, or no time at all. */
function parsed(bytes: Uint8Array, start: number, end: number): number {
  return parseInstant(latin1.decode(bytes.subarray(start, end))) ?? NaN;
}

function dayAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return NaN;
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const name = (year * 100 + month) * 100 + day;
  if (name === lastDay) return lastDayStart;
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1)) return NaN;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (day > (daysOfMonth[month] as number) + (month === 2 && isLeap ? 1 : 0)) return NaN;
  lastDay = name;
  return (lastDayStart = Math.floor(Date.UTC(year, month - 1, day) / DAY_MS) * DAY_MS);
}

/** Two digits as a number; NaN where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 0x30;
  const ones = (bytes[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** The milliseconds of `.123456`, what is finer cut; -1 where it is no fraction. */
function fractionAt(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== 0x2e || end === at + 1) return -1;
  let value = 0;
  for (let index = 1; at + index < end; index++) {
    const digit = (bytes[at + index] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    if (index <= 3) value += digit * (index === 1 ? 100 : index === 2 ? 10 : 1);
  }
  return value;
}

/** Reads unsigned 64-bit numbers into two halves of 32 bits: a JavaScript number cannot hold them, a bigint is slow. */
export class UnsignedAt {
  high = 0;
  low = 0;

  /** A string of `0x` and up to 16 hexadecimal digits; false where it is not that. */
  hexadecimal(bytes: Uint8Array, start: number, end: number): boolean {
    const digits = end - start - 2;
    if (digits < 1 || digits > 16 || bytes[start] !== 0x30 || bytes[start + 1] !== 0x78) return false;
    this.high = 0;
    this.low = 0;
    for (let at = start + 2; at < end; at++) {
      const digit = hexadecimal(bytes[at] as number);
      if (digit < 0) return false;
      this.high = ((this.high << 4) | (this.low >>> 28)) >>> 0;
      this.low = ((this.low << 4) | digit) >>> 0;
    }
    return true;
  }

  /** The decimal digits of a JSON number without sign, fraction or exponent; false where it is not that, or is too large. */
  decimal(bytes: Uint8Array, start: number, end: number): boolean {
    this.high = 0;
    this.low = 0;
    if (end - start > 20) return false;
    for (let at = start; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) return false;
      const low = this.low * 10 + digit;
      const high = this.high * 10 + Math.floor(low / 0x1_0000_0000);
      if (high > 0xffff_ffff) return false;
      this.low = low >>> 0;
      this.high = high;
    }
    return end > start;
  }
}
