/** A seeded source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whole values that readers stumble over. */
const values = [
  ...[
    '0',
    '-0',
    '80.0',
    '8e1',
    '1e400',
    '01',
    '18446744073709551615',
    '18446744073709551616',
    '4294967296',
    '4294967295',
  ],
  ...[
    '"0xffffffffffffffff"',
    '"0x00000000000000001"',
    '"0x1ffffffff"',
    '"0x"',
    'true',
    'null',
    '{}',
    '[]',
    '[[]]',
    '""',
  ],
  ...[
    '"a"',
    '"é"',
    '"€"',
    '"😀"',
    '"\u0085"',
    '"\u007f"',
    '"\ufeff"',
    '"\\u0041"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"applied"',
  ],
  ...['"driver:A.SYS"', '"driver:É"', '"\\u0064river:A"', '"2024-02-29T23:59:60Z"', '"2024-07-19T04:09:01.1234Z"'],
  ...[
    '"2024-07-19T04:09:01+00:00"',
    '"2023-02-29T00:00:00Z"',
    '[1,2,3,4]',
    '["0x1","0x2",3,"0x0000000000000004"]',
    '[1,2,3]',
  ],
].map((text) => Buffer.from(text));
/** Pieces of them, members, and bytes that are no UTF-8. */
const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\"',
    '\\\\',
    '\\/',
    '\\n',
    '\\u',
    '\\u0041',
    '\\ud83d\\ude00',
    '\\ud800',
  ],
  ...[
    '\\u0000',
    '\\u007f',
    '\\u0085',
    ' ',
    '\n',
    '\t',
    '\r',
    '\f',
    '\0',
    '\x1f',
    '\x7f',
    '\u00a0',
    '-',
    '+',
    '.',
    'e',
    'E',
  ],
  ...[
    'x',
    'X',
    'T',
    'Z',
    't',
    'z',
    '_',
    '0x',
    '0X',
    '-00:00',
    '.999',
    'é',
    '\u0085',
    '😀',
    '"unknown":[1,{"a":"]}"}],',
  ],
  ...['"\\u0065vent_id":"e",', '"__proto__":{},', '"event_id":"again",', '"host_id":5,', '"host_id":"again",'],
].map((text) => Buffer.from(text));
const broken = [[0xef, 0xbb, 0xbf], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc2], [0x80], [0xff]];
const inserts = [...pieces, ...values, ...broken.map((bytes) => Buffer.from(bytes))];
const letters = Buffer.from('azAFZ0129._:-/xT');

const MOST_BYTES = 4_096;
const MOST_AROUND = 64;
const NOTHING = Buffer.alloc(0);
const QUOTE = 0x22;
const OPENING = Buffer.from(',:{[');
const MARKS = Buffer.from('",:{}[]');

/** Turns messages into almost-messages, in memory of its own, with other bytes before and after them. Equal draws, equal bytes. */
export class Mutator {
  readonly bytes = Buffer.alloc(MOST_BYTES + 2 * MOST_AROUND);
  start = 0;
  end = 0;

  constructor(
    private readonly random: () => number,
    private readonly messages: readonly Buffer[],
  ) {}

  /** The next one lies in `bytes` from `start` to `end`. */
  next(): void {
    const message = this.pick(this.messages);
    this.start = this.below(MOST_AROUND);
    this.end = this.start + message.length;
    this.fill();
    message.copy(this.bytes, this.start);
    const changes = this.random() < 0.7 ? 1 : 1 + this.below(4);
    for (let change = 0; change < changes; change++) this.change();
  }

  /** What stands around: the middle of another message, or pieces; it must play no part. */
  private fill(): void {
    const around = this.random() < 0.5 ? this.pick(this.messages) : this.pick(inserts);
    this.bytes.fill(around, 0, MOST_AROUND);
    this.bytes.fill(around, this.end, this.end + MOST_AROUND);
  }

  private change(): void {
    switch (this.below(16)) {
      case 0:
        this.bytes[this.place()]! ^= 1 << this.below(8);
        break;
      case 1:
        this.bytes[this.place()] = this.pick(inserts)[0]!;
        break;
      case 2:
        this.replace(this.place(), 0, this.pick(inserts));
        break;
      case 3:
        this.replace(this.place(), this.below(20), NOTHING);
        break;
      case 4:
        this.duplicate(this.place(), this.below(60));
        break;
      case 5:
        this.end = this.place();
        break;
      case 6:
        this.splice(this.pick(this.messages));
        break;
      case 7:
        this.swapTokens();
        break;
      default:
        this.changeGently();
    }
  }

  /** Such that JSON often stays JSON. */
  private changeGently(): void {
    switch (this.below(4)) {
      case 0:
        this.bytes[this.place()] = letters[this.below(letters.length)]!;
        break;
      case 1:
        this.replaceToken(this.pick(values));
        break;
      case 2:
        this.replace(this.token(this.place()).start, 0, this.pick(pieces));
        break;
      default:
        this.space();
    }
  }

  private duplicate(at: number, length: number): void {
    const copy = Buffer.from(this.bytes.subarray(at, Math.min(this.end, at + length)));
    this.replace(this.random() < 0.5 ? at : this.place(), 0, copy);
  }

  /** The start of this one, the end of another. */
  private splice(other: Buffer): void {
    const at = this.place();
    this.replace(at, this.end - at, other.subarray(this.below(other.length)));
  }

  private swapTokens(): void {
    const [first, second] = [this.token(this.place()), this.token(this.place())].sort((a, b) => a.start - b.start);
    if (!first || !second || first.end > second.start) return;
    const [one, two] = [first, second].map(({ start, end }) => Buffer.from(this.bytes.subarray(start, end)));
    this.replace(second.start, second.end - second.start, one!);
    this.replace(first.start, first.end - first.start, two!);
  }

  private replaceToken(piece: Buffer): void {
    const { start, end } = this.token(this.place());
    this.replace(start, end - start, piece);
  }

  /** White space beside a token, where JSON allows it. */
  private space(): void {
    const { start, end } = this.token(this.place());
    this.replace(this.random() < 0.5 ? start : end, 0, Buffer.from(' \n\t\r'.slice(this.below(4))));
  }

  /** What stands behind the next mark that may have a string or a value behind it: mostly a whole one. */
  private token(at: number): { start: number; end: number } {
    let start = at;
    while (start < this.end && !OPENING.includes(this.bytes[start]!)) start++;
    start = Math.min(start + 1, this.end);
    const closing = this.bytes[start] === QUOTE ? this.bytes.indexOf(QUOTE, start + 1) : -1;
    if (closing > 0 && closing < this.end) return { start, end: closing + 1 };
    let end = start;
    while (end < this.end && !MARKS.includes(this.bytes[end]!)) end++;
    return { start, end };
  }

  /** Puts other bytes in the place of so many; what would be too long is left as it is. */
  private replace(at: number, length: number, by: Buffer): void {
    const until = Math.min(this.end, at + length);
    const end = this.end + by.length - (until - at);
    if (end - this.start > MOST_BYTES) return;
    this.bytes.copyWithin(at + by.length, until, this.end + MOST_AROUND);
    by.copy(this.bytes, at);
    this.end = end;
  }

  private place(): number {
    return this.start + this.below(Math.max(1, this.end - this.start));
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
