import { OS_BUILDS } from './catalogue';
import { channelsOf, driversOf, orgId } from './equipment';
import type { Host, OfficeHours, RunningVersion } from './host';
import { Weighted, type RandomSource } from './random';
import type { Scenario } from './scenario';
import { COUNTRIES, utcOffsetMs } from './season';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Spread of the hosts' inclination to crash: with 1, a tenth of the hosts has about four tenths of the bugchecks. */
const FRAGILITY_SIGMA = 1;
/** Share of an organisation's hosts that stand in its home country (our assumption). */
const AT_HOME = 0.75;

/** Makes the hosts of a scenario as they are before its first moment; all of them are still to be switched on. */
export function populate(scenario: Scenario, hostCount: number, random: RandomSource): Host[] {
  const draw = random.fork('fleet');
  const world = describeWorld(scenario, draw);
  return Array.from({ length: hostCount }, (_, index) => makeHost(index, scenario, world, draw));
}

type Description = ReturnType<typeof describeWorld>;

function describeWorld({ fleet }: Scenario, draw: RandomSource) {
  const countryShares = fleet.countries
    ? Object.entries(fleet.countries).map(([code, share]) => ({ code, share }))
    : COUNTRIES.map(({ code, share }) => ({ code, share }));
  const countries = new Weighted(countryShares, (country) => country.share);
  const orgs = Array.from({ length: fleet.orgs }, (_, index) => ({
    id: orgId(index),
    weight: Math.pow(index + 1, -fleet.org_skew),
    home: countries.draw(draw).code,
  }));
  const builds = fleet.os_builds
    ? Object.entries(fleet.os_builds).map(([build, share]) => ({ build, share }))
    : OS_BUILDS.map(({ build, share }) => ({ build, share }));
  return {
    countries,
    orgs: new Weighted(orgs, (org) => org.weight),
    builds: new Weighted(builds, (build) => build.share),
    paces: new Weighted(fleet.paces, (pace) => pace.share),
    drivers: driversOf(fleet),
    channels: channelsOf(fleet),
  };
}

function makeHost(index: number, { fleet, arrival, starts }: Scenario, world: Description, draw: RandomSource): Host {
  const org = world.orgs.draw(draw);
  const country = draw.chance(AT_HOME) ? org.home : world.countries.draw(draw).code;
  const devices = world.drivers.filter((driver) => driver.share >= 1 || draw.chance(driver.share));
  const isSkewed = draw.chance(arrival.skewed_clocks.share);
  return {
    index,
    hostId: `host-${String(index + 1).padStart(6, '0')}`,
    orgId: org.id,
    country,
    osBuild: world.builds.draw(draw).build,
    utcOffsetMs: utcOffsetMs(country),
    skewMs: isSkewed ? Math.round((2 * draw.uniform() - 1) * arrival.skewed_clocks.up_to) : 0,
    paceMs: world.paces.draw(draw).every,
    fragility: Math.exp(FRAGILITY_SIGMA * draw.normal() - (FRAGILITY_SIGMA * FRAGILITY_SIGMA) / 2),
    devices,
    ...history(world, devices, starts, draw),
    office: draw.chance(fleet.offices) ? officeHours(draw) : undefined,
    state: 'off',
    life: 0,
    bootedAtMs: starts,
    affliction: undefined,
    whenOn: [],
    atShutdown: [],
    runningList: undefined,
  };
}

/** What a host runs when the scenario starts; the youngest of it still shows among its recent updates. */
function history(world: Description, devices: Host['devices'], startMs: number, draw: RandomSource) {
  const running = new Map<string, RunningVersion>();
  const add = (channel: string, version: string, maxDays: number) => {
    const appliedAtMs = startMs - Math.round((0.5 + draw.uniform() * maxDays) * DAY_MS);
    running.set(channel, { version, appliedAtMs, shippedAtMs: -Infinity });
  };
  for (const { channel, driver, version } of world.channels) {
    if (devices.some((device) => device.image === driver)) add(channel, version, 21);
  }
  for (const { image, version, ownChannel } of devices) {
    if (ownChannel) add(`driver:${image}`, version, 120);
  }
  const recent = [...running].map(([channel, { version, appliedAtMs }]) => ({ channel, version, appliedAtMs }));
  return { running, recent: recent.sort((left, right) => left.appliedAtMs - right.appliedAtMs) };
}

function officeHours(draw: RandomSource): OfficeHours {
  return {
    opensMs: Math.round((7 + 2.5 * draw.uniform()) * HOUR_MS),
    closesMs: Math.round((16.5 + 3 * draw.uniform()) * HOUR_MS),
    worksWeekends: draw.chance(0.1),
  };
}
