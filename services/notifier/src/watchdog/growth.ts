/** Of what was before, so many looks have to be known: one alone may happen to be the least. */
const LEAST_BEFORE = 5;

/** Whether a figure only grows: for a stretch of time it was more than it ever was in the stretch before. */
export class Growth {
  private samples: Array<{ at: number; value: number }> = [];

  /** @param leastRise what counts as growing at all, over the whole stretch */
  constructor(
    private readonly overMs: number,
    private readonly leastRise: number,
  ) {}

  note(at: number, value: number): void {
    this.samples.push({ at, value });
    this.samples = this.samples.filter((sample) => sample.at >= at - 2 * this.overMs);
  }

  get isGrowing(): boolean {
    const last = this.samples.at(-1);
    if (!last) return false;
    const begins = last.at - this.overMs;
    const before = this.samples.filter(({ at }) => at <= begins).map(({ value }) => value);
    const since = this.samples.filter(({ at }) => at > begins).map(({ value }) => value);
    if (before.length < LEAST_BEFORE) return false;
    return Math.min(...since) > Math.max(...before) && last.value >= before.at(-1)! + this.leastRise;
  }
}
