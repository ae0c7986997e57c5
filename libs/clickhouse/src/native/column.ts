/**
 * One column of a block in ClickHouse's Native format (values of a column together, little endian). Rows are appended by
 * the `push…` methods of each kind; a row that turns out to be refused is taken back with `drop`.
 */
export interface Column {
  /** The type as ClickHouse writes it. */
  readonly type: string;
  /** Takes the last row back. */
  drop(): void;
  /** Forgets all rows and keeps the memory. */
  clear(): void;
  /** Bytes held, about. */
  size(): number;
  /** What stands before the values of the whole column, nested ones included. */
  prefix(): Uint8Array[];
  /** The values: views of the column's own memory, valid until it is changed. */
  values(): Uint8Array[];
}

/** A number as an unsigned LEB128, as Native writes lengths. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  bytes.push(value);
  return Uint8Array.from(bytes);
}

/** A 64-bit number below 2^53 in eight bytes. */
export function uint64(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value >>> 0, Math.floor(value / 0x1_0000_0000)).buffer);
}

export function bytesOf(array: Uint8Array | Uint16Array | Uint32Array, length: number): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT);
}

/** The array with at least `length` elements: itself, or a copy of twice the size. */
export function grown<T extends Uint8Array | Uint32Array | Int32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
