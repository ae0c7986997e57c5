import fc from 'fast-check';

/** JSON texts. */
export type Json = fc.Arbitrary<string>;

/** The record timestamp of made-up messages; their events occur before it, or less than a day after. */
export const TIMESTAMP = Date.parse('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;

/** One of these; and texts as strings in JSON. */
export const one = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
export const quoted = (text: fc.Arbitrary<string>): Json => text.map((each) => JSON.stringify(each));

/** Some of a string's characters as escapes. */
export const escaped = (text: fc.Arbitrary<string>): Json =>
  fc.tuple(text, fc.nat()).map(([each, seed]) => {
    const units = each.split('').map((unit, at) => {
      if (unit === '/' && seed % 2 === 0) return '\\/';
      const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return (seed >> (at % 31)) & 1
        ? `\\u${seed % 3 === 0 ? code.toUpperCase() : code}`
        : JSON.stringify(unit).slice(1, -1);
    });
    return `"${units.join('')}"`;
  });

/** Characters that are kept: of one to four bytes, quotes, backslashes, marks of JSON, a byte order mark, unassigned ones. */
const character = fc.oneof(
  one(
    ...'abcXYZ019 _-/:.,{}[]"\\\'',
    'é',
    'ß',
    'İ',
    'K',
    'Ω',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\uffff',
    '😀',
    '𐐀',
    '\u{10ffff}',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .filter((each) => [...each].length === 1 && !/[\p{Cc}\p{Cs}]/u.test(each)),
);
/** Texts that are kept, short ones and the longest. */
export const oddText = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.array(character, { minLength: min, maxLength: Math.min(max, 12) }).map((each) => each.join('')),
    fc.array(character, { minLength: max, maxLength: max, size: 'max' }).map((each) => each.join('')),
  );
/** Instants that an event of then may have. */
export const instant: fc.Arbitrary<number> = fc.integer({
  min: TIMESTAMP - 200 * HOUR_MS,
  max: TIMESTAMP + 24 * HOUR_MS,
});
const pad = (value: number, length = 2) => String(value).padStart(length, '0');
/** The same moment as other zones and other hands write it. */
const written = fc.tuple(
  instant,
  fc.integer({ min: -23 * 60, max: 23 * 60 }),
  fc.string({ unit: one(...'0123456789'), maxLength: 12 }),
);
export const oddInstant: fc.Arbitrary<string> = fc.oneof(
  written.map(([at, offset, digits]) => {
    const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
    const local = new Date(at - 1_000 + offset * 60_000).toISOString().slice(0, 19);
    return `${local}${digits === '' ? '' : `.${digits}`}${zone}`;
  }),
  written.map(([at, , digits]) =>
    `${new Date(at - 1_000).toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}z`.replace('T', 't'),
  ),
  one(
    '2016-12-31T23:59:60Z',
    '2016-12-31T23:59:60.999Z',
    '2017-01-01T00:59:60+01:00',
    '2024-02-29T00:00:00Z',
    '2000-02-29T23:59:59.999999Z',
  ),
);
/** As producers write them; and with zeros before them, in either case. */
export const shortHexadecimal = (bits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }).map((value) => `0x${value.toString(16)}`);
export const hexadecimal = (bits: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }), fc.nat({ max: 3 }), fc.boolean())
    .map(([value, zeros, isUpper]) => {
      const digits = value.toString(16);
      return `0x${'0'.repeat(zeros)}${isUpper ? digits.toUpperCase() : digits}`;
    });
/** Integers that are written as themselves, and such as are not. */
export const integer = (bits: number): Json => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }).map(String);
export const oddInteger = one('0', '-0', '80.0', '8e1', '800E-1', '-0.0e-5', '4294967295', '4.294967295e9');
