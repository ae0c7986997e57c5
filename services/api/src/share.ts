import { clopperPearson } from '@ringwatch/detection';

/** Hosts per 1,000 with the exact 95 % interval of the share. */
export interface Per1000 {
  estimate: number;
  low: number;
  high: number;
}

/** `hosts` of `of` hosts, per 1,000; null of none. More of the one than of the other is an error of the caller. */
export function per1000(hosts: number, of: number): Per1000 | null {
  if (of === 0) return null;
  const { low, high } = clopperPearson(hosts, of);
  return { estimate: rounded(hosts / of), low: rounded(low), high: rounded(high) };
}

/** To three digits behind the point, per 1,000. */
function rounded(share: number): number {
  return Math.round(share * 1_000_000) / 1_000;
}
