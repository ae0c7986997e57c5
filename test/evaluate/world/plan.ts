import type { Update } from '@ringwatch/rollout';
import type { VendorAction } from '@ringwatch/detection';
import type { CrashSource } from './crashes';
import type { Fleet } from './fleet';
import type { Shipment } from './shipment';
import type { PastHours } from '@ringwatch/detection';
import type { Floor } from '../floor/floor';
import type { SampledHosts } from './sample';

/** What must come out of a run. */
export type Truth =
  | { kind: 'silent' }
  | {
      kind: 'guilty';
      /** The updates to blame: one, or a set that nothing can tell apart. */
      blame: readonly Update[];
      /** Must they be told apart? */
      separable: boolean | 'either';
      /** Whether it is told apart is judged by the opening, or by how the incident stands when the run ends. */
      separableAt?: 'opening' | 'end';
      scope?: 'global' | 'regional' | 'single_org' | 'single_build';
      /** The first moment at which the update can have harmed a host. */
      firstHarmAt: number;
      /** Guilty too, and no false alarm when an incident opens on it. */
      also?: readonly Update[];
      /** When nothing is harmed any more. */
      endsAt?: number;
    }
  | { kind: 'spike'; since: number };

/** One run: a fleet, what is shipped to it, what crashes, and the truth. */
export interface Plan {
  fleet: Fleet;
  shipments: readonly Shipment[];
  /** What vendors say besides that an update is shipped. */
  actions?: readonly VendorAction[];
  crashes: readonly CrashSource[];
  /** What is known of the weeks before; a detector that has just been set up knows nothing. */
  past?: () => PastHours;
  /** Hosts that are followed by their signs of life. */
  sample?: SampledHosts;
  starts: number;
  ends: number;
  truth: Truth;
  /** What a perfect detector would need, where section 6 says so. */
  floor?: Floor;
  /** So many milliseconds are gone on with after the guilty update is found. */
  goOnMs?: number;
  /** The figures of the run in a few words. */
  words: string;
}
