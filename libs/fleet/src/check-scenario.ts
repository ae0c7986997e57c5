import type { z } from 'zod';
import { channelsOf, driversOf, orgId } from './equipment';
import type { HostFilter, scenarioSchema } from './scenario';

type Content = z.output<ReturnType<typeof scenarioSchema>>;
type Update = Content['updates'][number];

/** A place in a scenario file that breaks a rule, and what would keep it. */
export interface Problem {
  path: readonly PropertyKey[];
  wanted: string;
  /** True when the last key of the path is wrong itself, whatever stands behind it. */
  ofKey?: boolean;
}

/** Rules that concern several keys at once: order of times, and names that must exist elsewhere in the file. */
export function checkScenario(scenario: Content): Problem[] {
  const names = namesOf(scenario);
  return [
    ...(scenario.ends > scenario.starts ? [] : [{ path: ['ends'], wanted: 'a time after starts' }]),
    ...sharesOf(scenario),
    ...equipmentOf(scenario),
    ...scenario.updates.flatMap((update, index) => checkUpdate(update, ['updates', index], scenario, names)),
    ...scenario.surges.flatMap((surge, index) => [
      ...(surge.until > surge.from ? [] : [{ path: ['surges', index, 'until'], wanted: 'a time after from' }]),
      ...checkFilter(surge.among, ['surges', index, 'among'], names),
    ]),
  ];
}

interface Names {
  drivers: Set<string>;
  channels: Set<string>;
  orgs: Set<string>;
}

function namesOf({ fleet }: Content): Names {
  const drivers = driversOf(fleet).map((driver) => driver.image);
  const channels = channelsOf(fleet).map((channel) => channel.channel);
  return {
    drivers: new Set(drivers),
    channels: new Set([...channels, ...drivers.map((image) => `driver:${image}`)]),
    orgs: new Set(Array.from({ length: fleet.orgs }, (_, index) => orgId(index))),
  };
}

function sharesOf({ fleet }: Content): Problem[] {
  const problems: Problem[] = [];
  const sum = fleet.paces.reduce((total, pace) => total + pace.share, 0);
  if (Math.abs(sum - 1) > 1e-6)
    problems.push({ path: ['fleet', 'paces'], wanted: `shares that add up to 1, not ${sum}` });
  fleet.paces.forEach((pace, index) => {
    if (pace.every < 1000) problems.push({ path: ['fleet', 'paces', index, 'every'], wanted: 'at least 1s' });
  });
  for (const key of ['countries', 'os_builds'] as const) {
    const shares = Object.values(fleet[key] ?? { any: 1 });
    if (!shares.some((share) => share > 0))
      problems.push({ path: ['fleet', key], wanted: 'at least one share above 0' });
  }
  for (const code of Object.keys(fleet.countries ?? {})) {
    const wanted = 'a country code of two capital letters (ISO 3166-1, or ZZ)';
    if (!/^[A-Z]{2}$/.test(code)) problems.push({ path: ['fleet', 'countries', code], wanted, ofKey: true });
  }
  return problems;
}

function equipmentOf({ fleet }: Content): Problem[] {
  const problems: Problem[] = [];
  const images = new Set(driversOf(fleet).map((driver) => driver.image));
  fleet.drivers.forEach((driver, index) => {
    const known = driversOf({ ...fleet, drivers: [] }).some((kind) => kind.image === driver.image);
    if (!known && driver.version === undefined) {
      problems.push({
        path: ['fleet', 'drivers', index, 'version'],
        wanted: 'the version of a driver that is not built in',
      });
    }
  });
  fleet.channels.forEach((channel, index) => {
    if (!images.has(channel.driver)) {
      problems.push({
        path: ['fleet', 'channels', index, 'driver'],
        wanted: `a driver of the fleet (${[...images].join(', ')})`,
      });
    }
    const known = channelsOf({ ...fleet, channels: [] }).some((kind) => kind.channel === channel.channel);
    if (!known && channel.version === undefined) {
      problems.push({
        path: ['fleet', 'channels', index, 'version'],
        wanted: 'the version of a channel that is not built in',
      });
    }
  });
  return problems;
}

function checkUpdate(update: Update, path: PropertyKey[], scenario: Content, names: Names): Problem[] {
  const problems: Problem[] = [];
  const wrong = (keys: PropertyKey[], wanted: string) => problems.push({ path: [...path, ...keys], wanted });
  if (!names.channels.has(update.channel))
    wrong(['channel'], `a channel of the fleet (${[...names.channels].join(', ')})`);
  if (update.driver && !names.drivers.has(update.driver)) wrong(['driver'], 'a driver of the fleet');
  if (update.crash?.driver && !names.drivers.has(update.crash.driver))
    wrong(['crash', 'driver'], 'a driver of the fleet');
  const earlier = scenario.updates.find(
    (other) => other.channel === update.channel && other.version === update.version,
  );
  if (earlier !== update) wrong(['version'], 'a version that no earlier update of this channel has');
  update.rings.forEach((ring, index) => {
    const before = update.rings[index - 1];
    if (before && ring.at < before.at) wrong(['rings', index, 'at'], 'a time not before the ring above');
    if (before && ring.fraction < before.fraction)
      wrong(['rings', index, 'fraction'], 'at least the fraction of the ring above');
    if (ring.at < scenario.starts) wrong(['rings', index, 'at'], 'a time not before starts');
  });
  const shipped = update.rings[0]!.at;
  for (const key of ['paused', 'withdrawn'] as const) {
    if ((update[key] ?? shipped) < shipped) wrong([key], 'a time after the first ring');
  }
  if (update.rolls_back_within !== undefined && update.withdrawn === undefined)
    wrong(['rolls_back_within'], 'only with withdrawn');
  problems.push(...checkFilter(update.only, [...path, 'only'], names));
  problems.push(...checkFilter(update.crash?.among, [...path, 'crash', 'among'], names));
  return problems;
}

function checkFilter(filter: HostFilter | undefined, path: PropertyKey[], names: Names): Problem[] {
  const unknown = (key: 'orgs' | 'drivers', wanted: string): Problem[] =>
    (filter?.[key] ?? []).flatMap((name, index) =>
      names[key].has(name) ? [] : [{ path: [...path, key, index], wanted }],
    );
  return [
    ...unknown('orgs', `an organisation of the fleet (org-001 to ${[...names.orgs].at(-1)})`),
    ...unknown('drivers', 'a driver of the fleet'),
  ];
}
