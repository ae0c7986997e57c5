import { Column } from './column';
import { Wide64Column } from './number-columns';

/** A column of which a row has any number of values, so that any number of its last ones can be taken back. */
export interface Elements extends Column {
  drop(rows?: number): void;
}

/** `Array(…)` of one column, or `Array(Tuple(…))` of several that have names. */
export class ArrayColumn implements Column {
  readonly type: string;
  private readonly offsets = new Wide64Column('UInt64');
  private total = 0;
  private before = 0;

  constructor(
    readonly elements: readonly Elements[],
    names: readonly string[] = [],
  ) {
    const [only] = elements.map(({ type }) => type);
    const named = elements.map(({ type }, index) => `${names[index]} ${type}`).join(', ');
    this.type = names.length > 0 ? `Array(Tuple(${named}))` : `Array(${only})`;
  }

  /** The next row has so many elements; they are pushed to the element columns by the caller, before or after. */
  push(length: number): void {
    this.before = this.total;
    this.offsets.push((this.total += length));
  }

  drop(): void {
    const length = this.total - this.before;
    for (const column of this.elements) column.drop(length);
    this.total = this.before;
    this.offsets.drop();
  }

  clear(): void {
    this.total = this.before = 0;
    this.offsets.clear();
    for (const column of this.elements) column.clear();
  }

  size(): number {
    return this.offsets.size() + this.elements.reduce((sum, column) => sum + column.size(), 0);
  }

  prefix(): Uint8Array[] {
    return this.elements.flatMap((column) => column.prefix());
  }

  values(): Uint8Array[] {
    return [...this.offsets.values(), ...this.elements.flatMap((column) => column.values())];
  }
}
