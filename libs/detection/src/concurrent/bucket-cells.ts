import type { AwakeShares } from './awake';
import { type AgeWindow, isIn, lnOverAges } from './age-windows';
import { Contrast, LogRatios, addContrast, isTelling, noEvidence } from './contrast';
import { BIN_MS, type StratumCurves } from './curve';
import type { Contribution } from './host-history';

const HOUR_BINS = (60 * 60 * 1000) / BIN_MS;
/** A rollout has settled when fewer hosts applied in the last hour than are left. */
const SETTLED_BINS = HOUR_BINS;

/** Who could crash: what gives a contrast its denominators. */
export interface Exposure {
  applied: StratumCurves;
  eligible: StratumCurves;
  awake: AwakeShares;
}

interface Cell {
  stratum: string;
  crashed: number;
  /** Crashed hosts with an age in each window, whoever took the update first. */
  treated: number[];
  /** When each of the crashed hosts that have the update took it: the bin. */
  takenAt: number[];
}

interface Bin {
  cells: Map<string, Cell>;
  /** Sums per age window, kept until something in the bin changes. */
  sums: LogRatios[] | undefined;
  /** Did any of its crashes meet hosts with and hosts without the update? Known where the sums are. */
  hasContrast: boolean;
}

/**
 * From this share of treated hosts on there is nobody left to compare with: a crash adds at most 0.04 to ln E at a null
 * ratio of 3, so that 400 would be needed.
 */
const NO_CONTRAST_SHARE = 0.9;

/**
 * The crashed hosts of one bucket of one update, counted by bin and stratum, and what they say. Sums are kept per bin and
 * per hour, and always added in the order of strata, bins and hours, so that the figure depends on the counts alone, not on how
 * they came. Without the hours a crash would have all bins of two weeks added again.
 */
export class BucketCells {
  private readonly bins = new Map<number, Bin>();
  private readonly hours = new Map<number, LogRatios[]>();
  private order: number[] | undefined;
  private sum: LogRatios[] | undefined;
  /** What follows from the sums, kept as long as they are. */
  private lnE: number | undefined;
  private meets: boolean | undefined;
  private readonly counted = { crashed: 0, treated: 0 };

  constructor(private readonly windows: readonly AgeWindow[]) {}

  /** Counts a contribution (`by` 1) or takes it back (-1). */
  count({ bin: at, stratum, ageBins }: Contribution, by: 1 | -1): void {
    const bin = this.binAt(at);
    let cell = bin.cells.get(stratum);
    if (!cell)
      bin.cells.set(stratum, (cell = { stratum, crashed: 0, treated: this.windows.map(() => 0), takenAt: [] }));
    cell.crashed += by;
    this.counted.crashed += by;
    if (ageBins !== undefined) {
      this.counted.treated += by;
      this.windows.forEach((window, index) => (cell.treated[index]! += isIn(window, ageBins) ? by : 0));
      if (by === 1) cell.takenAt.push(at - ageBins);
      else cell.takenAt.splice(cell.takenAt.indexOf(at - ageBins), 1);
    }
    this.forget(at, bin);
    if (cell.crashed === 0) bin.cells.delete(stratum);
    if (bin.cells.size === 0) {
      this.bins.delete(at);
      this.order = undefined;
    }
  }

  /** Denominators changed from this bin on. */
  forgetFrom(firstBin: number): void {
    const order = this.inOrder();
    for (let index = order.length - 1; index >= 0 && order[index]! >= firstBin; index--)
      this.forget(order[index]!, this.bins.get(order[index]!)!);
  }

  private forget(at: number, bin: Bin): void {
    bin.sums = undefined;
    this.hours.delete(hourOf(at));
    this.sum = this.lnE = this.meets = undefined;
  }

  /** Hosts that crashed, and those of them that had applied the update at any age. */
  totals(): { crashed: number; treated: number } {
    return { ...this.counted };
  }

  /** ln E over all ages. */
  lnEvidence(exposure: Exposure, nullRatio: number): number {
    return (this.lnE ??= lnOverAges(this.windows, this.sums(exposure, nullRatio)));
  }

  /** The sums of all bins, per age window; kept until a count or a denominator changes. */
  sums(exposure: Exposure, nullRatio: number): readonly LogRatios[] {
    return (this.sum ??= this.sumUp(exposure, nullRatio));
  }

  /**
   * Did any crash, treated or not, meet hosts of both kinds? It hangs on when hosts applied and crashed, never on which of
   * them crashed.
   */
  hasContrast(exposure: Exposure, nullRatio: number): boolean {
    this.sums(exposure, nullRatio);
    return (this.meets ??= [...this.bins.values()].some((bin) => bin.hasContrast));
  }

  /** The contrasts of one age window, in order of bins and strata. */
  contrasts(exposure: Exposure, window: number): Contrast[] {
    return this.inOrder().flatMap((at) =>
      cellsInOrder(this.bins.get(at)!).map((cell) => this.contrastOf(at, cell, exposure, window)),
    );
  }

  /** The contrasts at all ages, in order of bins and strata. */
  allAges(exposure: Exposure): Contrast[] {
    return this.contrasts(exposure, this.allAgesWindow());
  }

  /** What one host adds to the sums of one age window. */
  gainOf({ bin, stratum, ageBins }: Contribution, exposure: Exposure, window: number, nullRatio: number): LogRatios {
    const treated = this.windows.map((each) => (ageBins !== undefined && isIn(each, ageBins) ? 1 : 0));
    const { grid } = this.windows[window]!;
    const gain = noEvidence(grid);
    const takenAt = ageBins === undefined ? [] : [bin - ageBins];
    const contrast = this.contrastOf(bin, { stratum, crashed: 1, treated, takenAt }, exposure, window);
    addContrast(gain, contrast, nullRatio, { sign: 1, grid });
    return gain;
  }

  private sumUp(exposure: Exposure, nullRatio: number): LogRatios[] {
    const known = new Set(this.hours.keys());
    for (const at of this.inOrder()) {
      const hour = hourOf(at);
      if (known.has(hour)) continue;
      const bin = this.bins.get(at)!;
      if (!bin.sums) {
        bin.sums = this.sumsOf(at, bin, exposure, nullRatio);
        bin.hasContrast = this.isContrast(at, bin, exposure);
      }
      let sums = this.hours.get(hour);
      if (!sums) this.hours.set(hour, (sums = this.windows.map(({ grid }) => noEvidence(grid))));
      addTo(sums, bin.sums);
    }
    const totals = this.windows.map(({ grid }) => noEvidence(grid));
    for (const hour of [...this.hours.keys()].sort((a, b) => a - b)) addTo(totals, this.hours.get(hour)!);
    return totals;
  }

  private sumsOf(at: number, bin: Bin, exposure: Exposure, nullRatio: number): LogRatios[] {
    const cells = cellsInOrder(bin);
    return this.windows.map(({ grid }, window) => {
      const sums = noEvidence(grid);
      const side = { sign: 1, grid } as const;
      for (const cell of cells) addContrast(sums, this.contrastOf(at, cell, exposure, window), nullRatio, side);
      return sums;
    });
  }

  private isContrast(at: number, bin: Bin, exposure: Exposure): boolean {
    return [...bin.cells.values()]
      .map((cell) => this.contrastOf(at, cell, exposure, this.allAgesWindow()))
      .some((contrast) => isTelling(contrast) && contrast.treated < NO_CONTRAST_SHARE * contrast.eligible);
  }

  /**
   * Treated are hosts with an age in the window at the end of the bin, awake or not; of all others only those count that
   * are awake. So the share of the treated is never too low, which is the safe side.
   */
  private contrastOf(at: number, cell: Cell, exposure: Exposure, window: number): Contrast {
    const { from, until, first } = this.windows[window]!;
    const applied = (bin: number) => exposure.applied.upTo(cell.stratum, bin);
    const last = first === 1 ? at - from : exposure.applied.binOf(cell.stratum, first * applied(at));
    const treated = Math.max(0, applied(last) - (until === Infinity ? 0 : applied(at - until)));
    const untouched = Math.max(0, exposure.eligible.upTo(cell.stratum, at) - applied(at));
    const awake = exposure.awake.at(cell.stratum, at);
    const rest = untouched * awake.untouched + (applied(at) - treated) * awake.taken;
    return {
      crashed: cell.crashed,
      crashedTreated:
        first === 1 ? cell.treated[window]! : cell.takenAt.filter((bin) => bin <= last && at - bin < until).length,
      eligible: treated + rest,
      treated,
      settled: treated > rest && applied(at) - applied(at - SETTLED_BINS) < rest,
    };
  }

  private allAgesWindow(): number {
    return this.windows.findIndex(({ until }) => until === Infinity);
  }

  private binAt(at: number): Bin {
    let bin = this.bins.get(at);
    if (!bin) {
      this.bins.set(at, (bin = { cells: new Map(), sums: undefined, hasContrast: false }));
      // Most crashes are the newest.
      if (this.order && (this.order.at(-1) ?? -Infinity) < at) this.order.push(at);
      else this.order = undefined;
    }
    return bin;
  }

  private inOrder(): number[] {
    return (this.order ??= [...this.bins.keys()].sort((a, b) => a - b));
  }
}

function hourOf(bin: number): number {
  return Math.floor(bin / HOUR_BINS);
}

/** Adds sums per age window to others. */
function addTo(totals: readonly LogRatios[], more: readonly LogRatios[]): void {
  for (let window = 0; window < totals.length; window++) {
    const [into, from] = [totals[window]!, more[window]!];
    for (let ratio = 0; ratio < into.length; ratio++) into[ratio]! += from[ratio]!;
  }
}

function cellsInOrder(bin: Bin): Cell[] {
  return [...bin.cells.values()].sort((a, b) => (a.stratum < b.stratum ? -1 : 1));
}
