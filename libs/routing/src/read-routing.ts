import { problemWithTarget, readReceiver, type TargetPolicy } from '@ringwatch/webhook';
import type { z } from 'zod';
import { pathText, readPlaced } from './placed-document';
import { problemWithName, routeProblems, type PlacedProblem } from './route-problems';
import { anything, type Match, type RoutedReceiver, type Route, type Routing } from './routing';
import { receiverFields, type RouteEntry, routingSchema } from './routing-schema';

/** How the file is read. */
export interface RoutingOptions {
  /** Reads what `url_file` and its kind name. */
  readFile: (path: string) => string;
  /** Which addresses may be spoken to. */
  policy: TargetPolicy;
}

/** Who is told of what, or all that is wrong with the file: where, what was wanted and what was found. No secret is shown. */
export type RoutingReading = { kind: 'read'; routing: Routing } | { kind: 'refused'; problems: string[] };

/** Says where a part of what is read stands. */
type PlaceOf = (path: readonly PropertyKey[]) => string;

/** Reads the routing file: YAML, or JSON. */
export function readRouting(text: string, options: RoutingOptions): RoutingReading {
  const document = readPlaced(text);
  if ('problems' in document) return { kind: 'refused', problems: document.problems };
  return judgeRouting(document.content, document.placeOf, options);
}

/** Reads what is there as data already, such as receivers from the environment. */
export function judgeRouting(content: unknown, placeOf: PlaceOf, options: RoutingOptions): RoutingReading {
  const parsed = routingSchema.safeParse(content, { error: wantedAndGot });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${placeOf(path)}: ${message}`);
    return { kind: 'refused', problems };
  }
  const { receivers: entries, routes: routeEntries, fallback } = parsed.data;
  const read = entries.map((entry, i) => receiverOf(entry, i, { ...options, placeOf }));
  const receivers = read.flatMap((each) => ('routed' in each ? [each.routed] : []));
  const problems = read.flatMap((each) => ('problems' in each ? each.problems : []));
  problems.push(...repeatedNames(entries, placeOf));
  const names = receivers.map(({ receiver }) => receiver.name);
  const routes = routeEntries?.map(toRoute) ?? [
    { match: anything, receivers: names, goesOn: false, groupMs: undefined },
  ];
  // What is wrong with a receiver would be said again for each route that names it.
  if (problems.length === 0) {
    const placed: PlacedProblem[] = [
      ...(routeEntries === undefined ? [] : routeProblems(routeEntries, routes, receivers, fallback)),
      ...(fallback === undefined ? [] : problemWithName(['fallback'], fallback, names)),
    ];
    problems.push(...placed.map(({ path, problem }) => `${placeOf(path)}: ${problem}`));
  }
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'read', routing: { receivers, routes, fallback } };
}

/** For what stands in no file: places are paths alone. */
export const placeInData: PlaceOf = pathText;

function receiverOf(
  entry: unknown,
  index: number,
  { placeOf, readFile, policy }: RoutingOptions & { placeOf: PlaceOf },
): { routed: RoutedReceiver } | { problems: string[] } {
  const place = placeOf(['receivers', index]);
  const reading = readReceiver(entry, { place, readFile, also: receiverFields });
  if (reading.kind === 'refused') return { problems: reading.problems };
  const { receiver, also } = reading;
  const problem = problemWithTarget(receiver.url, policy);
  if (problem !== undefined) return { problems: [`${place} "${receiver.name}", url: ${problem}`] };
  return {
    routed: { receiver, minSeverity: also.min_severity, perSecond: also.rate, watchdogMs: also.watchdog },
  };
}

function repeatedNames(entries: readonly unknown[], placeOf: PlaceOf): string[] {
  const names = entries.map((entry) => (entry as { name?: unknown } | null)?.name);
  return names.flatMap((name, i) => {
    const first = names.indexOf(name);
    if (typeof name !== 'string' || first === i) return [];
    return [
      `${placeOf(['receivers', i, 'name'])}: wanted each name once, got "${name}" again, which receivers[${first}] has`,
    ];
  });
}

function toRoute({ match = {}, receivers, continue: goesOn, group }: RouteEntry): Route {
  const { min_severity, scope, channel, driver, org, changes } = match;
  const wanted: Match = {
    minSeverity: min_severity,
    scopes: scope,
    channels: channel,
    drivers: driver,
    orgs: org,
    changes: changes,
  };
  return { match: wanted, receivers, goesOn, groupMs: group };
}

/** Zod's issues in our words; a value itself is never shown. */
function wantedAndGot(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `wanted ${issue.expected}, got ${typeName(issue.input)}`;
    case 'invalid_value':
      return `wanted ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}, got something else`;
    case 'unrecognized_keys':
      return `wanted only known fields, got ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    default:
      return undefined;
  }
}

function typeName(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'null';
  return Array.isArray(input) ? 'array' : typeof input;
}
