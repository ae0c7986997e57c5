import { type Contrast, type LogRatios, addContrast, noEvidence } from '../concurrent/contrast';
import { type Silence, type SilenceExposure, type SilenceRound, isOfAge, dateOf, silenceAges } from './silence';

/** A host that fell silent among those that run the update's channel, and in which ages it counts as treated. */
interface Counted {
  silence: Silence;
  treated: readonly boolean[];
}

interface Cell {
  exposure: SilenceExposure;
  counted: Counted[];
  /** The sums of each age over the hosts that were silent when they were summed up. */
  summed: { silent: number; nullRatio: number; sums: LogRatios[] } | undefined;
}

export type KeepsSilence = (silence: Silence) => boolean;
const everyone: KeepsSilence = () => true;
/** The age that has no end. */
const EVER = silenceAges.length - 1;

/**
 * The silences that speak of one update: at each review, of the hosts of one kind that fell silent so many had taken the
 * update, where such a share of those that could fall silent had. A host that came back counts on neither side. Sums are
 * added in the order of reviews and kinds, so that the figure depends on what was found alone.
 */
export class SilenceEvidence {
  private readonly cells: Cell[] = [];
  /** What was answered since the last review: between reviews nothing changes, and every crash asks again. */
  private known: {
    treated?: Silence[];
    totals?: { crashed: number; treated: number };
    sums?: LogRatios[];
    nullRatio?: number;
  } = {};

  constructor(
    private readonly updateKey: string,
    private readonly channel: string,
  ) {}

  /** Adds what a review found; reviews come in their order. */
  add({ silences, exposures }: SilenceRound): void {
    const mine = exposures.filter(({ updateKey }) => updateKey === this.updateKey).sort(byKind);
    for (const exposure of mine) {
      const ofKind = silences.filter(({ kind }) => kind === exposure.kind);
      const dated = dateOf(ofKind);
      const counted = ofKind
        .filter(({ channels }) => channels.includes(this.channel))
        .map((silence) => {
          const appliedAt = silence.applied.get(this.updateKey) ?? Infinity;
          return { silence, treated: silenceAges.map((_, age) => isOfAge(appliedAt, dated, age)) };
        });
      this.cells.push({ exposure, counted, summed: undefined });
    }
  }

  /** A review was made: hosts may have come back. */
  reviewed(): void {
    this.known = {};
  }

  /** Hosts that are silent, and those of them that had taken the update. */
  totals(keep = everyone): { crashed: number; treated: number } {
    return keep === everyone ? (this.known.totals ??= this.count(everyone)) : this.count(keep);
  }

  private count(keep: KeepsSilence): { crashed: number; treated: number } {
    const counted = this.counted(keep);
    return { crashed: counted.length, treated: counted.filter(({ treated }) => treated[EVER]).length };
  }

  /** Hosts that took the update, fell silent and are silent still, in order of their names. */
  treatedSilences(): Silence[] {
    return (this.known.treated ??= this.counted(everyone)
      .filter(({ treated }) => treated[EVER])
      .map(({ silence }) => silence)
      .sort((a, b) => (a.hostId < b.hostId ? -1 : 1)));
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
    if (this.known.nullRatio !== nullRatio)
      this.known = { ...this.known, nullRatio, sums: this.sumUp(nullRatio, keep) };
    return this.known.sums!;
  }

  private sumUp(nullRatio: number, keep: KeepsSilence): LogRatios[] {
    const totals = silenceAges.map(() => noEvidence());
    for (const cell of this.cells) {
      sumsOf(cell, nullRatio, keep).forEach((sums, age) => sums.forEach((sum, j) => (totals[age]![j]! += sum)));
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

/** Hosts only ever leave a cell, so how many are left says whether its sums still hold. */
function sumsOf(cell: Cell, nullRatio: number, keep: KeepsSilence): LogRatios[] {
  const silent = cell.counted.filter(({ silence }) => !silence.cameBack).length;
  const known = keep === everyone ? cell.summed : undefined;
  if (known?.silent === silent && known.nullRatio === nullRatio) return known.sums;
  const sums = silenceAges.map((_, age) => {
    const sum = noEvidence();
    addContrast(sum, contrastOf(cell, age, keep), nullRatio);
    return sum;
  });
  if (keep === everyone) cell.summed = { silent, nullRatio, sums };
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

function byKind(a: SilenceExposure, b: SilenceExposure): number {
  return a.kind < b.kind ? -1 : 1;
}
