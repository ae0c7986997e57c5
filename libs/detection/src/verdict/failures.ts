import { foldStopCodeTwin, formatStopCode, stopCodeName } from '@ringwatch/bugcheck';
import type { SignaturePart } from '@ringwatch/signature';
import type { Crash } from '../evidence';
import { type Counted, countBy } from './count-by';

/** Hosts per stop code, without the bit that marks small dumps; `name` is its symbolic name, where a document has one. */
export type CountedStopCodes = Array<Counted[number] & { name?: string }>;

/** Hosts per failure signature, and which rule made which part of it. */
export type CountedSignatures = Array<Counted[number] & { parts: SignaturePart[] }>;

/** The stop codes of crashes, one crash a host. */
export function stopCodesOf(crashes: readonly Crash[]): CountedStopCodes {
  return countBy(crashes, ({ stopCode }) => formatStopCode(foldStopCodeTwin(stopCode))).map((each) => {
    const name = stopCodeName(Number(each.value));
    return name === undefined ? each : { ...each, name };
  });
}

/** The signatures of crashes, one crash a host and signature: the coarse ones, and those with the place in the driver. */
export function signaturesOf(crashes: readonly Crash[]): { signatures: CountedSignatures; fineSignatures: Counted } {
  const parts = new Map(
    crashes.map(({ signature: { text, parts: all } }) => [text, all.filter(({ name }) => name !== 'offset')]),
  );
  const counted = countBy(crashes, ({ signature }) => signature.text);
  return {
    signatures: counted.map((each) => ({ ...each, parts: parts.get(each.value)! })),
    fineSignatures: countBy(crashes, ({ signature }) => signature.fineText),
  };
}
