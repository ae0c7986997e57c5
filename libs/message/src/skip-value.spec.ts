import fc from 'fast-check';
import { JsonError, parseJson } from './json';
import { MAX_MESSAGE_DEPTH } from './limits';
import { hexadecimal, skipSpace, skipValue } from './skip-value';

const BEFORE = '"{[\\';
/** Each of these would go on with what stands before it. */
const followers = ['', '"', '}', ']', '0', '.5', 'e1', '"}]', '\\"', '0000"'];

/** How many bytes of the text are taken as a value at this depth, whatever follows; -1 for none. */
function taken(text: string, depth = 1): number {
  const lengths = followers.map((after) => {
    const bytes = Buffer.from(`${BEFORE}${text}${after}`);
    const end = bytes.length - Buffer.byteLength(after);
    const next = skipValue(bytes, BEFORE.length, end, depth);
    return next < 0 ? -1 : next - BEFORE.length;
  });
  expect(new Set(lengths).size).toBe(1);
  return lengths[0] as number;
}

const whole = (text: string, depth?: number) => taken(text, depth) === Buffer.byteLength(text);
const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);

function isJson(text: string, maxDepth: number): boolean {
  try {
    parseJson(text, maxDepth);
    return true;
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

describe('skipValue', () => {
  it.each([
    ...['true', 'false', 'null', '0', '-0', '-1', '10', '1.5', '1e5', '1E+5', '1e-05', '-0.0e0', '1'.repeat(500)],
    ...['""', '"a"', String.raw`"\"\\\/\b\f\n\r\t\u00e9\uD83D"`, '"\u007f"', '"é€😀"', '"]}"'],
    ...[
      '[]',
      '[ ]',
      '[1]',
      '[ 1 , "a" ,\n[] , {} ]',
      '{}',
      '{ }',
      '{"a":1}',
      '{ "a" :\t1 , "a" : { "b" : [ ] } }',
      '{"":""}',
    ],
  ])('takes %s', (text) => {
    expect(whole(text)).toBe(true);
    expect(isJson(text, 32)).toBe(true);
  });

  it.each([
    ...[
      '',
      ' ',
      'tru',
      'True',
      'truE',
      'nul',
      'fals',
      'undefined',
      'NaN',
      'Infinity',
      "'a'",
      '/**/1',
      ',',
      ':',
      '}',
      ']',
    ],
    ...['01', '-01', '00', '-', '+1', '.5', '1.', '-.5', '1.e5', '1e', '1e+', '1E-', '0x50', '-a'],
    ...[
      '"',
      '"a',
      '"\\',
      '"\\"',
      '"\\x"',
      '"\\U0041"',
      '"\\u"',
      '"\\u12"',
      '"\\u123g"',
      '"\\u123',
      '"\\\'"',
      '"\u0000"',
      '"\n"',
      '"\u001f"',
    ],
    ...[
      '[',
      '[1',
      '[1,',
      '[1,]',
      '[,1]',
      '[1 2]',
      '[1}',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,',
      '{"a":1,}',
      '{,}',
      '{"a" 1}',
    ],
    ...['{a:1}', '{1:1}', '{"a":1 "b":2}', '{"a":1]', '{"a"}', '{"a":}', '{"a","b"}', '{"a\u0001":1}', '[[]', '[{]}'],
  ])('does not take %j', (text) => {
    expect(whole(text)).toBe(false);
    expect(isJson(text, 32)).toBe(false);
  });

  it('allows as much nesting as the parser', () => {
    const inside = MAX_MESSAGE_DEPTH - 1;
    expect([whole(nested(inside)), whole(nested(inside + 1))]).toEqual([true, false]);
    expect([whole('{"a":'.repeat(inside) + '1' + '}'.repeat(inside)), whole(nested(inside, '{}'))]).toEqual([
      true,
      false,
    ]);
    expect([whole(nested(29), 3), whole(nested(30), 3), whole('1', 32), whole('[]', 32)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(taken('['.repeat(250_000))).toBe(-1);
  });

  it('takes what the parser takes, of anything like JSON', () => {
    const piece = fc.constantFrom(
      ...'{}[],:"\\ \n0123-+.eEtu',
      'true',
      'null',
      '"a"',
      '"\\u0041"',
      '1.5',
      '"a":',
      'é',
      '\u007f',
      '\u0001',
    );
    const random = fc.array(piece, { maxLength: 12 }).map((each) => each.join(''));
    const damaged = fc.tuple(fc.json(), fc.nat(), piece).map(([json, at, by]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + by + json.slice(place + (at % 3));
    });
    fc.assert(
      fc.property(fc.oneof(random, damaged, fc.json()), (text) => {
        fc.pre(text.trim() === text);
        expect(whole(text)).toBe(isJson(text, 31));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('skipSpace', () => {
  it('passes the four characters that JSON takes for white space, up to the end', () => {
    const bytes = Buffer.from(' \n\r\t  x');
    expect([skipSpace(bytes, 0, 7), skipSpace(bytes, 0, 3), skipSpace(bytes, 6, 7)]).toEqual([6, 3, 6]);
    for (const other of ['\u000b', '\f', '\0', '\u00a0', '\ufeff', '\u2028'])
      expect(skipSpace(Buffer.from(other), 0, 1)).toBe(0);
  });
});

describe('hexadecimal', () => {
  it('knows each of the 256 bytes', () => {
    for (let byte = 0; byte < 256; byte++) {
      const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
      expect(hexadecimal(byte)).toBe(byte < 0x80 ? digit : -1);
    }
  });
});
