import { driverOfSignature } from '@ringwatch/signature';
import type { Crash } from '../evidence';

/** The bucket of all crashes, whatever the driver. */
export const ANY_DRIVER = '*';

/**
 * What crashes are counted by: all together, by the driver to blame, and by the failure signature. The signature sees a new
 * failure among many old ones of the same driver; the driver sees one that shows in many ways.
 */
export type BucketLevel = 'any' | 'driver' | 'signature';

/** The buckets that a crash belongs to, coarse to fine: `*`, the driver, and the text of its signature. */
export function bucketsOf({ driver, signature }: Crash): string[] {
  return [ANY_DRIVER, driver, signature.text];
}

export function levelOf(bucket: string): BucketLevel {
  if (bucket === ANY_DRIVER) return 'any';
  return driverOfSignature(bucket) === undefined ? 'driver' : 'signature';
}

/** The driver whose crashes a bucket holds; undefined for the bucket of all. */
export function driverOf(bucket: string): string | undefined {
  return bucket === ANY_DRIVER ? undefined : (driverOfSignature(bucket) ?? bucket);
}
