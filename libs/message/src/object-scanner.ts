import { byteClass, byteClasses } from './byte-class';
import { skipSpace, skipString, skipValue } from './skip-value';

/** Local, so that the inner loops read no property of a module. */
const classes = byteClasses;
const { plain: PLAIN, high: HIGH } = byteClass;

/** What a member's value is, as far as its first look tells. */
const valueKind = {
  absent: 0,
  /** A string of printable ASCII without escapes: its bytes are its text. */
  ascii: 1,
  /** A string without escapes that has bytes above 0x7f; whether they are UTF-8 is not looked at here. */
  utf8: 2,
  /** A string with escapes or a DEL: what it says has to be decoded. */
  escaped: 3,
  number: 4,
  array: 5,
  /** An object, `true`, `false` or `null`. */
  other: 6,
} as const;

/** The scanner gives up: what it saw is not JSON, or not of the plain form that it knows for certain. */
const UNSURE = -1;
/** Exported by name, since what is exported where it is declared is read as a property of the module in here too. */
export { UNSURE, valueKind };

/**
 * Finds the members of a JSON object where they lie in its bytes, without decoding them. It is strict where it is sure: an
 * object that it takes is JSON (RFC 8259), apart from its bytes above 0x7f, of which the caller makes sure that they are
 * UTF-8. For all else it answers `UNSURE`, and `parseJson` decides. Of a repeated member the last counts.
 *
 * After `scan`, member `i` (by its place in `names`) has `kinds[i]`; its bytes are `starts[i]` (inclusive) to `ends[i]`
 * (exclusive): a string without its quotes, an array with its brackets. `hashes[i]` is a hash of an ASCII string's bytes.
 */
export class ObjectScanner {
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
  /** Whether a byte above 0x7f was met since this was last set to false. */
  sawHighBytes = false;
  /** The names as they stand in JSON, with their quotes. */
  private readonly quoted: Uint8Array[];
  /** Which member came after this one last time (index + 1; 0 is the start): producers keep an order. */
  private readonly following: Int32Array;

  constructor(names: readonly string[]) {
    this.kinds = new Uint8Array(names.length);
    this.starts = new Int32Array(names.length);
    this.ends = new Int32Array(names.length);
    this.hashes = new Int32Array(names.length);
    this.quoted = names.map((name) => new TextEncoder().encode(`"${name}"`));
    this.following = new Int32Array(names.length + 1).map((_, index) => Math.min(index, names.length - 1));
  }

  /** Scans the object whose `{` stands at `at`, at this depth of nesting; the index after its `}`, or `UNSURE`. */
  scan(bytes: Uint8Array, at: number, end: number, depth: number): number {
    for (let member = 0; member < this.kinds.length; member++) this.kinds[member] = valueKind.absent;
    let previous = 0;
    at = skipSpace(bytes, at + 1, end);
    if (bytes[at] === 0x7d && at < end) return at + 1;
    for (;;) {
      let member = this.following[previous] as number;
      let next = matches(bytes, at, end, this.quoted[member] as Uint8Array);
      if (next === UNSURE) {
        next = this.skipName(bytes, at, end);
        if (next === UNSURE) return UNSURE;
        member = this.find(bytes, at, next);
        if (member >= 0) this.following[previous] = member;
      }
      at = bytes[next] === 0x3a ? next : skipSpace(bytes, next, end);
      if (at >= end || bytes[at] !== 0x3a) return UNSURE;
      at = (bytes[at + 1] as number) > 0x20 ? at + 1 : skipSpace(bytes, at + 1, end);
      at = member >= 0 ? this.value(bytes, at, end, member, depth) : this.unknown(bytes, at, end, depth);
      if (at === UNSURE) return UNSURE;
      if (member >= 0) previous = member + 1;
      if (at < end && (bytes[at] as number) <= 0x20) at = skipSpace(bytes, at, end);
      if (at >= end) return UNSURE;
      const separator = bytes[at];
      if (separator === 0x7d) return at + 1;
      if (separator !== 0x2c) return UNSURE;
      at = bytes[at + 1] === 0x22 ? at + 1 : skipSpace(bytes, at + 1, end);
    }
  }

  private value(bytes: Uint8Array, at: number, end: number, member: number, depth: number): number {
    if (at >= end) return UNSURE;
    const first = bytes[at] as number;
    if (first === 0x22) return this.text(bytes, at + 1, end, member);
    const after = skipValue(bytes, at, end, depth);
    if (after === UNSURE) return UNSURE;
    this.kinds[member] =
      first === 0x5b
        ? valueKind.array
        : first === 0x2d || (first >= 0x30 && first <= 0x39)
          ? valueKind.number
          : valueKind.other;
    this.starts[member] = at;
    this.ends[member] = after;
    if (first === 0x5b || first === 0x7b) this.noteHighBytes(bytes, at, after);
    return after;
  }

  private text(bytes: Uint8Array, start: number, end: number, member: number): number {
    let hash = 0;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (classes[byte] !== PLAIN) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.starts[member] = start;
    this.ends[member] = at;
    this.hashes[member] = hash;
    this.kinds[member] = valueKind.ascii;
    return at < end && bytes[at] === 0x22 ? at + 1 : this.textBeyondAscii(bytes, at, end, member);
  }

  private textBeyondAscii(bytes: Uint8Array, at: number, end: number, member: number): number {
    const next = skipString(bytes, at, end);
    if (next === UNSURE) return UNSURE;
    let kind: number = valueKind.utf8;
    for (let each = at; each < next - 1; each++) {
      const found = classes[bytes[each] as number];
      if (found === HIGH) this.sawHighBytes = true;
      else if (found !== PLAIN) kind = valueKind.escaped;
    }
    this.ends[member] = next - 1;
    this.kinds[member] = kind;
    return next;
  }

  private unknown(bytes: Uint8Array, at: number, end: number, depth: number): number {
    const after = skipValue(bytes, at, end, depth);
    if (after !== UNSURE) this.noteHighBytes(bytes, at, after);
    return after;
  }

  /** A member's name; one with escapes could be any name, so it is left to the parser. */
  private skipName(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end || bytes[at] !== 0x22) return UNSURE;
    const after = skipString(bytes, at + 1, end);
    for (let each = at; each < after; each++) if (bytes[each] === 0x5c) return UNSURE;
    if (after !== UNSURE) this.noteHighBytes(bytes, at, after);
    return after;
  }

  private find(bytes: Uint8Array, start: number, after: number): number {
    return this.quoted.findIndex(
      (name) => name.length === after - start && matches(bytes, start, after, name) !== UNSURE,
    );
  }

  private noteHighBytes(bytes: Uint8Array, start: number, end: number): void {
    let seen = 0;
    for (let at = start; at < end; at++) seen |= bytes[at] as number;
    if (seen > 0x7f) this.sawHighBytes = true;
  }
}

function matches(bytes: Uint8Array, at: number, end: number, name: Uint8Array): number {
  const length = name.length;
  if (at + length > end) return UNSURE;
  for (let index = 0; index < length; index++) if (bytes[at + index] !== name[index]) return UNSURE;
  return at + length;
}
