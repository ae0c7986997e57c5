import { type Contrast, type LogRatios, addContrast, noEvidence } from '../concurrent/contrast';
import { type Silence, type SilenceExposure, type SortedRound, isOfAge, dateOf, silenceAges } from './silence';

/** A host that fell silent among those that run the update's channel, and in which ages it counts as treated. */
interface Counted {
  silence: Silence;
  treated: readonly boolean[];
}

interface Cell {
  notedAt: number;
  exposure: SilenceExposure;
  counted: Counted[];
  /** Of all hosts that are still silent: kept until one of them comes back. */
  totals: Totals | undefined;
  summed: { nullRatio: number; sums: LogRatios[] } | undefined;
}

interface Totals {
  crashed: number;
  treated: number;
}

export type KeepsSilence = (silence: Silence) => boolean;
const everyone: KeepsSilence = () => true;
/** Sums up to every so many cells are kept: most of what changes is new. */
const MARK_EVERY = 64;
/** The age that has no end. */
const EVER = silenceAges.length - 1;

/**
 * The silences that speak of one update: at each review, of the hosts of one kind that fell silent so many had taken the
 * update, where such a share of those that could fall silent had. A host that came back counts on neither side. Sums are
 * added in the order of reviews and kinds, so that the figure depends on what was found alone.
 */
export class SilenceEvidence {
  private readonly cells: Cell[] = [];
  /** What was answered since hosts last fell silent or came back: every crash asks again. */
  private known: { treated?: Silence[]; totals?: Totals; sums?: LogRatios[]; nullRatio?: number } = {};
  /** The sums over the first cells, after each `MARK_EVERY` of them, for one null ratio. */
  private marks: { nullRatio: number; sums: LogRatios[][] } = { nullRatio: NaN, sums: [] };

  constructor(
    private readonly updateKey: string,
    private readonly channel: string,
  ) {}

  /** Adds what a review found; reviews come in their order. */
  add({ notedAt, exposures, ofKind: silences }: SortedRound): void {
    this.known = {};
    for (const exposure of exposures.get(this.updateKey) ?? []) {
      const ofKind = silences.get(exposure.kind) ?? [];
      const dated = dateOf(ofKind);
      const counted = ofKind
        .filter(({ channels }) => channels.includes(this.channel))
        .map((silence) => {
          const appliedAt = silence.applied.get(this.updateKey) ?? Infinity;
          return { silence, treated: silenceAges.map((_, age) => isOfAge(appliedAt, dated, age)) };
        });
      this.cells.push({ notedAt, exposure, counted, totals: undefined, summed: undefined });
    }
  }

  /** A host that runs the channel is silent no more. */
  cameBackNow({ notedAt, kind }: Silence): void {
    for (let at = this.firstCellOf(notedAt); this.cells[at]?.notedAt === notedAt; at++) {
      const cell = this.cells[at]!;
      if (cell.exposure.kind !== kind) continue;
      this.known = {};
      cell.totals = cell.summed = undefined;
      this.marks.sums.length = Math.min(this.marks.sums.length, Math.floor(at / MARK_EVERY));
    }
  }

  private firstCellOf(notedAt: number): number {
    let [low, high] = [0, this.cells.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cells[middle]!.notedAt < notedAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Hosts that are silent, and those of them that had taken the update. */
  totals(keep = everyone): Totals {
    return keep === everyone ? (this.known.totals ??= this.count(everyone)) : this.count(keep);
  }

  private count(keep: KeepsSilence): Totals {
    const totals = { crashed: 0, treated: 0 };
    for (const cell of this.cells) {
      const { crashed, treated } = keep === everyone ? (cell.totals ??= totalsOf(cell, keep)) : totalsOf(cell, keep);
      totals.crashed += crashed;
      totals.treated += treated;
    }
    return totals;
  }

  /** Hosts that took the update, fell silent and are silent still, in order of their names. */
  treatedSilences(): Silence[] {
    return (this.known.treated ??= this.counted(everyone)
      .filter(({ treated }) => treated[EVER])
      .map(({ silence }) => silence)
      .sort((a, b) => (a.hostId < b.hostId ? -1 : 1)));
  }

  /** Is any host that counts, whether it had taken the update or not, such a one? */
  hasAny(isSuch: KeepsSilence): boolean {
    return this.cells.some(({ counted }) => counted.some(({ silence }) => !silence.cameBack && isSuch(silence)));
  }

  /** How many hosts that took the update fell silent and came back. */
  cameBack(): number {
    return this.cells
      .flatMap(({ counted }) => counted)
      .filter(({ silence, treated }) => silence.cameBack && treated[EVER]).length;
  }

  /** The sums of the log-likelihood ratios, for each age. */
  sums(nullRatio: number, keep = everyone): LogRatios[] {
    if (keep !== everyone) return this.sumUp(nullRatio, keep);
    if (this.known.nullRatio !== nullRatio) this.known = { ...this.known, nullRatio, sums: this.sumUpAll(nullRatio) };
    return this.known.sums!;
  }

  private sumUp(nullRatio: number, keep: KeepsSilence): LogRatios[] {
    const totals = silenceAges.map(() => noEvidence());
    for (const cell of this.cells) addTo(totals, sumsOf(cell, nullRatio, keep));
    return totals;
  }

  /** The same of all hosts, from the last mark on; in the same order, so to the same bits. */
  private sumUpAll(nullRatio: number): LogRatios[] {
    if (this.marks.nullRatio !== nullRatio) this.marks = { nullRatio, sums: [] };
    const marks = this.marks.sums;
    const totals = marks.at(-1)?.map((sums) => sums.slice()) ?? silenceAges.map(() => noEvidence());
    for (let at = marks.length * MARK_EVERY; at < this.cells.length; at++) {
      addTo(totals, sumsOf(this.cells[at]!, nullRatio, everyone));
      if ((at + 1) % MARK_EVERY === 0) marks.push(totals.map((sums) => sums.slice()));
    }
    return totals;
  }

  /** The contrasts of one age, in order. */
  contrasts(age = EVER, keep = everyone): Contrast[] {
    return this.cells.map((cell) => contrastOf(cell, age, keep)).filter(({ crashed }) => crashed > 0);
  }

  /** What each organisation's hosts add to one sum: of an age, for a candidate ratio. */
  gainsByOrg(age: number, ratio: number, nullRatio: number): Map<string, number> {
    const gains = new Map<string, number>();
    for (const cell of this.cells) {
      const gainOf = [0, 1].map((crashedTreated) => {
        const sums = noEvidence();
        addContrast(sums, { ...contrastOf(cell, age, everyone), crashed: 1, crashedTreated }, nullRatio);
        return sums[ratio]!;
      });
      for (const { silence, treated } of cell.counted) {
        if (silence.cameBack) continue;
        gains.set(silence.orgId, (gains.get(silence.orgId) ?? 0) + gainOf[treated[age] ? 1 : 0]!);
      }
    }
    return gains;
  }

  private counted(keep: KeepsSilence): Counted[] {
    return this.cells.flatMap(({ counted }) => counted).filter(({ silence }) => !silence.cameBack && keep(silence));
  }
}

function addTo(totals: readonly LogRatios[], more: readonly LogRatios[]): void {
  for (let age = 0; age < totals.length; age++) {
    const [into, from] = [totals[age]!, more[age]!];
    for (let ratio = 0; ratio < into.length; ratio++) into[ratio]! += from[ratio]!;
  }
}

function totalsOf({ counted }: Cell, keep: KeepsSilence): Totals {
  const totals = { crashed: 0, treated: 0 };
  for (const { silence, treated } of counted) {
    if (silence.cameBack || !keep(silence)) continue;
    totals.crashed++;
    if (treated[EVER]) totals.treated++;
  }
  return totals;
}

function sumsOf(cell: Cell, nullRatio: number, keep: KeepsSilence): LogRatios[] {
  const known = keep === everyone ? cell.summed : undefined;
  if (known?.nullRatio === nullRatio) return known.sums;
  const sums = silenceAges.map((_, age) => {
    const sum = noEvidence();
    addContrast(sum, contrastOf(cell, age, keep), nullRatio);
    return sum;
  });
  if (keep === everyone) cell.summed = { nullRatio, sums };
  return sums;
}

function contrastOf({ exposure, counted }: Cell, age: number, keep: KeepsSilence): Contrast {
  const silent = counted.filter(({ silence }) => !silence.cameBack && keep(silence));
  const treated = exposure.treated[age]!;
  const rest = exposure.eligible - treated;
  return {
    crashed: silent.length,
    crashedTreated: silent.filter((each) => each.treated[age]).length,
    eligible: exposure.eligible,
    treated,
    settled: treated > rest && exposure.recent < rest,
  };
}
