import { FieldReader } from './field-reader';
import { JsonObject, parseJson } from './json';

/** Reads the member `f` of `{"f": <json>}` by `read`; the refusal, if any, or what was read. */
function reading<T>(json: string | undefined, read: (reader: FieldReader) => T): unknown {
  const text = json === undefined ? '{}' : `{"f":${json}}`;
  const reader = new FieldReader(parseJson(text, 32) as JsonObject);
  const value = read(reader);
  return reader.refusal ? `${reader.refusal.reason} ${reader.refusal.field}` : value;
}

const string = (text: string) => JSON.stringify(text);
const twoPart = '😀';

describe('FieldReader', () => {
  const text = (reader: FieldReader) => reader.text('f', 1, 4);
  it.each([
    ['the shortest', string('a'), 'a'],
    ['the longest', string('abcd'), 'abcd'],
    ['the longest in characters that are two code units each', string(twoPart.repeat(4)), twoPart.repeat(4)],
    ['one character more', string('abcde'), 'out_of_range f'],
    ['one character more, of two code units each', string(twoPart.repeat(5)), 'out_of_range f'],
    ['nothing in it', '""', 'out_of_range f'],
    ['no member', undefined, 'missing_field f'],
    ['null', 'null', 'wrong_type f'],
    ['a number', '1', 'wrong_type f'],
    ['an array', '["a"]', 'wrong_type f'],
    ['NUL', String.raw`"a\u0000"`, 'wrong_type f'],
    ['a newline', String.raw`"a\nb"`, 'wrong_type f'],
    ['DEL', '"\u007f"', 'wrong_type f'],
    ['a C1 control character', '"\u0085"', 'wrong_type f'],
    ['a lone high surrogate', String.raw`"\ud83d"`, 'wrong_type f'],
    ['a lone low surrogate', String.raw`"\ude00a"`, 'wrong_type f'],
    ['surrogates in the wrong order', String.raw`"\ude00\ud83d"`, 'wrong_type f'],
    ['a pair of surrogates, escaped', String.raw`"\ud83d\ude00"`, twoPart],
  ])('text: %s', (_, json, expected) => expect(reading(json, text)).toBe(expected));

  const eventId = (reader: FieldReader) => reader.eventId('f');
  it.each([
    [string('A'), 'A'],
    [string('aZ09._:-'.repeat(8)), 'aZ09._:-'.repeat(8)],
    [string('a'.repeat(65)), 'out_of_range f'],
    ['""', 'out_of_range f'],
    [string('a b'), 'wrong_type f'],
    [string('a/b'), 'wrong_type f'],
    [string('é'), 'wrong_type f'],
    [string('a\n'), 'wrong_type f'],
    ['7', 'wrong_type f'],
  ])('event id %s: %s', (json, expected) => expect(reading(json, eventId)).toBe(expected));

  const country = (reader: FieldReader) => reader.country('f');
  it.each([
    ['"DE"', 'DE'],
    ['"ZZ"', 'ZZ'],
    ['"de"', 'wrong_type f'],
    ['"DEU"', 'wrong_type f'],
    ['""', 'wrong_type f'],
    ['"D1"', 'wrong_type f'],
    ['"ÄÖ"', 'wrong_type f'],
    [string('D'.repeat(500)), 'wrong_type f'],
    ['49', 'wrong_type f'],
  ])('country %s: %s', (json, expected) => expect(reading(json, country)).toBe(expected));

  const channel = (reader: FieldReader) => reader.channel('f', 0);
  it.each([
    ['""', ''],
    ['"Channel-File-291"', 'Channel-File-291'],
    ['"driver:NvLddMkm.SYS"', 'driver:nvlddmkm.sys'],
    ['"Driver:X"', 'Driver:X'],
    [string('c'.repeat(160)), 'c'.repeat(160)],
    [string('c'.repeat(161)), 'out_of_range f'],
  ])('channel %s: %s', (json, expected) => expect(reading(json, channel)).toBe(expected));

  const word = (reader: FieldReader) => reader.word('f', ['on', 'off'] as const);
  it.each([
    ['"off"', 'off'],
    ['"Off"', 'wrong_type f'],
    ['""', 'wrong_type f'],
    [string('o'.repeat(100)), 'wrong_type f'],
    ['true', 'wrong_type f'],
    [undefined, 'missing_field f'],
  ])('word %s: %s', (json, expected) => expect(reading(json, word)).toBe(expected));

  const now = Date.parse('2026-03-01T12:00:00Z');
  const eventTime = (reader: FieldReader) => reader.eventTime('f', now);
  it.each([
    ['a day ahead of the record', '"2026-03-02T12:00:00Z"', now + 86_400_000],
    ['a millisecond more', '"2026-03-02T12:00:00.001Z"', 'out_of_range f'],
    ['a day ahead, what is finer than a millisecond cut', '"2026-03-02T12:00:00.0009Z"', now + 86_400_000],
    ['the first moment of 2000', '"2000-01-01T00:00:00Z"', 946_684_800_000],
    ['the last moment before', '"1999-12-31T23:59:59.999Z"', 'out_of_range f'],
    ['2000 by its own zone, 1999 by UTC', '"2000-01-01T00:59:00+01:00"', 'out_of_range f'],
    ['no time', '"yesterday"', 'wrong_type f'],
    ['a number', '1772366400000', 'wrong_type f'],
  ])('event time: %s', (_, json, expected) => expect(reading(json, eventTime)).toBe(expected));

  const unsigned = (bits: 32 | 64) => (reader: FieldReader) => reader.unsigned('f', bits);
  it.each([
    ['"0x50"', 0x50n],
    ['"0x00000050"', 0x50n],
    ['"0x000000000000000000000050"', 0x50n],
    ['"0xDeadBEEF"', 0xdeadbeefn],
    ['80', 80n],
    ['80.0', 80n],
    ['-0', 0n],
    ['0', 0n],
    ['4294967295', 0xffffffffn],
    ['"0xFFFFFFFF"', 0xffffffffn],
    ['4294967296', 'out_of_range f'],
    ['"0x100000000"', 'out_of_range f'],
    ['-1', 'out_of_range f'],
    ['1e400', 'out_of_range f'],
    ['-1e400', 'out_of_range f'],
    ['1'.repeat(450), 'out_of_range f'],
    [`"0x${'f'.repeat(1_000)}"`, 'out_of_range f'],
    ['80.5', 'wrong_type f'],
    ['1e-400', 'wrong_type f'],
    ['"80"', 'wrong_type f'],
    ['"50"', 'wrong_type f'],
    ['"0X50"', 'wrong_type f'],
    ['"0x"', 'wrong_type f'],
    ['"0x5g"', 'wrong_type f'],
    ['"-0x50"', 'wrong_type f'],
    ['" 0x50"', 'wrong_type f'],
    ['"0x50\\n"', 'wrong_type f'],
    ['"0x5_0"', 'wrong_type f'],
    ['""', 'wrong_type f'],
    ['true', 'wrong_type f'],
    ['null', 'wrong_type f'],
    ['[80]', 'wrong_type f'],
  ])('32 bits from %s: %s', (json, expected) => expect(reading(json, unsigned(32))).toBe(expected));

  it.each([
    ['9007199254740993', 2n ** 53n + 1n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['"0xFFFFFFFFFFFFFFFF"', 2n ** 64n - 1n],
    ['18446744073709551616', 'out_of_range f'],
    ['"0x10000000000000000"', 'out_of_range f'],
    ['1.8446744073709551615e19', 2n ** 64n - 1n],
  ])('64 bits from %s: %s', (json, expected) => expect(reading(json, unsigned(64))).toBe(expected));

  const count = (reader: FieldReader) => reader.count('f');
  it.each([
    ['0', 0n],
    ['9007199254740993', 2n ** 53n + 1n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['18446744073709551616', 'out_of_range f'],
    ['-1', 'out_of_range f'],
    ['1.5', 'wrong_type f'],
    ['"0x1"', 'wrong_type f'],
    ['"1"', 'wrong_type f'],
  ])('a count from %s: %s', (json, expected) => expect(reading(json, count)).toBe(expected));

  const fraction = (reader: FieldReader) => reader.number('f', 0, 1);
  it.each([
    ['0', 0],
    ['1', 1],
    ['1.0', 1],
    ['0.25', 0.25],
    ['1e-400', 0],
    ['1.0000001', 'out_of_range f'],
    ['-1e-9', 'out_of_range f'],
    ['1e400', 'out_of_range f'],
    ['"0.5"', 'wrong_type f'],
  ])('a number from 0 to 1 from %s: %s', (json, expected) => expect(reading(json, fraction)).toBe(expected));

  const four = (reader: FieldReader) => reader.unsignedList('f', 4, 64);
  it.each([
    ['["0x1",2,"0xFFFFFFFFFFFFFFFF",18446744073709551615]', [1n, 2n, 2n ** 64n - 1n, 2n ** 64n - 1n]],
    ['[1,2,3]', 'out_of_range f'],
    ['[1,2,3,4,5]', 'out_of_range f'],
    ['[]', 'out_of_range f'],
    ['[1,2,3,18446744073709551616]', 'out_of_range f'],
    ['[1,2,3,"4"]', 'wrong_type f'],
    ['[1,2,3,null]', 'wrong_type f'],
    ['{"0":1,"1":2,"2":3,"3":4}', 'wrong_type f'],
  ])('four unsigned numbers from %s: %s', (json, expected) => expect(reading(json, four)).toEqual(expected));

  const objects = (reader: FieldReader) => reader.objects('f', 2, (item) => item.text('g', 1, 3));
  it.each([
    ['[]', []],
    ['[{"g":"a"},{"g":"b","h":null}]', ['a', 'b']],
    ['[{"g":"a"},{"g":"b"},{"g":"c"}]', 'out_of_range f'],
    ['[{"g":"a"},{}]', 'missing_field f'],
    ['[{"g":1}]', 'wrong_type f'],
    ['[{"g":"abcd"}]', 'out_of_range f'],
    ['["a"]', 'wrong_type f'],
    ['[null]', 'wrong_type f'],
    ['{"g":"a"}', 'wrong_type f'],
  ])('objects from %s: %s', (json, expected) => expect(reading(json, objects)).toEqual(expected));

  it('keeps the first refusal, and says where, what was wanted and what came', () => {
    const members = parseJson('{"a":[{"b":1},{"b":"\\u0000long"}],"c":5}', 32) as JsonObject;
    const reader = new FieldReader(members);
    reader.objects('a', 5, (item) => item.unsigned('b', 32));
    reader.text('c', 0, 9);
    expect(reader.refusal).toEqual({
      kind: 'refused',
      reason: 'wrong_type',
      field: 'a',
      detail: 'a[1].b: wanted an integer or a 0x string in b, got "\ufffdlong"',
    });
  });

  it('cuts what came to a printable length', () => {
    for (const json of [string('x'.repeat(5_000)), '9'.repeat(5_000), string(twoPart.repeat(3_000))]) {
      const reader = new FieldReader(parseJson(`{"f":${json}}`, 32) as JsonObject);
      reader.unsigned('f', 32);
      reader.text('f', 0, 10);
      expect(reader.refusal!.detail.length).toBeLessThan(200);
      expect(reader.refusal!.detail).toMatch(/^[^\p{Cc}\p{Cs}]*$/u);
    }
  });
});
