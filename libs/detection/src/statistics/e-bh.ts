/**
 * The e-BH procedure (Wang and Ramdas 2022): which of many hypotheses may be called discoveries, so that at most a share
 * `alpha` of them is wrong on average, however the e-values depend on each other. Takes ln E of each; gives the ln E from
 * which on one is a discovery: the k-th largest is at least m / (alpha k), for the largest such k. Infinity where none is.
 */
export function discoveryLine(lnEvidence: readonly number[], alpha: number): number {
  const inOrder = [...lnEvidence].sort((a, b) => b - a);
  for (let k = inOrder.length; k >= 1; k--) {
    const line = Math.log(inOrder.length / (alpha * k));
    if (inOrder[k - 1]! >= line) return line;
  }
  return Infinity;
}
