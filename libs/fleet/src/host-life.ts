import { drawMs } from './distribution';
import { isLooping, type Affliction, type Host, type OfficeHours } from './host';
import type { CrashEffect } from './scenario';
import { timeOfDayMs, weekday } from './season';
import { tellHeartbeat } from './tell';
import { between, schedule, type World } from './world';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A heartbeat comes within +-5 % of the host's pace. */
const PACE_JITTER = 0.05;

/** Puts a host into the state that it has when the scenario starts, and plans its first steps. */
export function begin(world: World, host: Host): void {
  const random = world.draw.life;
  const localMs = world.nowMs + host.utcOffsetMs;
  const isOpen = host.office === undefined || isWithin(host.office, localMs);
  if (isOpen) {
    host.state = 'on';
    const hours = host.office ? (timeOfDayMs(localMs) - host.office.opensMs) / 3_600_000 : random.exponential(96);
    host.bootedAtMs = world.nowMs - Math.round(hours * 3_600_000);
    schedule(world, world.nowMs + random.below(host.paceMs), { kind: 'beat', host, life: host.life });
  }
  if (host.office) {
    const atMs = isOpen ? closing(host, host.office, world) : opening(host, host.office, world);
    schedule(world, atMs, { kind: isOpen ? 'office closes' : 'office opens', host });
  } else {
    planRestart(world, host);
  }
}

/** The host sends a heartbeat and plans the next. */
export function beat(world: World, host: Host, life: number): void {
  if (host.state !== 'on' || host.life !== life) return;
  tellHeartbeat(world, host);
  const jitter = 1 + PACE_JITTER * (2 * world.draw.life.uniform() - 1);
  schedule(world, world.nowMs + Math.round(host.paceMs * jitter), { kind: 'beat', host, life });
}

/** The host is up: it beats soon, takes what waited for it, and meets again what makes it crash. */
export function boot(world: World, host: Host, life: number): void {
  if (host.state === 'on' || host.life !== life) return;
  const random = world.draw.life;
  host.state = 'on';
  host.bootedAtMs = world.nowMs;
  planCrash(world, host);
  if (isLooping(host)) return;
  schedule(world, world.nowMs + between(random, 10_000, 45_000), { kind: 'beat', host, life });
  for (const rollout of host.whenOn.splice(0)) {
    schedule(world, world.nowMs + between(random, 15_000, 4 * MINUTE_MS), { kind: 'offer', host, rollout });
  }
}

/** Takes a host down; `state` says what it waits for. What was planned for this life is void. */
export function goDown(host: Host, state: Host['state']): void {
  host.state = state;
  host.life++;
}

/** Plans the boot of a host that is down. */
export function planBoot(world: World, host: Host, afterMs: number): void {
  schedule(world, world.nowMs + Math.round(afterMs), { kind: 'boot', host, life: host.life });
}

/** Somebody switches the host on in the morning. */
export function openOffice(world: World, host: Host): void {
  if (host.state === 'off') planBoot(world, host, 0);
  if (host.office) schedule(world, closing(host, host.office, world), { kind: 'office closes', host });
}

/** Somebody switches the host off for the night; one that hangs in a boot loop is left as it is. */
export function closeOffice(world: World, host: Host): void {
  if (host.state === 'on' && !isLooping(host)) goDown(host, 'off');
  if (host.office) schedule(world, opening(host, host.office, world), { kind: 'office opens', host });
}

/** The host restarts, for a person's reasons (`planned`: again some days later) or because an update asks for it. */
export function restart(world: World, host: Host, planned: boolean): void {
  if (host.state === 'on' && !isLooping(host)) {
    goDown(host, 'rebooting');
    planBoot(world, host, between(world.draw.life, 50_000, 3 * MINUTE_MS));
  }
  if (planned) planRestart(world, host);
}

/** Plans the next crash of an afflicted host that is on: after its apply or boot the first time, after its boot later. */
export function planCrash(world: World, host: Host): void {
  const affliction = host.affliction;
  const crash = affliction?.rollout.update.crash;
  if (!affliction || !crash) return;
  if (affliction.crashes > 0 && crash.again === 'never') {
    host.affliction = undefined;
    return;
  }
  const delayMs = nextCrashMs(affliction, crash);
  const event = { kind: 'crash by update' as const, host, rollout: affliction.rollout, life: host.life };
  schedule(world, world.nowMs + delayMs, event);
}

function nextCrashMs({ crashes, rollout: { random } }: Affliction, crash: CrashEffect): number {
  if (crashes === 0 || crash.again === 'never') return drawMs(crash.delay, random);
  return crash.again === 'boot_loop' ? between(random, 5000, 40_000) : drawMs(crash.again, random);
}

function planRestart(world: World, host: Host): void {
  const afterMs = Math.round(world.draw.life.exponential(world.scenario.fleet.restarts_every));
  schedule(world, world.nowMs + afterMs, { kind: 'restart', host, planned: true });
}

function isWithin(office: OfficeHours, localMs: number): boolean {
  const timeMs = timeOfDayMs(localMs);
  return works(office, localMs) && timeMs >= office.opensMs && timeMs < office.closesMs;
}

function works(office: OfficeHours, localMs: number): boolean {
  const day = weekday(localMs);
  return office.worksWeekends || (day !== 0 && day !== 6);
}

/** The next moment at which the office opens, plus up to a quarter of an hour. */
function opening(host: Host, office: OfficeHours, world: World): number {
  return nextWorkday(host, world, office, office.opensMs);
}

function closing(host: Host, office: OfficeHours, world: World): number {
  return nextWorkday(host, world, office, office.closesMs);
}

function nextWorkday(host: Host, world: World, office: OfficeHours, timeMs: number): number {
  const localMs = world.nowMs + host.utcOffsetMs;
  const midnightMs = localMs - timeOfDayMs(localMs);
  let day = 0;
  while (midnightMs + day * DAY_MS + timeMs <= localMs || !works(office, midnightMs + day * DAY_MS)) day++;
  return midnightMs + day * DAY_MS + timeMs + world.draw.life.below(15 * MINUTE_MS) - host.utcOffsetMs;
}
