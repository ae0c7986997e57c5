import fc from 'fast-check';
import { decodeMessage } from './decode-message';
import { MAX_MESSAGE_BYTES } from './limits';

const bytes = (...parts: Array<string | number[]>) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))));
const padded = (size: number) => Buffer.from(`{"a":"${'x'.repeat(size - 8)}"}`);
const nested = (depth: number) => bytes('{"a":'.repeat(depth - 1), '{}', '}'.repeat(depth - 1));

describe('decodeMessage', () => {
  it.each([
    ['a null value', null, 'not_json'],
    ['an empty value', bytes(''), 'not_json'],
    ['only white space', bytes(' \n'), 'not_json'],
    ['text that is no JSON', bytes('hello'), 'not_json'],
    ['a cut message', bytes('{"a":1'), 'not_json'],
    ['two values', bytes('{} {}'), 'not_json'],
    ['a comma too many', bytes('{"a":1,}'), 'not_json'],
    ['single quotes', bytes("{'a':1}"), 'not_json'],
    ['NaN', bytes('{"a":NaN}'), 'not_json'],
    ['a comment', bytes('{"a":1}//'), 'not_json'],
    ['a raw control character in a string', bytes('{"a":"\u0001"}'), 'not_json'],
    ['a UTF-8 byte order mark', bytes([0xef, 0xbb, 0xbf], '{}'), 'not_json'],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'not_json'],
    ['a lone continuation byte', bytes('{"a":"', [0x80], '"}'), 'not_json'],
    ['a cut sequence', bytes('{"a":"', [0xe2, 0x82], '"}'), 'not_json'],
    ['an overlong slash', bytes('{"a":"', [0xc0, 0xaf], '"}'), 'not_json'],
    ['a surrogate as bytes (CESU-8)', bytes('{"a":"', [0xed, 0xa0, 0x80], '"}'), 'not_json'],
    ['a code point beyond Unicode', bytes('{"a":"', [0xf4, 0x90, 0x80, 0x80], '"}'), 'not_json'],
    ['0xff', bytes([0xff]), 'not_json'],
    ['null', bytes('null'), 'not_object'],
    ['an array', bytes('[{}]'), 'not_object'],
    ['a string', bytes('"{}"'), 'not_object'],
    ['a number', bytes('80'), 'not_object'],
    ['true', bytes('true'), 'not_object'],
    ['one byte over the limit', padded(MAX_MESSAGE_BYTES + 1), 'too_large'],
    ['far over the limit, and no JSON', Buffer.alloc(1_000_000, 0xff), 'too_large'],
    ['depth 33', nested(33), 'too_large'],
    ['250,000 open brackets', Buffer.alloc(250_000, '['), 'too_large'],
  ])('refuses %s', (_, value, reason) => {
    expect(decodeMessage(value)).toMatchObject({
      kind: 'refused',
      reason,
      field: '',
      detail: expect.stringMatching(/./),
    });
  });

  it.each([
    ['an empty object', bytes('{}')],
    ['white space around it', bytes(' \r\n\t{ "a" : 1 } ')],
    ['262,144 bytes', padded(262_144)],
    ['depth 32', nested(32)],
    ['any character, escaped or not', bytes(String.raw`{"a":"é€😀\u0000\ud800"}`)],
    ['a byte order mark inside a string', bytes('{"a":"\ufeff"}')],
    ['a __proto__ member', bytes('{"__proto__":{"polluted":1}}')],
  ])('takes %s', (_, value) => {
    expect(decodeMessage(value).kind).toBe('object');
    expect('polluted' in {}).toBe(false);
  });

  it('has 256 KiB as its limit', () => expect(MAX_MESSAGE_BYTES).toBe(262_144));

  it('takes any bytes whatever without an error', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(anything, (value) => void decodeMessage(value)),
      { numRuns: 2_000 },
    );
  });
});
