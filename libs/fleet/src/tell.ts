import { drawMs, type Distribution } from './distribution';
import { driverVersion, type Host } from './host';
import type { FleetRecord, InstallRecord, UpdateRecord } from './record';
import type { Rollout } from './rollout';
import { stopCode, stopParameters, type Stop } from './stop';
import type { World } from './world';

/** A host tells of its recent updates for this long; the contract's field `recent_updates` has at most 32 of them. */
const RECENT_MS = 14 * 86_400_000;
const MAX_RECENT = 32;
/** A vendor's own announcement is in the system this long after the fact. */
const ANNOUNCEMENT_DELAY_MS = 500;
/** A repeated delivery comes this much later on average: a producer's retry. */
const MEAN_REPEAT_MS = 20_000;
const MAX_COPIES = 50;

/** The host sends a sign of life. */
export function tellHeartbeat(world: World, host: Host): void {
  host.runningList ??= [...host.running].map(([channel, { version }]) => ({
    update_channel: channel,
    update_version: version,
  }));
  const value = {
    occurred_at: hostTime(world, host, world.nowMs),
    ...whoAndWhere(host),
    booted_at: hostTime(world, host, host.bootedAtMs),
    updates: host.runningList,
  };
  send(world, { topic: 'heartbeats', key: host.hostId, arrivesAtMs: 0, value }, world.scenario.arrival.heartbeats);
}

/** The host sends its bugcheck; it arrives `delayMs` after the stop, since the host has to boot first. */
export function tellBugcheck(world: World, host: Host, stop: Stop, delayMs: number): void {
  const loaded = loadedBy(world, host, stop);
  const value = {
    event_id: nextId(world, 'b'),
    occurred_at: hostTime(world, host, world.nowMs),
    ...whoAndWhere(host),
    bugcheck_code: stopCode(stop.code, host),
    bugcheck_parameters: stopParameters(stop, host, world.draw.stops),
    driver: stop.driver.image,
    driver_version: driverVersion(host, stop.driver),
    ...loaded,
    fault_offset: `0x${stop.offset.toString(16)}`,
    uptime_seconds: Math.max(0, Math.floor((world.nowMs - host.bootedAtMs) / 1000)),
    recent_updates: host.recent
      .filter((recent) => recent.appliedAtMs > world.nowMs - RECENT_MS)
      .slice(-MAX_RECENT)
      .map((recent) => ({
        update_channel: recent.channel,
        update_version: recent.version,
        applied_at: hostTime(world, host, recent.appliedAtMs),
      })),
  };
  const delay: Distribution = { kind: 'fixed', valueMs: delayMs };
  send(world, { topic: 'bugchecks', key: host.hostId, arrivesAtMs: 0, value }, delay);
}

/** What happened to one update on one host; `version` is the one on the rollout's channel, `afterMs` from now. */
export interface InstallNews {
  rollout: Rollout;
  version: string;
  outcome: InstallRecord['outcome'];
  afterMs?: number;
}

/** The delivery server tells that a host took, lost or failed to take an update. */
export function tellInstall(world: World, host: Host, { rollout, version, outcome, afterMs = 0 }: InstallNews): void {
  const { installs, lost_installs: lost } = world.scenario.arrival;
  if (world.draw.arrival.chance(lost)) return;
  const value = {
    event_id: nextId(world, 'i'),
    occurred_at: hostTime(world, host, world.nowMs + afterMs),
    ...whoAndWhere(host),
    update_channel: rollout.update.channel,
    update_version: version,
    outcome,
    driver: rollout.driver.image,
    driver_version: driverVersion(host, rollout.driver),
  };
  const delay: Distribution = { kind: 'fixed', valueMs: afterMs + drawMs(installs, world.draw.arrival) };
  send(world, { topic: 'installs', key: host.hostId, arrivesAtMs: 0, value }, delay);
}

/** The vendor tells what it does with an update; `ring` is the ring that starts, where one does. */
export function tellUpdate(world: World, rollout: Rollout, action: UpdateRecord['action'], ring?: number): void {
  const { update } = rollout;
  if (!update.announced) return;
  const stage = ring === undefined ? undefined : update.rings[ring];
  const content = rollout.random.fork('content');
  const value = {
    event_id: nextId(world, 'u'),
    occurred_at: new Date(world.nowMs + world.shiftMs).toISOString(),
    action,
    update_channel: update.channel,
    update_version: update.version,
    driver: rollout.driver.image,
    ...(update.replaces === undefined ? {} : { replaces: update.replaces }),
    ...(stage ? { ring: stage.name, target_fraction: stage.fraction } : {}),
    vendor: update.vendor ?? rollout.driver.vendor,
    ...(update.title === undefined ? {} : { title: update.title }),
    content_sha256: Array.from({ length: 8 }, () => content.bits().toString(16).padStart(8, '0')).join(''),
  };
  const delay: Distribution = { kind: 'fixed', valueMs: ANNOUNCEMENT_DELAY_MS };
  send(world, { topic: 'updates', key: update.channel, arrivesAtMs: 0, value }, delay);
}

/** The content that the blamed driver had loaded, else the driver itself where it has a channel, else nothing. */
function loadedBy(world: World, host: Host, { driver, channel: known }: Stop) {
  const content = world.channels.find((kind) => kind.driver === driver.image && host.running.has(kind.channel));
  const channel = known ?? content?.channel ?? `driver:${driver.image}`;
  const version = host.running.get(channel)?.version;
  return version === undefined
    ? { update_channel: '', update_version: '' }
    : { update_channel: channel, update_version: version };
}

function whoAndWhere(host: Host) {
  return { host_id: host.hostId, org_id: host.orgId, country: host.country, os_build: host.osBuild };
}

function hostTime(world: World, host: Host, atMs: number): string {
  return new Date(atMs + host.skewMs + world.shiftMs).toISOString();
}

function nextId(world: World, kind: string): string {
  world.sent++;
  return `${kind}-${world.idPrefix}-${world.sent.toString(36)}`;
}

function send(world: World, record: FleetRecord, delay: Distribution): void {
  const random = world.draw.arrival;
  let atMs = world.nowMs + drawMs(delay, random);
  deliver(world, record, atMs);
  for (let copies = 1; copies < MAX_COPIES && random.chance(world.scenario.arrival.duplicates); copies++) {
    atMs += Math.round(random.exponential(MEAN_REPEAT_MS));
    deliver(world, record, atMs);
  }
}

/** What would arrive after the scenario's end never does, so that a play ends at a sharp moment. */
function deliver(world: World, record: FleetRecord, atMs: number): void {
  if (atMs < world.scenario.ends) world.outbox.push(atMs, { ...record, arrivesAtMs: atMs + world.shiftMs });
}
