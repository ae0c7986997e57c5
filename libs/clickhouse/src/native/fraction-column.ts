import { Column } from './column';

/** `Nullable(Float64)`, for tables of few rows. */
export class FractionColumn implements Column {
  readonly type = 'Nullable(Float64)';
  private fractions: Array<number | null> = [];

  push(fraction: number | null): void {
    this.fractions.push(fraction);
  }

  drop(): void {
    this.fractions.pop();
  }

  clear(): void {
    this.fractions = [];
  }

  size(): number {
    return 9 * this.fractions.length;
  }

  prefix(): Uint8Array[] {
    return [];
  }

  values(): Uint8Array[] {
    const nulls = Uint8Array.from(this.fractions, (fraction) => Number(fraction === null));
    return [nulls, new Uint8Array(Float64Array.from(this.fractions, (fraction) => fraction ?? 0).buffer)];
  }
}
