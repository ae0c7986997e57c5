import { parseInstant } from './instant';
import { JsonNumber, JsonObject, JsonValue } from './json';
import { EARLIEST_EVENT_MS, MAX_AHEAD_MS } from './limits';
import { Refusal, RefusalReason, refuse } from './refusal';

/** Control characters (all of Unicode's Cc) and lone surrogates: not in a string that we keep. */
const UNKEEPABLE = /[\p{Cc}\p{Cs}]/u;
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/;

/**
 * Reads the fields of a message by the contract's types and limits. The first field that breaks one sets `refusal`; after
 * that every read gives a placeholder, so that a parser can be written straight down and asks once at its end.
 */
export class FieldReader {
  refusal: Refusal | undefined;

  /** `field` and `path` say where in the message `members` stands: the top-level field, and the exact place for people. */
  constructor(
    private readonly members: JsonObject,
    private readonly field = '',
    private readonly path = '',
  ) {}

  has(name: string): boolean {
    return this.members[name] !== undefined;
  }

  /** A string of `min` to `max` characters (code points). */
  text(name: string, min: number, max: number): string {
    const value = this.required(name);
    if (typeof value !== 'string') return this.fail('wrong_type', name, 'a string', value, '');
    if (UNKEEPABLE.test(value)) {
      return this.fail('wrong_type', name, 'text without control characters or lone surrogates', value, '');
    }
    const length = value.length > max ? [...value].length : value.length;
    if (length < min || length > max) return this.fail('out_of_range', name, `${min} to ${max} characters`, value, '');
    return value;
  }

  /** A text that also has a form; `form` says it in words. */
  formed(name: string, limits: { min: number; max: number }, pattern: RegExp, form: string): string {
    const value = this.text(name, limits.min, limits.max);
    if (this.refusal || pattern.test(value)) return value;
    return this.fail('wrong_type', name, form, value, '');
  }

  /** An event's idempotency key. */
  eventId(name: string): string {
    return this.formed(name, { min: 1, max: 64 }, /^[A-Za-z0-9._:-]+$/, 'only A-Z a-z 0-9 . _ : -');
  }

  /** An ISO 3166-1 alpha-2 code; which letters are assigned is not checked, a new country is no fault of the producer. */
  country(name: string): string {
    return this.formed(name, { min: 0, max: Infinity }, /^[A-Z]{2}$/, 'two upper-case letters (ISO 3166-1 alpha-2)');
  }

  /** An update channel. Image names are case-insensitive, and so is a channel that is made of one (`driver:<image>`). */
  channel(name: string, min: number): string {
    const channel = this.text(name, min, 160);
    return channel.startsWith('driver:') ? channel.toLowerCase() : channel;
  }

  /** One of the words of a closed list. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.text(name, 0, Infinity);
    const known = words.find((word) => word === value);
    return known ?? this.fail('wrong_type', name, `one of ${words.join(', ')}`, value, words[0] as Word);
  }

  /** An RFC 3339 time with a zone, as milliseconds since 1970. */
  instant(name: string): number {
    const value = this.required(name);
    const instant = typeof value === 'string' ? parseInstant(value) : undefined;
    return instant ?? this.fail('wrong_type', name, 'an RFC 3339 time with a zone', value, 0);
  }

  /** An event time: not before 2000 and not more than a day after the record's timestamp. */
  eventTime(name: string, recordTimestamp: number): number {
    const instant = this.instant(name);
    if (this.refusal || (instant >= EARLIEST_EVENT_MS && instant <= recordTimestamp + MAX_AHEAD_MS)) return instant;
    return this.fail('out_of_range', name, 'a time from 2000 on, at most 24 h after the record', this.members[name], 0);
  }

  /** An unsigned number of so many bits, as a JSON integer or a string with `0x`; exact. */
  unsigned(name: string, bits: 32 | 64): bigint {
    return this.toUnsigned(name, this.required(name), bits, true);
  }

  /** A JSON integer of 0 or more (below 2^64). */
  count(name: string): bigint {
    return this.toUnsigned(name, this.required(name), 64, false);
  }

  /** Exactly `length` unsigned numbers. */
  unsignedList(name: string, length: number, bits: 32 | 64): bigint[] {
    const value = this.required(name);
    if (!Array.isArray(value)) return this.fail('wrong_type', name, `an array of ${length}`, value, []);
    if (value.length !== length) return this.fail('out_of_range', name, `exactly ${length} items`, value, []);
    return value.map((item, index) => this.toUnsigned(`${name}[${index}]`, item, bits, true, name));
  }

  /** A JSON number from `min` to `max`. */
  number(name: string, min: number, max: number): number {
    const value = this.required(name);
    if (!(value instanceof JsonNumber)) return this.fail('wrong_type', name, 'a number', value, 0);
    if (value.value < min || value.value > max) return this.fail('out_of_range', name, `${min} to ${max}`, value, 0);
    return value.value;
  }

  /** An array of at most `max` objects, each read by `read`. */
  objects<T>(name: string, max: number, read: (item: FieldReader) => T): T[] {
    const value = this.required(name);
    if (!Array.isArray(value)) return this.fail('wrong_type', name, 'an array', value, []);
    if (value.length > max) return this.fail('out_of_range', name, `at most ${max} items`, value, []);
    const items: T[] = [];
    for (const [index, item] of value.entries()) {
      const path = `${this.path}${name}[${index}]`;
      if (!isObject(item)) return this.fail('wrong_type', name, `objects in ${path}`, item, []);
      const reader = new FieldReader(item, this.field || name, `${path}.`);
      items.push(read(reader));
      if (reader.refusal) {
        this.refusal ??= reader.refusal;
        return [];
      }
    }
    return items;
  }

  private required(name: string): JsonValue {
    const value = this.members[name];
    if (value !== undefined) return value;
    this.refusal ??= refuse('missing_field', this.field || name, `wanted ${this.path}${name}, got nothing`);
    return null;
  }

  private toUnsigned(path: string, value: JsonValue, bits: number, hexadecimal: boolean, field = path): bigint {
    const integer =
      value instanceof JsonNumber
        ? value.integer
        : hexadecimal && typeof value === 'string' && HEXADECIMAL.test(value)
          ? BigInt(value)
          : undefined;
    const form = hexadecimal ? 'an integer or a 0x string' : 'an integer';
    if (integer === undefined) return this.fail('wrong_type', field, `${form} in ${path}`, value, 0n);
    if (integer < 0n || integer >= 1n << BigInt(bits)) {
      return this.fail('out_of_range', field, `${bits} unsigned bits in ${path}`, value, 0n);
    }
    return integer;
  }

  private fail<T>(reason: RefusalReason, name: string, wanted: string, got: JsonValue | undefined, placeholder: T): T {
    this.refusal ??= refuse(reason, this.field || name, `${this.path}${name}: wanted ${wanted}, got ${shown(got)}`);
    return placeholder;
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

/** A short, printable form of what came, for people. */
function shown(value: JsonValue | undefined): string {
  if (typeof value === 'string') {
    const start = [...value.slice(0, 80)].join('').replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
    return `"${start}"${value.length > 80 ? `… (${value.length} characters)` : ''}`;
  }
  if (value instanceof JsonNumber) return String(value.integer ?? value.value).slice(0, 40);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return value === undefined ? 'nothing' : value !== null && typeof value === 'object' ? 'an object' : String(value);
}
