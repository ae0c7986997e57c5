/** A JSON number with nothing lost: `integer` is set, exactly, when its value has no fraction (`80`, `80.0` and `8e1` are one value). */
export class JsonNumber {
  constructor(
    readonly value: number,
    readonly integer: bigint | undefined,
  ) {}
}

/** An object without a prototype: `__proto__` is a member like any other. */
export type JsonObject = { [name: string]: JsonValue };
export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | JsonObject;

export class JsonError extends Error {
  constructor(
    readonly kind: 'syntax' | 'too_deep',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Parses RFC 8259 JSON without loss: numbers keep their exact integer value, of a repeated member the last counts.
 * `JSON.parse` rounds integers above 2^53 and does not say so, hence our own.
 * @throws JsonError where the text is not JSON, or nested deeper than `maxDepth` (an outermost array or object is depth 1).
 */
export function parseJson(text: string, maxDepth: number): JsonValue {
  const parser = new Parser(text, maxDepth);
  return parser.document();
}

const NUMBER = /(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/y;
// eslint-disable-next-line no-control-regex -- what JSON forbids inside a string
const PLAIN_STRING = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** More digits than any value that we take could have; beyond it the exact value no longer matters. */
const MOST_DIGITS = 400;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  document(): JsonValue {
    this.space();
    const value = this.value();
    this.space();
    if (this.at < this.text.length) throw this.wanted('the end');
    return value;
  }

  private value(): JsonValue {
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.array());
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > this.maxDepth) throw new JsonError('too_deep', `nested deeper than ${this.maxDepth}`);
    this.at++;
    this.space();
    const value = read();
    this.depth--;
    return value;
  }

  private object(): JsonObject {
    const members = Object.create(null) as JsonObject;
    if (this.taken('}')) return members;
    for (;;) {
      if (this.text[this.at] !== '"') throw this.wanted('a member name');
      const name = this.string();
      this.space();
      if (!this.taken(':')) throw this.wanted('":"');
      this.space();
      members[name] = this.value();
      this.space();
      if (this.taken('}')) return members;
      if (!this.taken(',')) throw this.wanted('"," or "}"');
      this.space();
    }
  }

  private array(): JsonValue[] {
    const items: JsonValue[] = [];
    if (this.taken(']')) return items;
    for (;;) {
      items.push(this.value());
      this.space();
      if (this.taken(']')) return items;
      if (!this.taken(',')) throw this.wanted('"," or "]"');
      this.space();
    }
  }

  private string(): string {
    this.at++;
    let value = '';
    for (;;) {
      PLAIN_STRING.lastIndex = this.at;
      PLAIN_STRING.test(this.text);
      const plain = this.text.slice(this.at, PLAIN_STRING.lastIndex);
      this.at = PLAIN_STRING.lastIndex;
      const next = this.text[this.at];
      if (next === '"') {
        this.at++;
        return value === '' ? plain : value + plain;
      }
      if (next !== '\\') throw this.wanted(next === undefined ? 'the end of a string' : 'an escaped control character');
      value += plain + this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at + 1];
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.wanted('four hexadecimal digits after "\\u"');
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const escaped = letter === undefined ? undefined : ESCAPES[letter];
    if (escaped === undefined) throw this.wanted('an escape that JSON knows');
    this.at += 2;
    return escaped;
  }

  private number(): JsonNumber {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (!match) throw this.wanted('a value');
    this.at = NUMBER.lastIndex;
    const [literal, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    return new JsonNumber(Number(literal), exactInteger(sign, whole, fraction, Number(exponent)));
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.wanted('a value');
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private taken(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private wanted(what: string): JsonError {
    const got = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : 'the end';
    return new JsonError('syntax', `wanted ${what}, got ${got} at character ${this.at}`);
  }
}

function exactInteger(sign: string, whole: string, fraction: string, exponent: number): bigint | undefined {
  const all = whole + fraction;
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end--;
  const digits = all.slice(0, end).replace(/^0+/, '');
  if (digits === '') return 0n;
  const zeros = exponent - fraction.length + (all.length - end);
  if (zeros < 0) return undefined;
  const beyond = digits.length + zeros > MOST_DIGITS;
  return BigInt(beyond ? `${sign}1${'0'.repeat(MOST_DIGITS)}` : `${sign}${digits}${'0'.repeat(zeros)}`);
}
