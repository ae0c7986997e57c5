export type { Headcount } from './awake';
export { byShipping, evidenceWithout, shareBlame } from './blame';
export type { Blame, Candidate } from './blame';
export { BIN_MS, stratumOf } from './curve';
export { describe } from './describe';
export type { Counted, Description, Scope } from './describe';
export type {
  AppliedHosts,
  AwakeHosts,
  Crash,
  EligibleHosts,
  EvidenceBatch,
  HostApply,
  HostChannel,
  KnownUpdate,
  VendorAction,
} from './evidence';
export { guard } from './guards';
export type { Guards } from './guards';
export { leadingBucket, measure } from './measure';
export type { BucketEvidence, Measured } from './measure';
export { alarmLine, defaultPolicy } from './policy';
export type { DetectionPolicy } from './policy';
export { Watch } from './watch';
export { EARLY_ACTION_MS, WatchedUpdate } from './watched-update';
