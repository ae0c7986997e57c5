import type { Crash } from '../evidence';

/** How many distinct crashed hosts have each value. */
export type Counted = Array<{ value: string; hosts: number }>;

/** Crashes, one a host, by a value of theirs, most first. */
export function countBy(crashes: readonly Crash[], valueOf: (crash: Crash) => string): Counted {
  const counts = new Map<string, number>();
  for (const crash of crashes) counts.set(valueOf(crash), (counts.get(valueOf(crash)) ?? 0) + 1);
  return [...counts]
    .map(([value, hosts]) => ({ value, hosts }))
    .sort((a, b) => b.hosts - a.hosts || (a.value < b.value ? -1 : 1));
}

/** The value that most have; empty where there is none. */
export function mostCommon(crashes: readonly Crash[], valueOf: (crash: Crash) => string): string {
  return countBy(crashes, valueOf)[0]?.value ?? '';
}
