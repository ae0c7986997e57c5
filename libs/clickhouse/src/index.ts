export type { ClickHouseClient } from '@clickhouse/client';
export { ask } from './ask';
export { clusterSchema } from './cluster/cluster-schema';
export { BackupRefused, backUp, closedUntil, restore } from './backup/backup';
export { connectClickHouse } from './connect';
export type { ClickHouseSettings } from './connect';
export { migrate } from './migrate';
export { migrateByHand } from './migrate-by-hand';
export { forManyReaders } from './answers/for-many-readers';
export { untilAborted } from './until-aborted';
export { apiKeys, drawKey, hashOfKey, keyIdOf, keyScopes, storeApiKey } from './access/api-keys';
export type { ApiKey, KeyScope } from './access/api-keys';
export { listAudit, noteAudit } from './access/audit-entries';
export type { AuditEntry, AuditFilters, EntryPosition } from './access/audit-entries';
export { readArrivalClocks, writeArrivalClocks } from './intake/arrival-clocks';
export type { ArrivalClock } from './intake/arrival-clocks';
export { createBlock } from './blocks/create-block';
export type { InputBlocks } from './blocks/create-block';
export type { EventBlock, MessageInBytes, Place } from './blocks/event-block';
export { countEvents } from './intake/count-events';
export { storeBlock } from './intake/store-block';
export { storeDeadLetters } from './intake/store-dead-letters';
export type { DeadLetter } from './intake/store-dead-letters';
export { storeEvents, toDateTime64 } from './intake/store-events';
export type { Arrived } from './intake/store-events';
export { aggregateCrashes, countOtherCrashes } from './aggregates/aggregate-crashes';
export { crashedExposedHosts, exposedHosts, hostDimensions } from './aggregates/exposures';
export type { CrashedExposed, ExposedHosts, RateQuestion } from './aggregates/exposures';
export { listDrivers } from './drivers/list-drivers';
export type { BlamedDriver } from './drivers/list-drivers';
export { failureKinds, hostsOfKinds, sharesOfKinds } from './signatures/failure-kinds';
export type { CountedKind, FailureKind, KindSelection, KindShare } from './signatures/failure-kinds';
export { crashDimensions } from './aggregates/crash-selection';
export type { CrashAggregate, CrashDimension, CrashFilters, CrashSelection } from './aggregates/crash-selection';
export { hourStates } from './rollups/hour-states';
export type { HourState } from './rollups/hour-states';
export { markChangedHours } from './rollups/mark-changed-hours';
export { countAgain, finishRoll, nextRolls, rollChangedHours, startRoll } from './rollups/roll-changed-hours';
export type { Roll, RolledHour } from './rollups/roll-changed-hours';
export { rollupDifferences } from './rollups/rollup-differences';
export type { RollupDifference } from './rollups/rollup-differences';
export { missingTables } from './aggregates/missing-tables';
export { storeStatus } from './aggregates/store-status';
export type { StoreStatus } from './aggregates/store-status';
export { channelHosts } from './release-history/channel-hosts';
export { crashCountsForDays, crashedAfterApplying } from './release-history/crashed-after-applying';
export type { CrashedAfterApplying } from './release-history/crashed-after-applying';
export { listUpdates } from './release-history/list-updates';
export { silenceAfterUpdate } from './release-history/silence-after-update';
export type { SilencePoint } from './release-history/silence-after-update';
export type { KnownUpdate, UpdateFilters, UpdatePosition, VerdictFilter } from './release-history/list-updates';
export { actionsOnUpdate } from './release-history/actions-on-update';
export type { ActionOnUpdate } from './release-history/actions-on-update';
export { crashesAfterUpdate } from './release-history/crashes-after-update';
export type { CrashesAfterUpdate, CurvePoint } from './release-history/crashes-after-update';
export { incidentChanges } from './incident-history/incident-changes';
export { changesAfter, compareChanges, newestChange } from './incident-history/changes-after';
export type { ChangePosition } from './incident-history/changes-after';
export { storedAction } from './incident-history/stored-action';
export { countIncidentHosts, hostStates, incidentHosts, returnsFrom } from './incident-history/incident-hosts';
export type { HostState, IncidentHost, IncidentHostSelection, ReturnsFrom } from './incident-history/incident-hosts';
export { listIncidents } from './incident-history/list-incidents';
export type { IncidentFilters, IncidentPosition, LatestIncident } from './incident-history/list-incidents';
export {
  decidedUntil,
  firstArrival,
  incidentsUntil,
  storeIncidentChanges,
  writeDecidedUntil,
} from './decisions/decisions';
export { latestJudgements, noteJudgements } from './decisions/judgements';
export type { DatedJudgement } from './decisions/judgements';
export { arrivedIncidentActions } from './evidence/incident-actions';
export { noteAwakeHosts, notedAwakeHosts } from './evidence/awake-hosts';
export { benignUpdates, noteBenignUpdates } from './evidence/benign-updates';
export { crashHours } from './evidence/crash-hours';
export { knownHosts, noteSample, notedSample } from './evidence/noted-sample';
export { noteSilences, notedSilences } from './evidence/noted-silences';
export { sampledApplies, sampledChannels, sampledSigns } from './evidence/sampled-evidence';
export type { SampleWindow } from './evidence/sampled-evidence';
export {
  adoptedUpdates,
  appliedHosts,
  arrivalUntil,
  crashes,
  eligibleHosts,
  hostApplies,
  hostChannels,
  hostsOnChannels,
  knownUpdates,
  vendorActions,
} from './evidence/read-evidence';
export type { ArrivalWindow } from './evidence/read-evidence';
export { recoveredHosts } from './evidence/recovered-hosts';
export { deliveriesPage } from './deliveries/deliveries-page';
export type { DeliveryFilters, DeliveryPosition, ShownDelivery } from './deliveries/deliveries-page';
export { answeredRequests, listDeliveries } from './deliveries/list-deliveries';
export type { DeliverySelection, ListedDelivery } from './deliveries/list-deliveries';
export { RESUMED, lastNotice, receiverStanding } from './deliveries/receiver-standing';
export type { LastNotice, ReceiverStanding } from './deliveries/receiver-standing';
export { pastDeliveries } from './deliveries/past-deliveries';
export type { PastDelivery } from './deliveries/past-deliveries';
export { storeDeliveries } from './deliveries/store-deliveries';
export type { DeliveryRecord } from './deliveries/store-deliveries';
export { readAuditProgress, writeAuditProgress } from './audit/progress';
export type { AuditPosition } from './audit/progress';
export { contentFields, isInstant, contentKey, contentOf, contentsAtOffsets, rowsOfIds } from './audit/contents';
export type { Content, RowOfId } from './audit/contents';
export { conflictingIds, finishConflicts, openConflicts, storedSince } from './audit/conflicts';
export type { ConflictingId, Loser } from './audit/conflicts';
export { deadLettersSince, knownConflictLetters, lettersAtOffsets } from './audit/letters';
export type { LetterAtOffset, LetterSource } from './audit/letters';
export { addRawToStates, repairStates, stateDifferences, stateTables } from './audit/states';
export type { StateDifference, StateTable } from './audit/states';
export { listDeadLetters } from './dead-letters/list-dead-letters';
export type { LetterFilters, LetterPosition, ShownLetter } from './dead-letters/list-dead-letters';
export { countDeadLetters, lettersToRedrive, noteRedriven } from './dead-letters/dead-letters';
export type { LetterCount, LetterSelection, LetterToRedrive } from './dead-letters/dead-letters';
export { erase } from './erasure/erase';
export type { EraseOptions } from './erasure/erase';
export { Erasures, loadErasures } from './erasure/erasures';
export type { ErasedId, Tombstone } from './erasure/erasures';
export { whereNamed } from './erasure/where-named';
export type { PlaceOfId } from './erasure/where-named';
