import type { Update } from '@ringwatch/rollout';
import type { Signature } from '@ringwatch/signature';
import type { AwakeCount } from './concurrent/awake';

/**
 * What the detector reads, as it arrived. `receivedAt` is arrival time, `occurredAt` event time (arrival time where the
 * host's clock was plainly wrong); both are milliseconds since 1970 UTC. A decision at tick A takes what has `receivedAt` < A.
 */
export interface EvidenceBatch {
  updates: KnownUpdate[];
  actions: VendorAction[];
  applied: AppliedHosts[];
  eligible: EligibleHosts[];
  awake: AwakeHosts[];
  crashes: Crash[];
  hostApplies: HostApply[];
  hostChannels: HostChannel[];
}

/** An update was heard of: announced as shipped, or first applied, whichever arrived first. */
export interface KnownUpdate {
  update: Update;
  receivedAt: number;
  occurredAt: number;
}

/** What the vendor said it did with a release. */
export interface VendorAction {
  update: Update;
  action: 'shipped' | 'expanded' | 'paused' | 'withdrawn';
  receivedAt: number;
  occurredAt: number;
  driver: string;
  /** SHA-256 of the content, where the vendor told it. */
  contentSha256?: string;
}

/** So many hosts of one kind first applied an update in one bin of event time and one second of arrival time. */
export interface AppliedHosts {
  update: Update;
  osBuild: string;
  country: string;
  receivedAt: number;
  occurredAt: number;
  hosts: number;
}

/** So many hosts of one kind were first known to run a channel; arrival time by the minute. */
export interface EligibleHosts {
  channel: string;
  osBuild: string;
  country: string;
  receivedAt: number;
  occurredAt: number;
  hosts: number;
}

/**
 * Of the hosts of one stratum that run an update's channel, those that are awake from `occurredAt` on, as it was seen at the
 * tick `receivedAt`; counted in a sample of the fleet.
 */
export interface AwakeHosts extends AwakeCount {
  update: Update;
  stratum: string;
  receivedAt: number;
  occurredAt: number;
}

/** One stop of one host. `stratum…` is what the host was when it was first heard of, the other fields what it said itself. */
export interface Crash {
  eventId: string;
  hostId: string;
  orgId: string;
  country: string;
  osBuild: string;
  stratumCountry: string;
  stratumOsBuild: string;
  stopCode: number;
  signature: Signature;
  /** The image to blame, as it stands in the signature. */
  driver: string;
  driverVersion: string;
  channel: string;
  receivedAt: number;
  occurredAt: number;
}

/** A host that crashed had applied, or later applied, an update. */
export interface HostApply {
  hostId: string;
  update: Update;
  receivedAt: number;
  occurredAt: number;
}

/** A host that crashed is known to run a channel since `occurredAt`. */
export interface HostChannel {
  hostId: string;
  channel: string;
  receivedAt: number;
  occurredAt: number;
}
