/** How an audit spares the rest of the system. */
export interface Pace {
  /** Called between two portions of work: resolves when the next one may begin. */
  rest(): Promise<void>;
}

/** Goes on at once. */
export const unpaced: Pace = { rest: () => Promise.resolve() };

const LOOK_AGAIN_MS = 1_000;

/**
 * Works at most `share` (0..1] of the time: rests in proportion to what the last portion took, and for as long as
 * `isBehind` says that there is more urgent work.
 */
export class SharedPace implements Pace {
  private startedAt = performance.now();

  constructor(
    private readonly share: number,
    private readonly isBehind: () => boolean,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  async rest(): Promise<void> {
    const worked = performance.now() - this.startedAt;
    await this.sleep(worked * (1 / this.share - 1));
    while (this.isBehind()) await this.sleep(LOOK_AGAIN_MS);
    this.startedAt = performance.now();
  }

  /** A portion begins after time that was not work. */
  begin(): void {
    this.startedAt = performance.now();
  }
}
