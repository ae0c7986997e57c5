/**
 * Does a name fit a pattern in which `*` stands for any characters and `?` for one? Case makes no difference, as in the names of
 * drivers. Linear but for one step back to the last `*`, so that no pattern takes long.
 */
export function fits(pattern: string, name: string): boolean {
  const [wanted, given] = [[...pattern.toLowerCase()], [...name.toLowerCase()]];
  let [at, from] = [0, 0];
  let star: { at: number; from: number } | undefined;
  while (from < given.length) {
    if (wanted[at] === '*') star = { at: at++, from };
    else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[from])) [at, from] = [at + 1, from + 1];
    else if (star) [at, from] = [star.at + 1, ++star.from];
    else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}

/** Whether every name that fits `narrow` certainly fits `wide`. Says no where it is not sure. */
export function includes(wide: string, narrow: string): boolean {
  if (wide.toLowerCase() === narrow.toLowerCase()) return true;
  // Without wildcards of its own a pattern is a name; with them, only what is in front of a last `*` can be compared.
  if (!/[*?]/.test(narrow)) return fits(wide, narrow);
  return /^[^*?]*\*$/.test(wide) && narrow.toLowerCase().startsWith(wide.slice(0, -1).toLowerCase());
}
