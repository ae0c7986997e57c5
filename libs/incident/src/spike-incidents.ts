import {
  type Description,
  type Spike,
  type Unjudged,
  type Watch,
  describeCrashes,
  noOpinion,
  riseRatio,
  spikeSince,
  spikes,
  strongestSpike,
  unjudgedBehind,
} from '@ringwatch/detection';
import { instant, listsOf, rounded, sizeOf } from './figures';
import type { IncidentChange, IncidentDraft, Suspect } from './incident-change';
import { spikeIdOf } from './incident-id';
import { severityOf } from './severity';

/** What a tick knows of incidents when spikes are looked at: after all updates were judged. */
export interface SpikeTick {
  watch: Watch;
  tick: number;
  isReview: boolean;
  /** The last change of every incident. */
  latest: ReadonlyMap<string, IncidentChange>;
  /** Is there an update under watch with evidence on this driver's crashes? */
  isExplained: (driver: string) => boolean;
}

/**
 * Incidents without a suspect: a driver crashes far more hosts than usual, and no update explains it. One a driver; it ends
 * when an update takes the blame, or when nothing of it is left in the last hours.
 */
export function decideSpikes(state: SpikeTick): IncidentDraft[] {
  const open = unresolved(state).filter(isSpike);
  const followed = open.flatMap((last) => followUp(state, last) ?? []);
  // What an open incident speaks of already is not looked at again: in a wave of crashes that would cost most.
  const known = new Set([...unresolved(state), ...closedByHand(state)].map(({ suspect }) => suspect.driver));
  const candidates = [...state.watch.crashedDrivers].filter((driver) => !known.has(driver));
  const news = spikes(state.watch, state.tick, candidates).filter(({ driver }) => !state.isExplained(driver));
  return [...followed, ...news.map((spike) => openOn(state, spike))];
}

/** In the order of their ids: the order of a map hangs on when a detector was started. */
function unresolved({ latest }: Pick<SpikeTick, 'latest'>): IncidentChange[] {
  return [...latest.values()]
    .filter(({ state }) => state !== 'resolved')
    .sort((a, b) => (a.incident_id < b.incident_id ? -1 : 1));
}

/** Is this an incident without a suspect? */
export function isSpike({ suspect }: IncidentChange): boolean {
  return suspect.update_channel === '';
}

/** Spikes that somebody resolved in the last day: what is left of them in the last hours is no news. */
function closedByHand({ latest, tick }: SpikeTick): IncidentChange[] {
  return [...latest.values()].filter(
    (each) =>
      isSpike(each) && each.action?.action === 'resolve' && Date.parse(each.detected_at) > tick - 24 * 60 * 60 * 1000,
  );
}

function openOn({ watch, tick, latest }: SpikeTick, spike: Spike): IncidentDraft {
  const id = spikeIdOf(spike.driver, tick);
  const before = latest.get(id);
  return {
    ...changeOf(watch, spike),
    incident_id: id,
    sequence: (before?.sequence ?? 0) + 1,
    state: 'open',
    change: before ? 'reopened' : 'opened',
    detected_at: instant(tick),
    opened_at: before?.opened_at ?? instant(tick),
    reopened_at: before ? instant(tick) : null,
    reason: `${spike.crashes.size} hosts crashed, ${spike.expected.toFixed(1)} were usual; no update explains it`,
  };
}

function followUp({ watch, tick, isReview, latest }: SpikeTick, last: IncidentChange): IncidentDraft | undefined {
  const { driver } = last.suspect;
  const next = { ...last, sequence: last.sequence + 1, detected_at: instant(tick), action: null };
  const over = { ...next, ...ended, resolved_at: instant(tick) };
  const by = unresolved({ latest }).find((each) => !isSpike(each) && each.suspect.driver === driver);
  if (by) {
    const reason = `incident ${by.incident_id} explains the crashes of ${driver}`;
    return { ...over, change: 'superseded', superseded_by: by.incident_id, reason };
  }
  if (!isReview) return undefined;
  const strongest = strongestSpike(watch, driver, tick);
  if (!strongest || strongest.statistic < strongest.line / 2)
    return { ...over, change: 'resolved', reason: 'nothing unusual is left in the last hours' };
  const whole = spikeSince(watch, driver, Date.parse(last.first_crash_at ?? last.opened_at), tick);
  if (!whole || sizeOf(whole.crashes.size) <= sizeOf(last.evidence.crashed_hosts)) return undefined;
  return {
    ...next,
    ...changeOf(watch, whole),
    state: last.state,
    change: 'updated',
    reason: `${whole.crashes.size} hosts have crashed`,
  };
}

const ended = { state: 'resolved', recommendation: 'none' } as const;

/** Everything but its place in the incident's life. */
function changeOf(watch: Watch, spike: Spike) {
  const crashes = [...spike.crashes.values()];
  const described = describeCrashes(crashes, spike.driver);
  const ratio = riseRatio({ hosts: crashes.length, from: spike.since, until: spike.until }, spike.usual.forecast);
  const unjudged = unjudgedBehind(watch, spike);
  const evidence = evidenceOf(watch, spike, described, ratio);
  return {
    severity: severityOf(severityFigures(spike, described, ratio), false),
    first_crash_at: described.firstCrashAt === null ? null : instant(described.firstCrashAt),
    suspect: {
      update_channel: '',
      update_version: '',
      driver: spike.driver,
      driver_version: described.driverVersion,
      shipped_at: null,
      confidence: 0,
    },
    other_suspects: unjudged.map((each) => notBlamed(each, spike.driver)),
    separable: true,
    superseded_by: null,
    scope: 'global' as const,
    signal: 'crashes' as const,
    evidence: { ...evidence, note: [NO_UPDATE, ...unjudged.map((each) => sayUnjudged(each, spike))].join('; ') },
    recommendation: 'investigate' as const,
  };
}

/** A person should look at it, but nothing says that it did it: it has no share of the blame. */
function notBlamed({ watched: { channel, update, shippedAt } }: Unjudged, driver: string): Suspect {
  return {
    update_channel: channel,
    update_version: update.version,
    driver,
    driver_version: channel === `driver:${driver}` ? update.version : '',
    shipped_at: shippedAt === undefined ? null : instant(shippedAt),
    confidence: 0,
  };
}

function sayUnjudged({ watched, crashedWith }: Unjudged, { crashes }: Spike): string {
  const { channel, update, shippedAt, startedAt } = watched;
  const firstCrashAt = Math.min(...[...crashes.values()].map(({ occurredAt }) => occurredAt));
  const hours = ((firstCrashAt - (shippedAt ?? startedAt)) / 3_600_000).toFixed(1);
  const share = Math.floor((100 * crashedWith) / crashes.size);
  return (
    `${update.version} on ${channel} can be neither blamed nor cleared: shipped ${hours} h before, ${share} % of the crashed ` +
    'hosts have it, and hardly any host is without it to compare with'
  );
}

type Crashes = ReturnType<typeof describeCrashes>;
type Ratio = ReturnType<typeof riseRatio>;

function severityFigures(spike: Spike, described: Crashes, relativeRisk: Ratio): Description {
  const hosts = spike.crashes.size;
  const nobody = {
    exposedHosts: 0,
    eligibleHosts: 0,
    appliedLastTenMinutes: 0,
    crashLoopingHosts: 0,
    otherStops: [],
    silentHosts: 0,
    silentInOneOf: 1,
    concentrations: [],
    secondOpinion: noOpinion,
  };
  const { expected } = spike;
  return { ...described, ...nobody, observed: hosts, crashedHosts: hosts, expected, relativeRisk, scope: 'global' };
}

function evidenceOf(watch: Watch, spike: Spike, described: Crashes, { estimate, low, high }: Ratio) {
  const hosts = spike.crashes.size;
  const term = { bucket: spike.driver, crashed: hosts, observed: hosts };
  return {
    observed: hosts,
    expected: rounded(spike.expected),
    relative_risk: { estimate: rounded(estimate), low: rounded(low), high: high === null ? null : rounded(high) },
    exposed_hosts: 0,
    eligible_hosts: 0,
    crashed_hosts: hosts,
    silent_hosts: 0,
    crash_looping_hosts: 0,
    ...listsOf(described),
    // Who stopped otherwise is told of hosts that took an update; here nobody is known to have taken one.
    other_stops: [],
    leading_bucket: { bucket: spike.driver, level: 'driver' as const },
    statistic: rounded(spike.statistic),
    threshold: rounded(spike.line),
    leave_one_org_out: rounded(spike.leaveOneOrgOut),
    min_relative_risk: watch.policy.minRelativeRisk,
    learned_from: 0,
    weaker: true,
    terms: [
      {
        channel: 'composition' as const,
        ...term,
        weight: spike.lnMix < spike.lnRise ? 1 : 0,
        expected: null,
        statistic: rounded(spike.lnMix),
      },
      {
        channel: 'history' as const,
        ...term,
        weight: spike.lnMix < spike.lnRise ? 0 : 1,
        expected: rounded(spike.expected),
        statistic: rounded(spike.lnRise),
      },
    ],
  };
}

/** What an incident without a suspect says. */
export const NO_UPDATE = 'no update correlated';
