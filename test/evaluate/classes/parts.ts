import type { Update } from '@ringwatch/rollout';
import type { PastHours } from '@ringwatch/detection';
import { CrashSource, background, zipfDrivers } from '../world/crashes';
import { pastHours } from '../world/past-hours';
import { Delay, afterReboot } from '../world/delay';
import { Fleet, FleetForm, Stratum } from '../world/fleet';
import type { Shape } from '../world/shape';
import { Ring, Shipment, ShipmentForm } from '../world/shipment';
import type { Draw } from '../suite/class';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Friday at four in the morning, UTC. */
export const START = Date.parse('2024-07-19T04:00:00Z');

export const OWNER = 'csagent.sys';
export const suspect: Update = { channel: 'channel-file-291', version: '32' };
export const second: Update = { channel: 'channel-file-77', version: '9' };
/** The suspect's driver is blamed for so many of all crashes that happen anyway. */
export const OWNER_SHARE = 0.01;
export const PER_HOST_DAY = 0.005;

export const fleetSizes = [2_000, 50_000, 1_000_000, 8_500_000];

/** In turn, one of several values. */
export function inTurn<Value>(values: readonly Value[], turn: number): Value {
  return values[turn % values.length]!;
}

/** The shape of an adoption: linear where one tunes, all three in the report. */
export function anyShape({ random, beyond }: Draw): Shape {
  return beyond ? random.pick<Shape>(['linear', 'logistic', 'bursty']) : 'linear';
}

/** From apply to crash: exponential where one tunes, in the report also Weibull with the same scale and a heavy tail. */
export function crashDelay({ random, beyond }: Draw, meanMs = 30 * SECOND): Delay {
  if (!beyond || random.chance(0.5)) return { kind: 'exponential', meanMs };
  return { kind: 'weibull', scaleMs: meanMs, shape: 0.7 };
}

export function makeFleet(
  { random, beyond, mostHosts = Infinity }: Draw,
  hosts: number,
  more: Partial<FleetForm> = {},
): Fleet {
  return new Fleet(
    { hosts: Math.min(hosts, mostHosts), orgSkew: beyond ? random.pick([1, 1.3]) : 1, ...more },
    random.fork('fleet'),
  );
}

export function oneRing(at: number, lasts: number, shape: Shape = 'linear', until = 1): Ring[] {
  return [{ until, at, lasts, shape }];
}

/** The suspect on its way: by default to the whole fleet over 78 minutes, in steps of a second. */
export function shipSuspect(draw: Draw, fleet: Fleet, form: Partial<ShipmentForm> = {}): Shipment {
  const rings = form.rings ?? oneRing(START + 9 * MINUTE, 78 * MINUTE, anyShape(draw));
  return new Shipment({ update: suspect, driver: OWNER, ...form, rings }, fleet, draw.random.fork('suspect'));
}

/** Innocent updates, each on a channel of its own with its own driver, shipped within hours before and during the run. */
export function innocents(
  draw: Draw,
  fleet: Fleet,
  count: number,
  { since = START - HOUR, until = START + HOUR, lasts = 2 * HOUR } = {},
): Shipment[] {
  const random = draw.random.fork('innocents');
  return Array.from({ length: count }, (_, number) => {
    const at = Math.floor((since + random.uniform() * (until - since)) / SECOND) * SECOND;
    const long = lasts * (0.5 + random.uniform());
    const drivers = ['other-1.sys', 'other-3.sys', 'other-10.sys', `benign-${number}.sys`];
    const form: ShipmentForm = {
      update: { channel: `benign-${number}`, version: '1' },
      driver: random.pick(drivers),
      rings: [
        { until: 0.1, at, lasts: long / 4, shape: 'linear' },
        { until: 1, at: at + long / 4, lasts: long, shape: anyShape({ ...draw, random }) },
      ],
      channelShare: random.pick([0.2, 0.6, 1]),
      stepMs: Math.max(10_000, Math.round(long / 200 / 10_000) * 10_000),
    };
    return new Shipment(form, fleet, random.fork(`innocent ${number}`));
  });
}

/** Whose driver crashes how often without any update. */
export function usualDrivers(ownerShare = OWNER_SHARE) {
  return [
    { driver: OWNER, share: ownerShare },
    ...zipfDrivers(40).map(({ driver, share }) => ({ driver, share: share * (1 - ownerShare) })),
  ];
}

/** What crashes anyway. */
export function usualCrashes(
  draw: Draw,
  fleet: Fleet,
  form: Partial<Parameters<typeof background>[1]> = {},
): CrashSource {
  const drivers = form.drivers ?? usualDrivers();
  return background(
    fleet,
    { perHostDay: PER_HOST_DAY, tellsAfter: afterReboot, ...form, drivers },
    draw.random.fork('background'),
  );
}

/** Hosts of some strata that took an update by so long after it was shipped. */
export function appliedBy(shipment: Shipment, isAmong: (stratum: Stratum) => boolean = () => true) {
  const strata = shipment.fleet.strata.filter(isAmong);
  return (afterMs: number) =>
    strata.reduce((sum, stratum) => sum + shipment.takenBefore(stratum, shipment.shippedAt + afterMs), 0);
}

/** What is known of the weeks before a run. */
export function usualPast(draw: Draw, fleet: Fleet, drivers = usualDrivers()): () => PastHours {
  return () => pastHours(fleet, drivers, PER_HOST_DAY, START - HOUR, draw.random.fork('past'));
}

/** Part of a plan: the usual crashes of the weeks before, which a store has unless it is new. Through the backtest there are no files of them. */
export function knownPast({ mostHosts }: Draw): { pastDrivers?: ReturnType<typeof usualDrivers> } {
  return mostHosts ? {} : { pastDrivers: usualDrivers() };
}
