import type { Counted, Description } from '@ringwatch/detection';

export const LIST_LENGTH = 20;

/** How many values a list of the evidence shows; its `…_total` says how many there are. */
function top<Each extends Counted[number]>(counted: readonly Each[]): Each[] {
  return counted.slice(0, LIST_LENGTH);
}

/** What the crashed hosts have in common, as the record lists it. */
export function listsOf(
  described: Pick<Description, 'countries' | 'orgs' | 'osBuilds' | 'stopCodes' | 'signatures' | 'fineSignatures'>,
) {
  return {
    countries: top(described.countries),
    countries_total: described.countries.length,
    orgs: top(described.orgs),
    orgs_total: described.orgs.length,
    os_builds: top(described.osBuilds),
    os_builds_total: described.osBuilds.length,
    stop_codes: top(described.stopCodes),
    stop_codes_total: described.stopCodes.length,
    signatures: top(described.signatures),
    signatures_total: described.signatures.length,
    fine_signatures: top(described.fineSignatures),
    fine_signatures_total: described.fineSignatures.length,
  };
}

/** Figures are shown to 6 digits: more would claim a precision that they have not. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** An instant (ms since 1970 UTC) as the record writes it. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Crashed hosts on a fixed grid of powers of 4, so that what people are told does not hang on how many there were at first. */
export function sizeOf(crashedHosts: number): number {
  let size = 0;
  for (let most = 4; crashedHosts >= most; most *= 4) size++;
  return size;
}
