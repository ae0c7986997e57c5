/**
 * The signs of life that arrived from one sampled host in one minute of arrival time. Times are milliseconds since 1970 UTC;
 * those of the events are as the host's clock has them.
 */
export interface HostSigns {
  hostId: string;
  /** What the host said of itself with the first of these signs. */
  orgId: string;
  country: string;
  osBuild: string;
  /** How deep into the sample the host is: a sample of one host in 2^n holds those of level n and more. */
  level: number;
  /** The minute of arrival, its start. */
  receivedAt: number;
  /** Its heartbeats, each once, in order. */
  beats: readonly number[];
  /** The least time that one of its heartbeats took to arrive; negative when its clock is ahead. Null without heartbeats. */
  leastDelayMs: number | null;
  /** Its latest install and its latest bugcheck; null where there is none. */
  installedAt: number | null;
  stoppedAt: number | null;
}

/** A sampled host first applied an update. */
export interface SampledApply {
  hostId: string;
  level: number;
  updateKey: string;
  receivedAt: number;
  occurredAt: number;
}

/** A sampled host was first known to run a channel. */
export interface SampledChannel {
  hostId: string;
  level: number;
  channel: string;
  receivedAt: number;
}

/** What arrived from the sample up to a full minute and after the one before it. */
export interface SampledEvidence {
  signs: HostSigns[];
  applies: SampledApply[];
  channels: SampledChannel[];
}

/** All that has to be kept of a host's life, so that a detector which starts anew goes on from it. */
export interface KeptLife {
  hostId: string;
  orgId: string;
  country: string;
  osBuild: string;
  level: number;
  beatAt: number | null;
  leastDelayMs: number | null;
  lastSignAt: number | null;
  stoppedAt: number | null;
  /** The last intervals between heartbeats in seconds, oldest first. */
  intervals: readonly number[];
  knownSince: number | null;
  brokeAt: number | null;
  newestDay: number;
  hours: readonly number[];
  /** The last sign after which the host was found silent or asleep; null while it is neither. */
  judgedAt: number | null;
}

/** The sample as it is kept: of one host in 2^level. */
export interface KeptSample {
  level: number;
  lives: readonly KeptLife[];
}
