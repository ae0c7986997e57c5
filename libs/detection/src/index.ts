export type { Headcount } from './concurrent/awake';
export { driverOf, levelOf } from './concurrent/buckets';
export type { BucketLevel } from './concurrent/buckets';
export { byShipping } from './verdict/blame';
export type { Blame } from './verdict/blame';
export type { HostSigns, KeptLife, KeptSample, SampledApply, SampledChannel, SampledEvidence } from './silence/signs';
export type { Silence, SilenceExposure, SilenceRound } from './silence/silence';
export { MOST_SAMPLED_HOSTS } from './silence/host-sample';
export { addContrast, lnMixture, noEvidence, ratioGrid } from './concurrent/contrast';
export type { Contrast, LogRatios } from './concurrent/contrast';
export { BIN_MS, stratumOf } from './concurrent/curve';
export { describe, describeRisk } from './verdict/describe';
export type { Description, RiskFigures } from './verdict/describe';
export type { CountedSignatures, CountedStopCodes } from './verdict/failures';
export type { Concentration, Scope } from './verdict/scope';
export type { SecondOpinion } from './verdict/second-opinion';
export { describeCrashes, noOpinion } from './verdict/describe-history';
export type { Counted } from './verdict/count-by';
export { COMPLETE_AFTER_MS, hourOf } from './history/crash-hours';
export type { CrashHour, PastHours } from './history/crash-hours';
export type { BenignUpdate, NullRatio, UpdateClass } from './history/benign-ratio';
export { benignUpdateOf } from './verdict/benign-update';
export { HISTORY_HOURS } from './history/past';
export { spikeSince, spikes, strongestSpike } from './history/spikes';
export type { Spike } from './history/spikes';
export { riseRatio } from './history/rise-ratio';
export { KEPT_MS } from './history/reports';
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
export { isOfFewOrgs } from './verdict/few-orgs';
export { soleOrgOf } from './verdict/sole-org';
export { unjudgedBehind } from './history/unjudged';
export type { Unjudged } from './history/unjudged';
export { judgeAll } from './verdict/judgement';
export type { Judgement, Standing } from './verdict/judgement';
export { hitArrivals, isGuiltyAgain, recentRelativeRisk } from './verdict/fresh-evidence';
export { guard, guardsHold } from './verdict/guards';
export type { Guards } from './verdict/guards';
export { crashedHosts, isHalfCompared, isWeaker, leadingBucket, measure, signalOf } from './verdict/measure';
export type { BucketEvidence, EvidenceChannel, Measured } from './verdict/measure';
export { reverseTest } from './verdict/reverse-test';
export type { ReverseTest } from './verdict/reverse-test';
export { Rivals } from './verdict/rivals';
export type { Comparison } from './verdict/rivals';
export { marginOf } from './verdict/what-would-change';
export type { Margin } from './verdict/what-would-change';
export { clopperPearson } from './statistics/share-interval';
export { alarmLine, defaultPolicy } from './policy';
export type { DetectionPolicy } from './policy';
export { readPolicy } from './read-policy';
export type { PolicyProblem } from './read-policy';
export { Watch } from './watch';
export type { OtherStops } from './other-stops';
export { EARLY_ACTION_MS, WatchedUpdate } from './watched-update';
