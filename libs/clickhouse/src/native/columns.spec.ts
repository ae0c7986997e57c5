import fc from 'fast-check';
import { ArrayColumn } from './array-column';
import { type Column, grown, uint64, varint } from './column';
import { nativeBlock } from './native-block';
import { NullableColumn, Uint32Column, Wide64Column } from './number-columns';
import { readBlock } from './read-block.fixture';
import { DictionaryColumn, StringColumn, hashOf } from './text-columns';

/** The column's values as a reader of Native sees them. */
const read = (column: Column, rows: number) => readBlock(nativeBlock({ c: column }, rows)).rows.map((row) => row['c']);

/** Another number of keys needs another width of the numbers that name them. */
const keyCounts = [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000];

describe('columns in Native format', () => {
  it('lengths are LEB128, counts 8 bytes', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect([0, 1, 127, 128, 300, 16_383, 16_384, 2 ** 35].map((value) => hex(varint(value)))).toEqual([
      '00',
      '01',
      '7f',
      '8001',
      'ac02',
      'ff7f',
      '808001',
      '808080808001',
    ]);
    expect([0, 1, 2 ** 32, 2 ** 53 - 1].map((value) => hex(uint64(value)))).toEqual([
      '0000000000000000',
      '0100000000000000',
      '0000000001000000',
      'ffffffffffff1f00',
    ]);
  });

  it('a block of two columns is this, byte for byte', () => {
    const [text, number] = [new StringColumn(), new Uint32Column()];
    text.pushText('é');
    number.push(0x01020304);
    const expected = Buffer.from('\x02\x01\x01t\x06String\x02\xc3\xa9\x01n\x06UInt32\x04\x03\x02\x01', 'latin1');
    expect(Buffer.concat(nativeBlock({ t: text, n: number }, 1))).toEqual(expected);
  });

  it('64 bits, whole', () => {
    const column = new Wide64Column('UInt64');
    const values = [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n];
    for (const value of values) column.pushBigint(value);
    column.pushHalves(0xffff_ffff, 0xffff_fffe);
    column.push(Number.MAX_SAFE_INTEGER);
    expect(read(column, values.length + 2)).toEqual([...values, 2n ** 64n - 2n, BigInt(Number.MAX_SAFE_INTEGER)]);
  });

  it('instants before and after 1970', () => {
    const column = new Wide64Column("DateTime64(3, 'UTC')");
    const instants = [-62_167_219_200_000, -2_208_988_800_000, -1, 0, 1, 2 ** 32, 10_413_705_600_000];
    for (const instant of instants) column.push(instant);
    expect(read(column, instants.length)).toEqual(instants);
  });

  it('numbers of 32 bits, beyond the first memory', () => {
    const column = new Uint32Column();
    const values = Array.from({ length: 20_000 }, (_, row) => 0xffff_ffff - row);
    for (const value of values) column.push(value);
    expect(read(column, values.length)).toEqual(values);
  });

  it('what may be missing', () => {
    const column = new NullableColumn(new Wide64Column('UInt64'));
    const values = Array.from({ length: 10_000 }, (_, row) => (row % 3 === 0 ? null : BigInt(row)));
    for (const value of values) column.push(value === null).pushBigint(value ?? 0n);
    column.push(false).pushBigint(7n);
    column.drop();
    expect(read(column, values.length)).toEqual(values);
  });

  it('texts of any length', () => {
    const column = new StringColumn();
    const texts = ['', 'a', '\0', '😀', 'x'.repeat(127), 'é'.repeat(64), 'x'.repeat(16_384), 'y'.repeat(300_000)];
    for (const text of texts) column.pushText(text);
    column.pushText('taken back');
    column.drop();
    column.pushText('last');
    expect(read(column, texts.length + 1)).toEqual([...texts, 'last']);
  });

  it.each(keyCounts)('%i different texts as numbers of texts', (keys) => {
    const column = new DictionaryColumn();
    const texts = Array.from({ length: keys }, (_, key) => `text ${key}`);
    const rows = [...texts, ...texts.slice(-3), ...texts.slice(0, 3)];
    for (const text of rows) column.pushText(text);
    expect(read(column, rows.length)).toEqual(rows);
    column.clear();
    for (const text of ['é', '', 'é']) column.pushText(text);
    expect(read(column, 3)).toEqual(['é', '', 'é']);
  });

  it('tells texts of equal hashes apart', () => {
    const column = new DictionaryColumn();
    const pairs = Array.from({ length: 64 }, (_, bits) =>
      [...bits.toString(2).padStart(6, '0')].map((bit) => (bit === '1' ? 'Aa' : 'BB')).join(''),
    );
    expect(new Set(pairs.map((text) => hashOf(Buffer.from(text), 0, text.length))).size).toBe(1);
    for (const text of [...pairs, ...pairs]) column.pushText(text);
    expect(read(column, 128)).toEqual([...pairs, ...pairs]);
  });

  it('lists, empty ones and such as were taken back', () => {
    const [text, at] = [new DictionaryColumn(), new Wide64Column('UInt64')];
    const column = new ArrayColumn([text, at], ['text', 'at']);
    const push = (length: number) => {
      for (let item = 0; item < length; item++) {
        text.pushText(`${length}.${item}`);
        at.push(item);
      }
      column.push(length);
    };
    const lists = [0, 2, 0, 0, 3, 1, 0];
    for (const length of lists) {
      push(4);
      column.drop();
      push(length);
    }
    const items = (length: number) =>
      Array.from({ length }, (_, item) => ({ text: `${length}.${item}`, at: BigInt(item) }));
    expect(read(column, lists.length)).toEqual(lists.map(items));
    column.clear();
    push(0);
    expect(column.type).toBe('Array(Tuple(text LowCardinality(String), at UInt64))');
    expect(read(column, 1)).toEqual([[]]);
  });

  it('whatever is pushed and taken back, the rest is there in order', () => {
    const step = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 5 }), isKept: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const columns = [new StringColumn(), new DictionaryColumn()];
        for (const column of columns) {
          for (const { text, isKept } of steps) {
            column.pushText(text);
            if (!isKept) column.drop();
          }
          const kept = steps.filter(({ isKept }) => isKept).map(({ text }) => text);
          expect(read(column, kept.length)).toEqual(kept);
        }
      }),
    );
  });

  it('grows by at least its size, and keeps what it has', () => {
    const array = Uint8Array.of(1, 2, 3);
    expect(grown(array, 3)).toBe(array);
    expect([...grown(array, 4)]).toEqual([1, 2, 3, 0, 0, 0]);
    expect(grown(array, 100)).toHaveLength(100);
  });
});
