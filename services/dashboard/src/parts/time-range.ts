/** Times that can be chosen, by their name in the address: so long before the newest event. */
export const ranges = [
  ['1h', 'last hour'],
  ['6h', 'last 6 hours'],
  ['24h', 'last 24 hours'],
  ['7d', 'last 7 days'],
  ['30d', 'last 30 days'],
  ['all', 'all that is stored'],
] as const;
export type RangeName = (typeof ranges)[number][0];

const HOUR_MS = 3_600_000;
const hours: Record<RangeName, number> = { '1h': 1, '6h': 6, '24h': 24, '7d': 168, '30d': 720, all: 876_000 };

export interface TimeRange {
  since?: string;
  until?: string;
}

export const rangeNamed = (text: string | null, usual: RangeName): RangeName =>
  ranges.find(([name]) => name === text)?.[0] ?? usual;

/** The range that ends with the newest event, whenever that was. */
export function rangeEndingAt(newest: string, name: RangeName): TimeRange {
  if (name === 'all') return {};
  const untilMs = (Math.floor(Date.parse(newest) / 60_000) + 1) * 60_000;
  return {
    since: new Date(untilMs - hours[name] * HOUR_MS).toISOString(),
    until: new Date(untilMs).toISOString(),
  };
}
