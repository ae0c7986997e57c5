import fc from 'fast-check';
import { parseInstant } from './instant';
import { UnsignedAt, instantAt } from './value-at';

/** What stands before and after: all of it would go on with a time or a number. */
const BEFORE = '0x12024-01-01T';
const AFTER = '0Z0f9+00:00"';

/** Reads the text where it lies between others. */
function between<T>(text: string, read: (bytes: Uint8Array, start: number, end: number) => T): T {
  const bytes = Buffer.from(`${BEFORE}${text}${AFTER}`);
  return read(bytes, BEFORE.length, bytes.length - AFTER.length);
}

const instantOf = (text: string) => between(text, instantAt);
const fractions = Array.from({ length: 13 }, (_, digits) => '987654321098'.slice(0, digits));
const days = ['0000-01-01', '0001-01-01', '0099-12-31', '1582-10-10', '1600-02-29', '1900-01-01', '1969-12-31'];
const laterDays = ['1970-01-01', '1972-02-29', '2000-02-29', '2024-02-29', '2024-12-31', '2100-02-28', '2299-12-31'];
const badDays = ['2023-02-29', '1900-02-29', '2100-02-29', '2024-02-30', '2024-04-31', '2024-13-01', '2024-00-01'];
const brokenDays = ['2024-01-00', '2024-01-32', '2024/01/01', '20240-1-01', '2o24-01-01', '-024-01-01', '2024-1-011'];

describe('instantAt', () => {
  it.each([
    ...[...days, ...laterDays, '9999-12-31'].map((day) => `${day}T00:00:00Z`),
    ...[...days, ...laterDays, '9999-12-31'].map((day) => `${day}T23:59:59.999Z`),
    ...fractions.slice(1).map((digits) => `2024-07-19T04:09:01.${digits}Z`),
    ...['2024-07-19t04:09:01Z', '2024-07-19T04:09:01z', '2024-07-19t04:09:01.5z', '2024-07-19T04:09:01.000000001z'],
    ...['+00:00', '-00:00', '+05:30', '-23:59', '+23:59'].map((zone) => `2024-07-19T04:09:01.25${zone}`),
    ...['2016-12-31T23:59:60Z', '2015-06-30T23:59:60.75Z', '2017-01-01T00:59:60+01:00', '2016-12-31T15:59:60-08:00'],
  ])('reads %s as parseInstant does', (text) => {
    expect(instantOf(text)).toBe(parseInstant(text));
    expect(instantOf(text)).not.toBeNaN();
  });

  it.each([
    ...[...badDays, ...brokenDays].map((day) => `${day}T00:00:00Z`),
    ...[
      '',
      'Z',
      'T',
      '2024-07-19',
      '2024-07-19T04:09Z',
      '2024-07-19T04:09:01',
      '2024-07-19 04:09:01Z',
      '2024-07-19T04:09:01.Z',
    ],
    ...[
      '2024-07-19T24:00:00Z',
      '2024-07-19T23:60:00Z',
      '2024-07-19T23:59:60Z',
      '2016-12-31T23:59:61Z',
      '2016-12-31T22:59:60Z',
    ],
    ...[
      '2024-07-19T04.09:01Z',
      '2024-07-19T04:09.01Z',
      '2024-07-19T4:009:01Z',
      '2024-07-19T04:09:1 Z',
      '2024-07-19T04:09:01 Z',
    ],
    ...[
      '2024-07-19T04:09:01,5Z',
      '2024-07-19T04:09:01.5.5Z',
      '2024-07-19T04:09:01.-5Z',
      '2024-07-19T04:09:01.5ZZ',
      '2024-07-19T04:09:0:Z',
    ],
    ...[
      '2024-07-19T04:09:01+24:00',
      '2024-07-19T04:09:01+00:60',
      '2024-07-19T04:09:01+0000',
      '2024-07-19T04:09:01.5+00:00Z',
    ],
    ...[
      ' 2024-07-19T04:09:01Z',
      '2024-07-19T04:09:01Z ',
      '12024-07-19T04:09:01Z',
      '+02024-07-19T04:09:01Z',
      '2024-07-19T04:09:01.a5Z',
    ],
  ])('takes %s for no time, as parseInstant does', (text) => {
    expect(parseInstant(text)).toBeUndefined();
    expect(instantOf(text)).toBeNaN();
  });

  it('is not led astray by the day that it remembers', () => {
    for (const day of [...days, ...badDays, ...laterDays, ...brokenDays, ...laterDays].flatMap((each) => [
      '2024-07-19',
      each,
    ])) {
      const text = `${day}T12:34:56.789Z`;
      expect(instantOf(text)).toBe(parseInstant(text) ?? NaN);
    }
  });

  it('says what parseInstant says of anything like a time', () => {
    const digits = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
    const mark = (usual: string, ...others: string[]) =>
      fc.oneof({ weight: 20, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others, '') });
    const small = (max: number) => fc.integer({ min: 0, max }).map((each) => String(each).padStart(2, '0'));
    const parts = [
      digits(4),
      mark('-', '/', ':'),
      small(13),
      mark('-', '/'),
      small(32),
      mark('T', 't', ' '),
      small(24),
    ];
    const rest = [
      mark(':', '.'),
      small(60),
      mark(':', '-'),
      small(61),
      mark('', '.', '.5', '.0009'),
      mark('Z', 'z', '+01:00', 'ZZ'),
    ];
    const anything = fc.tuple(...parts, ...rest).map((each) => each.join(''));
    fc.assert(
      fc.property(anything, (text) => expect(instantOf(text)).toBe(parseInstant(text) ?? NaN)),
      { numRuns: 3_000 },
    );
  });
});

describe('UnsignedAt', () => {
  const unsigned = new UnsignedAt();
  const value = () => (BigInt(unsigned.high) << 32n) | BigInt(unsigned.low);
  const hexadecimal = (text: string) =>
    between(text, (bytes, start, end) => (unsigned.hexadecimal(bytes, start, end) ? value() : undefined));
  const decimal = (text: string) =>
    between(text, (bytes, start, end) => (unsigned.decimal(bytes, start, end) ? value() : undefined));
  const most = 2n ** 64n - 1n;

  it.each([
    ['0x0', 0n],
    ['0x50', 0x50n],
    ['0x00000050', 0x50n],
    ['0xDeadBEEF', 0xdeadbeefn],
    ['0x123456789abcdef0', 0x123456789abcdef0n],
    ['0xABCDEFabcdef0123', 0xabcdefabcdef0123n],
    ['0x0000000080000000', 0x80000000n],
    ['0xffffffffffffffff', most],
  ])('reads %s', (text, expected) => expect(hexadecimal(text)).toBe(expected));

  it.each([
    ...[
      '',
      '0',
      '0x',
      'x0',
      '0X50',
      '50',
      '-0x50',
      '+0x50',
      ' 0x50',
      '0x50 ',
      '0x5g',
      '0x5G',
      '0x5@',
      '0x5`',
      '0x5/',
      '0x5:',
    ],
    ...['0x5_0', '0x5.0', '0x0x50', '0x00000000000000050', '0x10000000000000000', '0x5é', '0x5\u0130'],
  ])('is not sure of %j as hexadecimal', (text) => expect(hexadecimal(text)).toBeUndefined());

  it.each([
    ['0', 0n],
    ['80', 80n],
    ['4294967295', 2n ** 32n - 1n],
    ['4294967296', 2n ** 32n],
    ['9007199254740993', 2n ** 53n + 1n],
    ['18446744073709551615', most],
  ])('reads %s', (text, expected) => expect(decimal(text)).toBe(expected));

  it.each([
    ...['', '-0', '-1', '+1', '80.0', '8e1', '8E1', '1e400', ' 80', '80 ', '8:', '8/', '0x50', '१'],
    ...[
      '18446744073709551616',
      '18446744073709551620',
      '28446744073709551615',
      '99999999999999999999',
      '100000000000000000000',
    ],
  ])('is not sure of %j as decimal', (text) => expect(decimal(text)).toBeUndefined());

  it('reads any number of 64 bits as it is', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: most }), (number) => {
        expect(decimal(String(number))).toBe(number);
        expect(hexadecimal(`0x${number.toString(16)}`)).toBe(number);
      }),
    ));
});
