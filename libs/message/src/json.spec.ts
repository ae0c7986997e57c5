import fc from 'fast-check';
import { JsonError, JsonNumber, JsonValue, parseJson } from './json';

const DEPTH = 32;

/** What JSON.parse would have given: numbers rounded, prototypes as usual. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

/** The value, or `refused`. Nothing but a JsonError counts as a refusal. */
function outcome(parse: () => unknown, isRefusal: (error: unknown) => boolean): unknown {
  try {
    return parse();
  } catch (error) {
    if (isRefusal(error)) return 'refused';
    throw error;
  }
}

const ours = (text: string) =>
  outcome(
    () => plain(parseJson(text, 1_000)),
    (error) => error instanceof JsonError,
  );
const nodes = (text: string) =>
  outcome(
    () => JSON.parse(text),
    (error) => error instanceof SyntaxError,
  );

const integerOf = (text: string) => (parseJson(text, DEPTH) as JsonNumber).integer;

describe('parseJson', () => {
  it('agrees with JSON.parse on every JSON text, numbers by value', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, space);
        expect(ours(spaced)).toEqual(nodes(spaced));
        expect(ours(text)).toEqual(nodes(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes and refuses the same texts as JSON.parse after any small change', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...'{}[]",:\\0123456789+-.eEtfnu \t\n\r\u0000\u001f\u007f\u00a0\u2028\ufeff/\'', ''),
      fc.constantFrom(
        '\\u12',
        '\\u00e9',
        '\\ud800',
        'null',
        'NaN',
        'Infinity',
        '01',
        '1.',
        '.5',
        '1e',
        '0x1',
        '//',
        '"__proto__":',
      ),
    );
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(3), put: pieces });
    fc.assert(
      fc.property(
        fc.json({ stringUnit: 'grapheme' }),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (text, changes) => {
          let changed = text;
          for (const { at, cut, put } of changes) {
            const start = Math.floor(at * changed.length);
            changed = changed.slice(0, start) + put + changed.slice(start + cut);
          }
          expect([changed, ours(changed)]).toEqual([changed, nodes(changed)]);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('keeps every integer exactly, however it is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.nat(30), (integer, zeros) => {
        expect(integerOf(String(integer))).toBe(integer);
        expect(integerOf(`${integer}.${'0'.repeat(zeros + 1)}`)).toBe(integer);
        expect(integerOf(`${integer}e${zeros}`)).toBe(integer * 10n ** BigInt(zeros));
        expect(integerOf(`${integer * 10n ** BigInt(zeros)}E-${zeros}`)).toBe(integer);
      }),
    );
  });

  it.each([
    ['9007199254740993', 2n ** 53n + 1n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['18446744073709551616', 2n ** 64n],
    ['80', 80n],
    ['80.0', 80n],
    ['8e1', 80n],
    ['0.8e2', 80n],
    ['-0', 0n],
    ['-0.0e5', 0n],
    ['-7', -7n],
    ['80.5', undefined],
    ['1e-1', undefined],
    ['1e-400', undefined],
    [`0.${'0'.repeat(500)}1`, undefined],
    [`0.${'0'.repeat(500)}1e501`, 1n],
    [`1.${'0'.repeat(500)}`, 1n],
    ['0e999999999999999999999', 0n],
  ])('reads the number %s as exactly this integer or none', (text, integer) => {
    expect(integerOf(text)).toBe(integer);
  });

  it.each(['1e400', '1e999999999999', `1${'0'.repeat(450)}`, `${'9'.repeat(100_000)}`])(
    'reads a number beyond all limits as an integer beyond all limits (%#)',
    (text) => {
      expect(integerOf(text)! > 2n ** 64n).toBe(true);
      expect(integerOf(`-${text}`)! < 0n).toBe(true);
    },
  );

  it('lets the last of repeated members count', () => {
    expect(plain(parseJson('{"a":1,"b":2,"a":"last"}', DEPTH))).toEqual({ a: 'last', b: 2 });
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'takes %s for a member like any other, and leaves Object.prototype clean',
    (name) => {
      const object = parseJson(`{"${name}":{"polluted":true},"x":1}`, DEPTH) as Record<string, JsonValue>;
      expect(Object.keys(object)).toEqual([name, 'x']);
      expect(Object.getPrototypeOf(object)).toBeNull();
      expect('polluted' in {}).toBe(false);
      expect(object['polluted']).toBeUndefined();
    },
  );

  it('counts the outermost array or object as depth 1', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseJson(nested(DEPTH), DEPTH)).not.toThrow();
    expect(() => parseJson(nested(DEPTH + 1), DEPTH)).toThrow(expect.objectContaining({ kind: 'too_deep' }));
    expect(() => parseJson('{"a":'.repeat(DEPTH) + '1' + '}'.repeat(DEPTH), DEPTH)).not.toThrow();
    expect(() => parseJson(`[${'[],'.repeat(100)}[]]`, 2)).not.toThrow();
  });

  it('does not overflow the stack, however deep a text claims to be', () => {
    expect(() => parseJson('['.repeat(250_000), DEPTH)).toThrow(expect.objectContaining({ kind: 'too_deep' }));
    expect(() => parseJson('{"a":'.repeat(50_000), DEPTH)).toThrow(expect.objectContaining({ kind: 'too_deep' }));
  });

  it.each([
    ['digits', '1'.repeat(260_000)],
    ['zeros', `0.${'0'.repeat(260_000)}1`],
    ['escapes', `"${'\\u0041'.repeat(43_000)}"`],
    ['an open string', `"${'a'.repeat(260_000)}`],
    ['members', `{${Array.from({ length: 20_000 }, (_, index) => `"m${index}":0`).join()}}`],
    ['white space', `${' '.repeat(260_000)}1`],
  ])('reads the longest message of %s in no more than linear time', (_, text) => {
    const startedAt = performance.now();
    outcome(
      () => parseJson(text, DEPTH),
      (error) => error instanceof JsonError,
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
