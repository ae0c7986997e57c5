/** How many distinct crashed hosts have each value. */
export type Counted = Array<{ value: string; hosts: number }>;

/** Hosts, each once, by a value of theirs, most first. */
export function countBy<Each>(hosts: readonly Each[], valueOf: (each: Each) => string): Counted {
  const counts = new Map<string, number>();
  for (const each of hosts) counts.set(valueOf(each), (counts.get(valueOf(each)) ?? 0) + 1);
  return [...counts]
    .map(([value, hosts]) => ({ value, hosts }))
    .sort((a, b) => b.hosts - a.hosts || (a.value < b.value ? -1 : 1));
}

/** The value that most have; empty where there is none. */
export function mostCommon<Each>(hosts: readonly Each[], valueOf: (each: Each) => string): string {
  return countBy(hosts, valueOf)[0]?.value ?? '';
}
