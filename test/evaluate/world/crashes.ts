import type { RandomSource } from '@ringwatch/fleet';
import { Delay, drawDelay } from './delay';
import type { Fleet, FleetHost } from './fleet';
import type { Shipment } from './shipment';

/** One stop of one host: when it happened, when it is told, and what it says. */
export interface Stop {
  host: FleetHost;
  at: number;
  toldAt: number;
  driver: string;
  stopCode: number;
  /** The channel that the report names, for content that a driver had loaded. */
  channel?: string;
  /** The host's own clock, where it is wrong. */
  saysAt?: number;
  eventId?: string;
  /** The host is made up, and so is its install of this update half a minute before. */
  fakes?: Shipment;
}

/** Stops whose cause lies in a span of time; none of them happened before the span. */
export type CrashSource = (from: number, until: number) => Iterable<Stop>;

/** How often each driver is blamed, and with which stop code. */
export type Drivers = ReadonlyArray<{ driver: string; share: number; stopCode?: number }>;

export interface BackgroundForm {
  perHostDay: number;
  tellsAfter: Delay;
  drivers: Drivers;
  /** Times the usual rate, by host and time; at most `most`. */
  factor?: (at: number, host: FleetHost, driver: string) => number;
  most?: number;
}

const DAY_MS = 86_400_000;

/** Crashes that have nothing to do with any update: each host, each moment, at the base rate times a factor. */
export function background(fleet: Fleet, form: BackgroundForm, random: RandomSource): CrashSource {
  const { perHostDay, drivers, factor, most = 1, tellsAfter } = form;
  const meanMs = DAY_MS / (perHostDay * fleet.hosts * most);
  return function* (from, until) {
    for (let at = from + random.exponential(meanMs); at < until; at += random.exponential(meanMs)) {
      const host = fleet.draw(random);
      const blamed = drawDriver(drivers, random);
      if (at < fleet.joinedAt(host) || (factor && !random.chance(factor(at, host, blamed.driver) / most))) continue;
      yield { host, at, toldAt: at + drawDelay(tellsAfter, random), ...blamed };
    }
  };
}

function drawDriver(drivers: Drivers, random: RandomSource): Pick<Stop, 'driver' | 'stopCode'> {
  let point = random.uniform() * drivers.reduce((sum, { share }) => sum + share, 0);
  const { driver, stopCode = 0xd1 } = drivers.find(({ share }) => (point -= share) < 0) ?? drivers[0]!;
  return { driver, stopCode };
}

/** So many drivers, the k-th blamed 1/k as often as the first; together the whole background. */
export function zipfDrivers(count: number): Array<{ driver: string; share: number }> {
  const sum = Array.from({ length: count }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b, 0);
  return Array.from({ length: count }, (_, k) => ({ driver: `other-${k + 1}.sys`, share: 1 / (k + 1) / sum }));
}

export interface HarmForm {
  /** Chance that a host which takes the update is hit, and that a hit host ever tells. */
  probability: number;
  reports?: number;
  crashesAfter: Delay;
  tellsAfter: Delay;
  among?: (host: FleetHost) => boolean;
  /** What the report blames: one of them, by its share. */
  drivers: Drivers;
  channel?: string;
  /** Nothing is harmed any more from here on. */
  until?: number;
}

/** What an update does to the hosts that take it. Only victims that tell are drawn: in all they may be millions. */
export function harm(shipment: Shipment, form: HarmForm, random: RandomSource): CrashSource {
  const chance = form.probability * (form.reports ?? 1);
  return function* (from, until) {
    for (const host of takers(shipment, chance, { from, until }, random)) {
      if (form.among && !form.among(host)) continue;
      const appliedAt = shipment.appliedAt(host)!;
      const at = appliedAt + drawDelay(form.crashesAfter, random);
      if (at >= (form.until ?? Infinity)) continue;
      yield {
        host,
        at,
        toldAt: at + drawDelay(form.tellsAfter, random),
        ...drawDriver(form.drivers, random),
        ...(form.channel === undefined ? {} : { channel: form.channel }),
      };
    }
  };
}

/** Of the hosts that take an update within a span of time, each with the same chance; from one to the next in geometric steps. */
export function* takers(
  shipment: Shipment,
  chance: number,
  { from, until }: { from: number; until: number },
  random: RandomSource,
): Generator<FleetHost> {
  if (chance <= 0) return;
  for (const stratum of shipment.fleet.strata) {
    const last = shipment.takenBefore(stratum, until);
    for (let place = shipment.takenBefore(stratum, from) - 1; ;) {
      place += chance >= 1 ? 1 : 1 + Math.floor(Math.log(random.uniform()) / Math.log1p(-chance));
      if (place >= last) break;
      yield shipment.hostAt(stratum, place);
    }
  }
}
