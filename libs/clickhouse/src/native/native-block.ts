import { Column, varint } from './column';

const utf8 = new TextEncoder();

/** Columns by name as one block of ClickHouse's Native format; `rows` is how many each of them has. */
export function nativeBlock(columns: Readonly<Record<string, Column>>, rows: number): Uint8Array[] {
  const named = Object.entries(columns);
  return [
    varint(named.length),
    varint(rows),
    ...named.flatMap(([name, column]) => [...text(name), ...text(column.type), ...column.prefix(), ...column.values()]),
  ];
}

function text(value: string): Uint8Array[] {
  const bytes = utf8.encode(value);
  return [varint(bytes.length), bytes];
}
