/** One value of a row as it is told apart: 64-bit numbers exact, instants in milliseconds since 1970 UTC. */
export type Cell = string | number | bigint | null | Cell[] | { [name: string]: Cell };
export type Row = Record<string, Cell>;

/** A block as it was read back; `types` are ClickHouse's names of the columns' types. */
export interface ReadBlock {
  types: Record<string, string>;
  rows: Row[];
}

/** Reads a block in ClickHouse's Native format, as far as our blocks go. @throws on whatever it does not know or finds left over. */
export function readBlock(parts: readonly Uint8Array[]): ReadBlock {
  const source = new Source(Buffer.concat(parts));
  const columns = source.varint();
  const count = source.varint();
  const rows = Array.from({ length: count }, (): Row => ({}));
  const types: Record<string, string> = {};
  for (let column = 0; column < columns; column++) {
    const name = source.text();
    const type = (types[name] = source.text());
    const reader = readerOf(type, source);
    reader.prefix();
    reader.values(count).forEach((value, row) => ((rows[row] as Row)[name] = value));
  }
  if (source.left() > 0) throw new Error(`${source.left()} bytes after the last column`);
  return { types, rows };
}

interface Reader {
  prefix(): void;
  values(count: number): Cell[];
}

class Source {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  left(): number {
    return this.bytes.length - this.at;
  }

  /** The next so many bytes. @throws where fewer are left. */
  take(length: number): Buffer {
    if (length > this.left()) throw new Error(`wanted ${length} bytes, ${this.left()} are left`);
    return this.bytes.subarray(this.at, (this.at += length));
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** UTF-8, strictly: broken bytes would become the same replacement character. */
  text(): string {
    const bytes = this.take(this.varint());
    const text = bytes.toString('utf8');
    if (text.includes('\ufffd') && !bytes.equals(Buffer.from(text)))
      throw new Error(`no UTF-8: ${bytes.toString('hex')}`);
    return text;
  }

  times<T>(count: number, read: () => T): T[] {
    const values: T[] = [];
    for (let index = 0; index < count; index++) values.push(read());
    return values;
  }
}

function readerOf(type: string, source: Source): Reader {
  const [, outer, inner = ''] = /^(\w+)(?:\((.*)\))?$/s.exec(type) ?? [];
  switch (outer) {
    case 'String':
      return plain(source, () => source.text());
    case 'UInt32':
      return plain(source, () => source.take(4).readUInt32LE());
    case 'UInt64':
      return plain(source, () => source.take(8).readBigUInt64LE());
    case 'Float64':
      return plain(source, () => source.take(8).readDoubleLE());
    case 'DateTime64':
      return plain(source, () => Number(source.take(8).readBigInt64LE()));
    case 'Nullable':
      return nullable(readerOf(inner, source), source);
    case 'LowCardinality':
      return dictionary(readerOf(inner, source), source);
    case 'Array':
      return array(readerOf(inner, source), source);
    case 'Tuple':
      return tuple(inner, source);
    default:
      throw new Error(`unknown type ${type}`);
  }
}

function plain(source: Source, read: () => Cell): Reader {
  return { prefix: () => undefined, values: (count) => source.times(count, read) };
}

function nullable(inner: Reader, source: Source): Reader {
  return {
    prefix: () => inner.prefix(),
    values: (count) => {
      const nulls = source.take(count);
      return inner.values(count).map((value, row) => (nulls[row] === 1 ? null : value));
    },
  };
}

const KEYS_VERSION = 1n;
/** "The keys of this block stand here", and that they are all there are. */
const KEYS_FLAGS = 0x600n;

function dictionary(inner: Reader, source: Source): Reader {
  return {
    prefix: () => expectEqual('version of keys', source.take(8).readBigUInt64LE(), KEYS_VERSION),
    values: (count) => {
      if (count === 0) return [];
      const flags = source.take(8).readBigUInt64LE();
      expectEqual('flags of keys', flags & ~0xffn, KEYS_FLAGS);
      const width = 1 << Number(flags & 0xffn);
      const keys = inner.values(Number(source.take(8).readBigUInt64LE()));
      expectEqual('different keys', new Set(keys).size, keys.length);
      expectEqual('number of rows', source.take(8).readBigUInt64LE(), BigInt(count));
      return source.times(count, () => keys[source.take(width).readUIntLE(0, width)] as Cell);
    },
  };
}

function array(inner: Reader, source: Source): Reader {
  return {
    prefix: () => inner.prefix(),
    values: (count) => {
      const ends = source.times(count, () => Number(source.take(8).readBigUInt64LE()));
      const values = inner.values(ends.at(-1) ?? 0);
      return ends.map((end, row) => values.slice(row === 0 ? 0 : ends[row - 1], end));
    },
  };
}

/** The types inside have no commas but those of `DateTime64(3, 'UTC')`. */
function tuple(types: string, source: Source): Reader {
  const members = types.split(/, (?=\w+ )/).map((each) => {
    const [name = '', ...type] = each.split(' ');
    return { name, reader: readerOf(type.join(' '), source) };
  });
  return {
    prefix: () => members.forEach(({ reader }) => reader.prefix()),
    values: (count) => {
      const columns = members.map(({ name, reader }) => ({ name, values: reader.values(count) }));
      return Array.from({ length: count }, (_, row) =>
        Object.fromEntries(columns.map(({ name, values }) => [name, values[row] as Cell])),
      );
    },
  };
}

function expectEqual(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: wanted ${wanted}, got ${got}`);
}
