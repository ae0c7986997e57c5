import type { Bugcheck } from '@ringwatch/bugcheck';
import { SEPARATOR } from './driver';
import { rules } from './rules';

/** The fields of a bugcheck that say how it failed. Versions and updates are no part of it: they are what is compared. */
export type Failure = Pick<Bugcheck, 'bugcheck_code' | 'bugcheck_parameters' | 'driver' | 'fault_offset'>;

export type PartName = 'stop_code' | 'driver' | 'subtype' | 'offset';

/** One part of a signature, and the rule that made it. */
export interface SignaturePart {
  name: PartName;
  value: string;
  rule: string;
}

/**
 * A readable name for a failure; equal texts mean the same failure.
 * `text`, the coarse level: stop code, driver, sub-type. It counts: buckets of the detection, ids of incidents. It has no
 * offset, since another build of a driver moves every offset in it.
 * `fineText`: the same with the place in the driver, where known. It is for people who look for the bug.
 */
export interface Signature {
  text: string;
  fineText: string;
  parts: SignaturePart[];
}

/**
 * The signature of a failure. Never throws: what is not known is left out, so that every bugcheck has one, with a stop code
 * and a driver (`unknown` if need be). No absolute address is ever part of it.
 */
export function signatureOf(failure: Failure): Signature {
  const parts: SignaturePart[] = [];
  for (const { name: rule, part: name, apply } of rules) {
    if (parts.at(-1)?.name === name) continue;
    const value = apply(failure);
    if (value !== undefined) parts.push({ name, value, rule });
  }
  const textOf = (some: readonly SignaturePart[]) => some.map(({ value }) => value).join(SEPARATOR);
  return { text: textOf(parts.filter(({ name }) => name !== 'offset')), fineText: textOf(parts), parts };
}
