import type { IncidentChange, Severity } from '@ringwatch/incident';
import type { Receiver } from '@ringwatch/webhook';
import type { HeardOf } from './routing-schema';

/** A receiver, and what its entry says of it. */
export interface RoutedReceiver {
  receiver: Receiver;
  /** The least severity of incidents that it hears of from the start. */
  minSeverity: Severity;
  /** Most messages a second, where its entry says so. */
  perSecond: number | undefined;
  /** How often it is told that all is well, in milliseconds. */
  watchdogMs: number | undefined;
}

/** What a route looks at. What is undefined fits anything; of a list one has to fit. */
export interface Match {
  minSeverity: Severity | undefined;
  scopes: ReadonlyArray<IncidentChange['scope']> | undefined;
  channels: readonly string[] | undefined;
  drivers: readonly string[] | undefined;
  orgs: readonly string[] | undefined;
  changes: readonly HeardOf[] | undefined;
}

/** One of the routes, which are looked at in order. */
export interface Route {
  match: Match;
  receivers: readonly string[];
  /** Whether those after it are looked at when it fits. */
  goesOn: boolean;
  groupMs: number | undefined;
}

/** Who is told of what. */
export interface Routing {
  receivers: readonly RoutedReceiver[];
  routes: readonly Route[];
  /** The name of the receiver that hears of what another one could not be told. */
  fallback: string | undefined;
}

/** Fits everything. */
export const anything: Match = {
  minSeverity: undefined,
  scopes: undefined,
  channels: undefined,
  drivers: undefined,
  orgs: undefined,
  changes: undefined,
};
