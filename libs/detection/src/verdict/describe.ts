import type { Contrast } from '../concurrent/contrast';
import type { Crash } from '../evidence';
import { ANY_DRIVER, levelOf } from '../concurrent/buckets';
import { isWithin } from '../concurrent/host-history';
import { type Counted, countBy, mostCommon } from './count-by';
import { describeHistory } from './describe-history';
import { type CountedSignatures, type CountedStopCodes, signaturesOf, stopCodesOf } from './failures';
import { Measured, isWeaker, leadingBucket } from './measure';
import type { DetectionPolicy } from '../policy';
import { RelativeRisk, expectedWithoutEffect, relativeRisk } from '../concurrent/relative-risk';
import {
  type Affected,
  type Concentration,
  type Scope,
  concentrations,
  exposedToCrashes,
  exposedToSilence,
  scopeOf,
} from './scope';
import { type SecondOpinion, secondOpinion } from './second-opinion';
import type { Silence } from '../silence/silence';
import type { OtherStops } from '../other-stops';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';

/** The numbers that explain a verdict to a person. */
export interface Description {
  driver: string;
  driverVersion: string;
  firstCrashAt: number | null;
  observed: number;
  /** Hosts that crashed with the update, by any driver; where nobody tells who has it, those that `observed` counts. */
  crashedHosts: number;
  expected: number;
  relativeRisk: RelativeRisk;
  exposedHosts: number;
  /** Hosts that applied the update in the ten minutes before the newest apply: the pace of the rollout. */
  appliedLastTenMinutes: number;
  eligibleHosts: number;
  /** Hosts that took the update and fell silent without telling of a crash, as far as is known in the whole fleet. */
  silentHosts: number;
  /** One host in so many is watched for silence. */
  silentInOneOf: number;
  crashLoopingHosts: number;
  countries: Counted;
  orgs: Counted;
  osBuilds: Counted;
  stopCodes: CountedStopCodes;
  /** Of all crashed hosts that had applied the update, not only of the leading bucket; a host may have several. */
  signatures: CountedSignatures;
  /** The same with the place in the driver. */
  fineSignatures: Counted;
  otherStops: OtherStops;
  scope: Scope;
  concentrations: Concentration[];
  secondOpinion: SecondOpinion;
}

/** So many stops of one host are a loop. */
export const LOOP_CRASHES = 3;

/** Describes the evidence of the leading bucket. */
export function describe(
  watch: Watch,
  watched: WatchedUpdate,
  measured: Measured,
  policy: DetectionPolicy,
): Description {
  const leading = leadingBucket(measured);
  const weaker = leading && isWeaker(measured) ? describeHistory(watch, watched, leading.bucket) : undefined;
  if (weaker) return weaker;
  const { isSilence, bucket, contrasts } = compared(watched, measured, policy);
  const first = firstCrashes(watched, bucket);
  const crashes = [...first.values()];
  const affected: Affected[] = isSilence ? watched.silence.treatedSilences().map(toAffected) : crashes;
  // Silence is seen in a sample; what is told speaks of the fleet.
  const { part } = watch.silences.sample;
  const exposed = isSilence ? exposedToSilence(watch, watched) : exposedToCrashes(watch, watched);
  const found = concentrations(exposed, affected);
  const driver = mostCommon(crashes, (crash) => crash.driver);
  return {
    driver,
    driverVersion: mostCommon(
      crashes.filter((crash) => crash.driver === driver),
      (crash) => crash.driverVersion,
    ),
    firstCrashAt:
      crashes.length === 0 ? null : crashes.reduce((least, { occurredAt }) => Math.min(least, occurredAt), Infinity),
    ...riskOf(watched, contrasts),
    observed: isSilence ? affected.length * part : crashes.length,
    crashedHosts: watched.treatedHosts(),
    expected: expectedWithoutEffect(contrasts) * (isSilence ? part : 1),
    silentHosts: watched.onlySilent().length * part,
    silentInOneOf: part,
    crashLoopingHosts: [...first.keys()].filter((hostId) => loops(watch, hostId, watched)).length,
    countries: countBy(affected, ({ country }) => country),
    orgs: countBy(affected, ({ orgId }) => orgId),
    osBuilds: countBy(affected, ({ osBuild }) => osBuild),
    stopCodes: stopCodesOf(crashes),
    ...signaturesOf(firstOfEachSignature(watched)),
    otherStops: watch.otherStops(watched),
    scope: scopeOf(affected, found),
    concentrations: found,
    secondOpinion: secondOpinion(watched, bucket, contrasts, policy),
  };
}

/** The figures that say how many hosts are at risk. */
export type RiskFigures = Pick<
  Description,
  'observed' | 'relativeRisk' | 'exposedHosts' | 'eligibleHosts' | 'appliedLastTenMinutes'
>;

/** Only these, as `describe` gives them: an open incident is asked for them every minute. */
export function describeRisk(
  watch: Watch,
  watched: WatchedUpdate,
  measured: Measured,
  policy: DetectionPolicy,
): RiskFigures {
  if (isWeaker(measured)) return describe(watch, watched, measured, policy);
  const { isSilence, bucket, contrasts } = compared(watched, measured, policy);
  const observed = isSilence
    ? watched.silence.treatedSilences().length * watch.silences.sample.part
    : (watched.cells().get(bucket)?.totals().treated ?? 0);
  return { observed, ...riskOf(watched, contrasts) };
}

function riskOf(watched: WatchedUpdate, contrasts: readonly Contrast[]): Omit<RiskFigures, 'observed'> {
  return {
    relativeRisk: relativeRisk(contrasts),
    exposedHosts: watched.applied.total(),
    appliedLastTenMinutes: watched.applied.lastSteps(60),
    eligibleHosts: Math.max(watched.eligible.total(), watched.applied.total()),
  };
}

/** What the leading bucket compares. */
function compared(watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy) {
  const leading = leadingBucket(measured);
  const isSilence = leading?.channel === 'silence';
  const bucket = isSilence ? ANY_DRIVER : (leading?.bucket ?? ANY_DRIVER);
  const contrasts = isSilence ? watched.silence.contrasts() : contrastsOf(watched, bucket, policy);
  return { isSilence, bucket, contrasts };
}

function toAffected({ orgId, country, osBuild }: Silence): Affected {
  return { orgId, country, osBuild, stratumCountry: country, stratumOsBuild: osBuild };
}

function contrastsOf(watched: WatchedUpdate, bucket: string, policy: DetectionPolicy): Contrast[] {
  const allAges = policy.ageWindowsMin.findIndex(([, until]) => until === Infinity);
  return watched.cells().get(bucket)?.contrasts(watched.exposure(), allAges) ?? [];
}

/** Each host's first crash in the bucket after it had applied the update. */
function firstCrashes(watched: WatchedUpdate, bucket: string): Map<string, Crash> {
  const first = new Map<string, Crash>();
  for (const [hostId, contributions] of watched.contributions()) {
    const treated = contributions.find((each) => each.bucket === bucket && each.ageBins !== undefined);
    if (treated) first.set(hostId, treated.crash);
  }
  return first;
}

/** Each host's first crash of each signature, after it had applied the update. */
function firstOfEachSignature(watched: WatchedUpdate): Crash[] {
  return watched
    .contributions()
    .flatMap(([, contributions]) =>
      contributions.filter(({ bucket, ageBins }) => ageBins !== undefined && levelOf(bucket) === 'signature'),
    )
    .map(({ crash }) => crash);
}

function loops(watch: Watch, hostId: string, watched: WatchedUpdate): boolean {
  const host = watch.host(hostId);
  const appliedAt = host?.appliedAt(watched.key) ?? Infinity;
  const since = host?.crashesSince(appliedAt).filter((crash) => isWithin(crash, watched)) ?? [];
  return since.length >= LOOP_CRASHES;
}
