import type { RouteEntry } from './routing-schema';
import { includes } from './glob';
import type { Match, RoutedReceiver, Route } from './routing';

/** What is wrong, and with what part of the file. */
export interface PlacedProblem {
  path: readonly PropertyKey[];
  problem: string;
}

/** What is wrong with routes that are each well formed: names of nobody, routes that nothing comes to, nobody for the rest. */
export function routeProblems(
  entries: readonly RouteEntry[],
  routes: readonly Route[],
  receivers: readonly RoutedReceiver[],
  fallback: string | undefined,
): PlacedProblem[] {
  const names = receivers.map(({ receiver }) => receiver.name);
  const unknown = entries.flatMap(({ receivers: named }, i) =>
    named.flatMap((name, j) => problemWithName(['routes', i, 'receivers', j], name, names)),
  );
  const last = routes.length - 1;
  const isCatchAll = ({ match }: Route) => Object.values(match).every((each) => each === undefined);
  return [
    ...unknown,
    ...routes.flatMap((route, i) => unreachable(route, routes.slice(0, i), i)),
    ...(routes.some(isCatchAll)
      ? []
      : [
          {
            path: ['routes', last],
            problem:
              'wanted a last route without match, which says who hears of all the rest (nobody: "receivers: []"), got one with match; add one at the end',
          },
        ]),
    ...receivers.flatMap(({ receiver: { name }, watchdogMs }, i) => {
      const isUsed = routes.some((route) => route.receivers.includes(name)) || name === fallback;
      if (isUsed || watchdogMs !== undefined) return [];
      const problem = `wanted "${name}" in a route, as the fallback or with a watchdog, got it nowhere: it would hear of nothing; name it there or take it out`;
      return [{ path: ['receivers', i], problem }];
    }),
  ];
}

/** A name that no receiver has. */
export function problemWithName(path: PlacedProblem['path'], name: string, names: readonly string[]): PlacedProblem[] {
  if (names.includes(name)) return [];
  const alike = names.find((each) => isAlike(each, name));
  const hint = alike === undefined ? '' : `; did you mean "${alike}"?`;
  return [{ path, problem: `wanted the name of a receiver (${names.join(', ')}), got "${name}"${hint}` }];
}

function unreachable(route: Route, before: readonly Route[], i: number): PlacedProblem[] {
  const at = before.findIndex((each) => !each.goesOn && covers(each.match, route.match));
  if (at < 0) return [];
  const problem = `wanted a route that something comes to, got one behind routes[${at}], which takes all of it; put it first, or say "continue: true" there`;
  return [{ path: ['routes', i], problem }];
}

/** Whether everything that fits `narrow` certainly fits `wide`. */
function covers(wide: Match, narrow: Match): boolean {
  const lists = (one: readonly string[] | undefined, other: readonly string[] | undefined) =>
    one === undefined || (other?.every((name) => one.some((glob) => includes(glob, name))) ?? false);
  return (
    (wide.minSeverity === undefined || (narrow.minSeverity !== undefined && narrow.minSeverity <= wide.minSeverity)) &&
    lists(wide.scopes, narrow.scopes) &&
    lists(wide.channels, narrow.channels) &&
    lists(wide.drivers, narrow.drivers) &&
    lists(wide.orgs, narrow.orgs) &&
    lists(wide.changes, narrow.changes)
  );
}

/** At most one character more, less or other, or two that changed places. */
function isAlike(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  const rest = (text: string, from: number) => text.slice(from);
  return (
    rest(one, start + 1) === rest(other, start + 1) ||
    rest(one, start) === rest(other, start + 1) ||
    rest(one, start + 1) === rest(other, start) ||
    (one[start] === other[start + 1] &&
      one[start + 1] === other[start] &&
      rest(one, start + 2) === rest(other, start + 2))
  );
}
