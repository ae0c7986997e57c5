/**
 * Which of many hypotheses to reject so that at most a share `alpha` of the rejected ones is true on average, however they
 * depend on each other: the e-BH rule. Takes ln E of each, gives the indices of those rejected, strongest first.
 * Source: Wang, Ramdas 2022, https://doi.org/10.1111/rssb.12489
 */
export function rejectedByEvidence(lnEvidence: readonly number[], alpha: number): number[] {
  const order = lnEvidence.map((_, index) => index).sort((a, b) => lnEvidence[b]! - lnEvidence[a]! || a - b);
  const rejected = order.findLastIndex(
    (index, k) => lnEvidence[index]! >= Math.log(lnEvidence.length / (alpha * (k + 1))),
  );
  return order.slice(0, rejected + 1);
}
