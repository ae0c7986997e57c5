import { byteClass, byteClasses } from './byte-class';
import { MAX_MESSAGE_DEPTH } from './limits';

/** Local, so that the inner loops read no property of a module. */
const classes = byteClasses;
const { quote: QUOTE, control: CONTROL, backslash: BACKSLASH } = byteClass;
/** Not JSON as far as this can tell. */
const UNSURE = -1;

/** The first byte at or after `at` that is no white space. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

/**
 * The index after the JSON value at `at`, or -1 where it is none, or nested too deep; `depth` is how deep it stands.
 * Bytes above 0x7f in strings pass: whether they are UTF-8 is for the caller to see.
 */
export function skipValue(bytes: Uint8Array, at: number, end: number, depth: number): number {
  if (at >= end) return UNSURE;
  switch (bytes[at]) {
    case 0x22:
      return skipString(bytes, at + 1, end);
    case 0x7b:
      return depth < MAX_MESSAGE_DEPTH ? skipObject(bytes, at, end, depth + 1) : UNSURE;
    case 0x5b:
      return depth < MAX_MESSAGE_DEPTH ? skipArray(bytes, at, end, depth + 1) : UNSURE;
    case 0x74:
      return skipWord(bytes, at, end, 'true');
    case 0x66:
      return skipWord(bytes, at, end, 'false');
    case 0x6e:
      return skipWord(bytes, at, end, 'null');
    default:
      return skipNumber(bytes, at, end);
  }
}

/** The index after the closing quote of the string whose first character stands at `at`, or -1. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const found = classes[bytes[at] as number];
    if (found === QUOTE) return at + 1;
    if (found === CONTROL) return UNSURE;
    if (found === BACKSLASH) at = skipEscape(bytes, at + 1, end);
    else at++;
    if (at === UNSURE) return UNSURE;
  }
  return UNSURE;
}

function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return UNSURE;
  const letter = bytes[at] as number;
  if (letter !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(letter)) ? at + 1 : UNSURE;
  if (at + 4 >= end) return UNSURE;
  for (let digit = 1; digit <= 4; digit++) if (hexadecimal(bytes[at + digit] as number) < 0) return UNSURE;
  return at + 5;
}

/** The value of a hexadecimal digit, -1 where the byte is none. */
export function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function skipObject(bytes: Uint8Array, at: number, end: number, depth: number): number {
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x7d) return at + 1;
  while (at < end && bytes[at] === 0x22) {
    at = skipString(bytes, at + 1, end);
    if (at === UNSURE) return UNSURE;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== 0x3a) return UNSURE;
    at = skipValue(bytes, skipSpace(bytes, at + 1, end), end, depth);
    if (at === UNSURE) return UNSURE;
    at = skipSpace(bytes, at, end);
    if (at >= end) return UNSURE;
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== 0x2c) return UNSURE;
    at = skipSpace(bytes, at + 1, end);
  }
  return UNSURE;
}

function skipArray(bytes: Uint8Array, at: number, end: number, depth: number): number {
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x5d) return at + 1;
  for (;;) {
    at = skipValue(bytes, at, end, depth);
    if (at === UNSURE) return UNSURE;
    at = skipSpace(bytes, at, end);
    if (at >= end) return UNSURE;
    if (bytes[at] === 0x5d) return at + 1;
    if (bytes[at] !== 0x2c) return UNSURE;
    at = skipSpace(bytes, at + 1, end);
  }
}

function skipWord(bytes: Uint8Array, at: number, end: number, word: string): number {
  if (at + word.length > end) return UNSURE;
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return UNSURE;
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, at: number, end: number): number {
  if (at < end && bytes[at] === 0x2d) at++;
  const whole = at;
  at = skipDigits(bytes, at, end);
  if (at === whole || (bytes[whole] === 0x30 && at > whole + 1)) return UNSURE;
  if (at < end && bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction, end);
    if (at === fraction) return UNSURE;
  }
  if (at < end && ((bytes[at] as number) | 0x20) === 0x65) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    const exponent = at;
    at = skipDigits(bytes, exponent, end);
    if (at === exponent) return UNSURE;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  return at;
}
