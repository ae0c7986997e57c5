/** A count with thousands apart: 1234567 is `1,234,567`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A quantity in three significant digits or whole from 100 up: `0.0312`, `3.1`, `1,240`. */
export function quantity(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return count(value);
  return Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A probability as people say it; it never claims 0 or 100 %. */
export function percent(share: number): string {
  if (share < 0.01) return 'under 1 %';
  if (share > 0.999) return 'over 99.9 %';
  return `${share < 0.99 ? Math.round(share * 100) : Math.floor(share * 1000) / 10} %`;
}

/** `2024-07-19 04:10 UTC`. */
export function minuteOf(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2024-07-19 04:10:55 UTC`. */
export function secondOf(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The time from one instant to another in its two largest units: `1 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function timeBetween(from: string, to: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1000));
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3_600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const first = units.findIndex(([, value]) => value > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([, value]) => value > 0)
    .map(([unit, value]) => `${value} ${unit}`)
    .join(' ');
}
