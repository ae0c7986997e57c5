import type { IncidentChange, Severity } from '@ringwatch/incident';
import { wants } from '@ringwatch/webhook';
import { fits } from './glob';
import type { Match, RoutedReceiver, Route, Routing } from './routing';
import type { HeardOf } from './routing-schema';

/** What a receiver knows of the incident by now. */
export interface Acquaintance {
  /** It was told of an earlier change, or is about to be. */
  knowsIncident: boolean;
  /** What it calls its message about the incident, where it said so. */
  earlier?: string | undefined;
}

/** Who once heard of an incident hears of these, whatever a route says: that it is over, and that it was not. */
const ends: readonly HeardOf[] = ['mitigated', 'resolved', 'superseded', 'reopened'];

/**
 * Whether a receiver is told of a change. A route has to lead to it, unless it knows of the incident: then it hears the rest,
 * whatever severity, scope and suspect have become since. Mere new figures (`updated`) go where a kind has use for them, or
 * a route names them. Nobody hears of what goes on while it is muted; its end is never muted.
 */
export function isHeard(
  { routes }: Routing,
  { receiver, minSeverity }: RoutedReceiver,
  change: IncidentChange,
  { knowsIncident, earlier }: Acquaintance,
): boolean {
  if (change.muted) return false;
  const hasUse = wants(receiver.kind, change, earlier);
  const isWanted = ({ receivers, match }: Route) =>
    receivers.includes(receiver.name) && (match.changes?.includes(change.change) ?? hasUse);
  if (knowsIncident) return (hasUse && ends.includes(change.change)) || routes.some(isWanted);
  return isAsBadAs(change.severity, minSeverity) && routesOf(routes, subjectOf(change)).some(isWanted);
}

/** For how long openings are gathered for a receiver; undefined where they are not. */
export function groupMsOf({ routes }: Routing, name: string, change: IncidentChange): number | undefined {
  const times = routesOf(routes, subjectOf(change))
    .filter(({ receivers }) => receivers.includes(name))
    .flatMap(({ groupMs }) => groupMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Who hears that the road from event to verdict stands, or goes on again. It is as bad as the worst incident, for it could hide one. */
export function whoHearsOfPipeline({ routes }: Routing, change: 'pipeline_stale' | 'pipeline_recovered'): string[] {
  const subject: Subject = { severity: 'sev1', scope: 'global', channel: '', driver: '', orgs: [], change };
  return [...new Set(routesOf(routes, subject).flatMap(({ receivers }) => receivers))];
}

/** What a route can look at. */
interface Subject {
  severity: Severity;
  scope: IncidentChange['scope'];
  channel: string;
  driver: string;
  orgs: readonly string[];
  change: HeardOf;
}

function subjectOf({ severity, scope, suspect, evidence, change }: IncidentChange): Subject {
  const { update_channel: channel, driver } = suspect;
  return { severity, scope, channel, driver, orgs: evidence.orgs.map(({ value }) => value), change };
}

/** The routes that are taken: those that fit, up to the first that does not go on. */
function routesOf(routes: readonly Route[], subject: Subject): Route[] {
  const taken: Route[] = [];
  for (const route of routes) {
    if (!isFit(route.match, subject)) continue;
    taken.push(route);
    if (!route.goesOn) break;
  }
  return taken;
}

function isFit({ minSeverity, scopes, channels, drivers, orgs, changes }: Match, subject: Subject): boolean {
  return (
    (minSeverity === undefined || isAsBadAs(subject.severity, minSeverity)) &&
    (scopes?.includes(subject.scope) ?? true) &&
    (channels?.some((glob) => fits(glob, subject.channel)) ?? true) &&
    (drivers?.some((glob) => fits(glob, subject.driver)) ?? true) &&
    (orgs?.some((glob) => subject.orgs.some((org) => fits(glob, org))) ?? true) &&
    (changes?.includes(subject.change) ?? true)
  );
}

/** Worst first: `sev1` stands before `sev2` in the alphabet too. */
function isAsBadAs(severity: Severity, least: Severity): boolean {
  return severity <= least;
}
