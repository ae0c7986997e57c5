const HOUR_MS = 60 * 60 * 1000;
const DAY_HOURS = 24;
/** Today, the seven days before it, and one more for hosts that beat once a day. */
const DAYS_KEPT = 9;

/** The hour of an instant, counted from 1970 UTC. */
export function hourOf(instant: number): number {
  return Math.floor(instant / HOUR_MS);
}

/** In which hours of the last days a host beat. A set: what is told twice, late or in another order changes nothing. */
export class OwnHours {
  private newestDay = -Infinity;

  /** One word a day, a bit an hour; day `d` (from 1970 UTC) lies at `d % 9`. */
  private readonly words = new Uint32Array(DAYS_KEPT);

  /** What was kept of a host: `words` with the newest day's first. */
  static restore(newestDay: number, words: readonly number[]): OwnHours {
    const hours = new OwnHours();
    hours.newestDay = newestDay;
    words.forEach((word, back) => (hours.words[slotOf(newestDay - back)] = word));
    return hours;
  }

  kept(): { newestDay: number; words: number[] } {
    if (this.newestDay === -Infinity) return { newestDay: 0, words: [] };
    const words = Array.from({ length: DAYS_KEPT }, (_, back) => this.words[slotOf(this.newestDay - back)]!);
    return { newestDay: this.newestDay, words };
  }

  add(hour: number): void {
    const day = Math.floor(hour / DAY_HOURS);
    if (day <= this.newestDay - DAYS_KEPT) return;
    if (this.newestDay === -Infinity) this.newestDay = day;
    for (; this.newestDay < day; this.newestDay++) this.words[slotOf(this.newestDay + 1)] = 0;
    this.words[slotOf(day)]! |= 1 << (hour - day * DAY_HOURS);
  }

  /** Did the host beat in any of the hours from `first` to `last`, both included? */
  any(first: number, last: number): boolean {
    for (let hour = first; hour <= last; hour++) if (this.has(hour)) return true;
    return false;
  }

  private has(hour: number): boolean {
    const day = Math.floor(hour / DAY_HOURS);
    if (day > this.newestDay || day <= this.newestDay - DAYS_KEPT) return false;
    return (this.words[slotOf(day)]! & (1 << (hour - day * DAY_HOURS))) !== 0;
  }
}

function slotOf(day: number): number {
  return ((day % DAYS_KEPT) + DAYS_KEPT) % DAYS_KEPT;
}
