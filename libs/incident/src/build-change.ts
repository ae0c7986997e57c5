import { Blame, Scope, Watch, alarmLine, describe, isWeaker, signalOf } from '@ringwatch/detection';
import { type Verdict, evidenceOf } from './evidence-of';
import { instant, rounded } from './figures';
import type { IncidentChange, Suspect } from './incident-change';
import { incidentIdOf } from './incident-id';
import { isOffered } from './mitigation';
import { severityOf } from './severity';

/** A verdict on one update at one tick, with what is needed to write it down. */
export interface Finding extends Verdict {
  blame: Blame[];
  separable: boolean;
}

/** How far the comparison with the time before is trusted: its posterior knows nothing of what else may have changed then. */
const WEAKER_CERTAINTY = 0.9;
/** The confidence from which a rival is named. */
const LEAST_CONFIDENCE = 0.001;

function isRival({ confidence }: Blame, { separable }: Finding, own: Blame | undefined): boolean {
  return confidence >= LEAST_CONFIDENCE || (!separable && confidence === own?.confidence);
}

/** What of an incident's life goes on from change to change. */
export type Life = Pick<
  IncidentChange,
  | 'opened_at'
  | 'acknowledged_at'
  | 'acknowledged_by'
  | 'assignee'
  | 'mute'
  | 'mitigation'
  | 'resolved_at'
  | 'reopened_at'
>;

/** The life of an incident that is opened at a tick. */
export function newLife(tick: number): Life {
  return {
    opened_at: instant(tick),
    acknowledged_at: null,
    acknowledged_by: null,
    assignee: null,
    mute: null,
    mitigation: null,
    resolved_at: null,
    reopened_at: null,
  };
}

/** The change that a finding amounts to, after the last one; which kind it is, and why, is for the caller to say. */
export function buildChange(
  watch: Watch,
  finding: Finding,
  last: IncidentChange | undefined,
  tick: number,
): IncidentChange {
  const { watched, measured, blame, separable } = finding;
  const described = describe(watch, watched, measured, watch.policy);
  const scope = scopeOf(described.scope, finding);
  const isLocal = scope === 'single_org';
  const certainty = isWeaker(measured) ? WEAKER_CERTAINTY : 1;
  const toSuspect = ({ candidate, confidence }: Blame): Suspect =>
    suspectOf({ candidate, confidence: certainty * confidence }, described);
  const own = blame.find(({ candidate }) => candidate.watched === watched);
  return {
    incident_id: incidentIdOf(watched.update),
    sequence: (last?.sequence ?? 0) + 1,
    state: last?.state ?? 'open',
    change: 'updated',
    severity: isLocal ? 'sev3' : severityOf(described, isOffered(watched)),
    detected_at: instant(tick),
    first_crash_at: described.firstCrashAt === null ? null : instant(described.firstCrashAt),
    suspect: toSuspect(own ?? { candidate: { watched, statistic: measured.statistic }, confidence: 0 }),
    other_suspects: blame.filter((each) => each !== own && isRival(each, finding, own)).map(toSuspect),
    separable,
    superseded_by: null,
    scope,
    signal: signalOf(measured, alarmLine(watch.policy)),
    evidence: evidenceOf(watch, described, finding, tick),
    recommendation: isLocal ? 'investigate' : recommend(isOffered(watched), isWeaker(measured)),
    reason: '',
    action: null,
    muted: false,
    ...lifeOf(last ?? newLife(tick)),
  };
}

/** What holds without any one organisation is not that organisation's trouble, however many of the crashed hosts are its own. */
function scopeOf(scope: Scope, { guards }: Finding): Scope {
  return scope === 'single_org' && guards.hold ? 'global' : scope;
}

/**
 * A halt costs hours and is taken back by a word, so weaker evidence is enough for it; to take an update off all hosts
 * is more than a rise over last week's rate can ask for.
 */
function recommend(offered: boolean, weaker: boolean): IncidentChange['recommendation'] {
  if (offered) return 'halt';
  return weaker ? 'investigate' : 'roll_back';
}

function lifeOf(life: Life): Life {
  const { opened_at, acknowledged_at, acknowledged_by, assignee, mute, mitigation, resolved_at, reopened_at } = life;
  return { opened_at, acknowledged_at, acknowledged_by, assignee, mute, mitigation, resolved_at, reopened_at };
}

type Described = ReturnType<typeof describe>;

function suspectOf({ candidate, confidence }: Blame, described: Described): Suspect {
  const { watched } = candidate;
  const driver = watched.owners.has(described.driver) ? described.driver : ([...watched.owners].sort()[0] ?? '');
  const isDriverUpdate = watched.channel === `driver:${driver}`;
  return {
    update_channel: watched.update.channel,
    update_version: watched.update.version,
    driver,
    driver_version: isDriverUpdate
      ? watched.update.version
      : driver === described.driver
        ? described.driverVersion
        : '',
    shipped_at: watched.shippedAt === undefined ? null : instant(watched.shippedAt),
    confidence: rounded(confidence),
  };
}
