import type { DriverKind } from './catalogue';
import { channelsOf, driversOf } from './equipment';
import type { Host } from './host';
import { hash32, mix32, toUnit, type RandomSource } from './random';
import type { HostFilter, Scenario, ScenarioUpdate } from './scenario';

/** One update of the scenario under way: its plan, who gets it in which order, and the randomness that is its own. */
export interface Rollout {
  update: ScenarioUpdate;
  /** The driver that loads it, and the one that is blamed for what it does; mostly the same. */
  driver: DriverKind;
  crashDriver: DriverKind;
  shippedAtMs: number;
  /** From here on no host takes it: paused, withdrawn, or Infinity. */
  closesAtMs: number;
  random: RandomSource;
  /** Seeds of the order of hosts: its own, and the one that it may share with other updates. */
  ownOrder: number;
  sharedOrder: number;
}

/** Prepares an update of the scenario to be rolled out; equal seeds and names give equal orders of hosts. */
export function planRollout(update: ScenarioUpdate, fleet: Scenario['fleet'], random: RandomSource): Rollout {
  const drivers = driversOf(fleet);
  const loader = update.driver ?? loaderOf(update.channel, fleet);
  const find = (image: string) => drivers.find((driver) => driver.image === image) ?? drivers[0]!;
  const name = `${update.channel}@${update.version}`;
  const own = random.fork(`update ${name}`);
  return {
    update,
    driver: find(loader),
    crashDriver: find(update.crash?.driver ?? loader),
    shippedAtMs: update.rings[0]!.at,
    closesAtMs: Math.min(update.paused ?? Infinity, update.withdrawn ?? Infinity),
    random: own,
    ownOrder: own.fork('order').bits(),
    sharedOrder: random.fork(`order ${update.order ?? name}`).bits(),
  };
}

/** The image that loads what comes on a channel. */
function loaderOf(channel: string, fleet: Scenario['fleet']): string {
  if (channel.startsWith('driver:')) return channel.slice('driver:'.length);
  return channelsOf(fleet).find((kind) => kind.channel === channel)?.driver ?? '';
}

/**
 * Where a host stands in the order of an update: `position` decides the ring (a ring of fraction f holds the positions
 * below f), `rank` when within the ring's time. Both are uniform on 0..1. Updates that share an order share them for
 * `order_share` of the hosts.
 */
export function placeInOrder(rollout: Rollout, host: Host): { position: number; rank: number } {
  const follows = toUnit(mix32(rollout.ownOrder ^ Math.imul(host.index + 1, 0x9e3779b1))) < rollout.update.order_share;
  const seed = follows ? rollout.sharedOrder : rollout.ownOrder;
  return { position: toUnit(hash32(host.hostId, seed)), rank: toUnit(hash32(host.hostId, seed ^ 0x5bd1e995)) };
}

/** Whether a host can take an update at all: it runs the update's channel, and is among those the update is for. */
export function isEligible(rollout: Rollout, host: Host): boolean {
  return host.running.has(rollout.update.channel) && concerns(rollout.update.only, host);
}

/** Whether a filter of the scenario holds a host. No filter holds every host. */
export function concerns(filter: HostFilter | undefined, host: Host): boolean {
  if (filter === undefined) return true;
  return (
    (filter.orgs?.includes(host.orgId) ?? true) &&
    (filter.countries?.includes(host.country) ?? true) &&
    (filter.os_builds?.includes(host.osBuild) ?? true) &&
    (filter.drivers?.every((image) => host.devices.some((driver) => driver.image === image)) ?? true)
  );
}
