import type { Rate } from '@ringwatch/webhook';

/**
 * Spaces messages out so that no receiver gets more than it takes. It keeps one number: the moment up to which what was sent
 * uses the rate up (the generic cell rate algorithm).
 */
export class RateLimit {
  private usedUntil = 0;

  constructor(private readonly rate: Rate | undefined) {}

  /** The first moment, from `now` on, at which a message may go out. */
  freeAt(now: number): number {
    if (!this.rate) return now;
    return Math.max(now, this.usedUntil - (this.rate.burst - 1) * this.intervalMs(this.rate));
  }

  /** A message goes out. */
  take(now: number): void {
    if (this.rate) this.usedUntil = Math.max(now, this.usedUntil) + this.intervalMs(this.rate);
  }

  /** How many messages may go out within so much time from now on; without a rate any number. */
  roomWithin(ms: number, now: number): number {
    if (!this.rate) return Infinity;
    const { perSecond, burst } = this.rate;
    return Math.max(0, burst + ((now + ms - Math.max(now, this.usedUntil)) / 1000) * perSecond);
  }

  private intervalMs({ perSecond }: Rate): number {
    return 1000 / perSecond;
  }
}
