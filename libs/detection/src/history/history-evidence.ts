import { driverOfChannel } from '@ringwatch/rollout';
import { type HostHistory, isWithin } from '../concurrent/host-history';
import type { Crash } from '../evidence';
import type { WatchedUpdate } from '../watched-update';
import { lnEvidenceOfMixChange } from './mix-change';
import type { Usual } from './past';
import { type Observed, expectedHosts, lnEvidenceOfRise } from './rate-rise';
import type { Reports } from './reports';

const HOUR_MS = 60 * 60 * 1000;
/** Only so much of an update's time is compared with what was before: later it explains little, and much else may. */
const SPAN_MS = 72 * HOUR_MS;

/** What the reports of the whole fleet say, as far as an update has to know. */
export interface FleetReports {
  readonly reports: Reports;
  /** Rises with whatever may change a figure. */
  readonly revision: number;
  /** Up to when (arrival time, ms) it is known who crashed. */
  crashesKnownUntil(): number;
  /** Has any host told within the watch that it applied an update of this channel? */
  tellsInstalls(channel: string): boolean;
}

/** Which crashed hosts count. */
export type Keep = (hostId: string, crash: Crash) => boolean;
export const everyHost: Keep = () => true;

/** A driver's crashes since an update started, against what was usual before. */
export interface HistoryEvidence {
  /** The first crash of each host that counts. */
  crashes: Map<string, Crash>;
  observed: Observed;
  expected: number;
  usual: Usual;
  /** ln E that the driver's share of all crashes has risen, and that its rate has. */
  lnMix: number;
  lnRise: number;
}

/**
 * Compares with the time before, where hosts cannot be compared with each other. Where hosts tell their installs on this
 * channel, only those that told this one count, so that an update which nobody has is never accused. Undefined before anything
 * can be known of it.
 */
export function historyEvidence(
  watched: WatchedUpdate,
  driver: string,
  keep: Keep = everyHost,
): HistoryEvidence | undefined {
  const { reports } = watched.fleet;
  const from = watched.startedAt;
  const until = Math.min(watched.fleet.crashesKnownUntil(), from + SPAN_MS);
  const tellsInstalls = watched.fleet.tellsInstalls(watched.channel);
  if (until <= from) return undefined;
  const crashes = new Map<string, Crash>();
  for (const [hostId, host] of reports.hostsOf(driver)) {
    const first = host
      .crashesSince(from)
      .find((crash) => crash.driver === driver && speaksOf(crash, host, watched, tellsInstalls));
    if (first && first.occurredAt < until && keep(hostId, first)) crashes.set(hostId, first);
  }
  const usual = reports.past.before(Math.min(from, watched.firstReceivedAt), driver);
  const observed = { hosts: crashes.size, from, until };
  return {
    crashes,
    observed,
    usual,
    expected: expectedHosts(observed, usual.forecast),
    lnMix: lnEvidenceOfMixChange(crashes.size, reports.anySince(from, until), usual),
    lnRise: lnEvidenceOfRise(observed, usual.forecast, watched.nullRatio.ratio),
  };
}

/** A host that tells its installs has to have the update; a driver that tells its version has to be the update. */
function speaksOf(crash: Crash, host: HostHistory, watched: WatchedUpdate, tellsInstalls: boolean): boolean {
  if (!isWithin(crash, watched)) return false;
  if (tellsInstalls) return (host.appliedAt(watched.key) ?? Infinity) <= crash.occurredAt;
  return driverOfChannel(watched.channel) === undefined || crash.driverVersion === watched.update.version;
}
