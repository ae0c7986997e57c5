const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** 1110 as `1,110`. */
export const count = (value: number) => whole.format(value);

/** A measured value: one decimal below a hundred, none above; what is not nothing is not shown as 0. */
export function measure(value: number): string {
  if (value > 0 && value < 0.05) return '< 0.1';
  return (Math.abs(value) < 100 ? fine : whole).format(value);
}

/** A share of one as percent; what is not nothing is not shown as 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return `${fine.format(share * 100)} %`;
}

/** The time of day in UTC, as hours and minutes, with seconds where they matter. */
export const clock = (at: string | number | Date, seconds = false) =>
  new Date(at).toISOString().slice(11, seconds ? 19 : 16);

/** Date and time in UTC. */
export const dateTime = (at: string | number) => `${new Date(at).toISOString().slice(0, 10)} ${clock(at, true)}`;

/** Date and time where the reader is. */
export const localTime = (at: string) => new Date(at).toLocaleString('en-GB', { timeZoneName: 'short' });

/** How long from one time to another, in the largest unit that says enough. */
export function duration(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${fine.format(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** A ratio with its interval, `116 × (38.5 to 347)`; an open end is said in words. */
export function ratio({ estimate, low, high }: { estimate: number; low: number; high: number | null }): string {
  return `${measure(estimate)} × (${measure(low)} to ${high === null ? 'no upper bound' : measure(high)})`;
}

export const words = (name: string) => name.replaceAll('_', ' ');
