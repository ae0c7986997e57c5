import { drawMs } from './distribution';
import type { Host } from './host';
import { goDown, planBoot } from './host-life';
import { concerns, type Rollout } from './rollout';
import { seasonFactor } from './season';
import { drawStop, faultOffset, type Stop } from './stop';
import { tellBugcheck } from './tell';
import { between, schedule, type World } from './world';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Of those that crash again most do so soon (Nightingale et al. 2011: 84 % within 10 days); ours within hours, so that a week shows it. */
const RELAPSE_MEDIAN_MS = 6 * HOUR_MS;
const RELAPSE_SIGMA = 1.3;
/** A lemon crashes in bursts: this many times at most, and this long apart on average. */
const MAX_BURST = 40;
const MEAN_CALM_MS = 12 * HOUR_MS;
/** Share of the arrival delay that the boot takes: a bugcheck is sent once the host is up again. */
const BOOT_SHARE = 0.6;
const MAX_BOOT_MS = 5 * MINUTE_MS;

/** Plans the background: single bugchecks, relapses of those before the start, and the lemons' bursts. */
export function beginCrashes(world: World): void {
  planNextBackground(world);
  const { draw, hosts, scenario } = world;
  const pastDays = 3;
  const past = draw.crashes.poisson(backgroundPerMs(world) * pastDays * DAY_MS);
  for (let i = 0; i < past; i++) {
    const host = world.byFragility.draw(draw.crashes);
    planRelapse(world, host, drawStop(host, draw.crashes), -draw.crashes.uniform() * pastDays * DAY_MS);
  }
  const lemons = Math.round((hosts.length * scenario.background.lemons_per_1000_hosts) / 1000);
  for (let i = 0; i < lemons; i++) {
    const host = draw.lemons.pick(hosts);
    planBurst(world, host, drawStop(host, draw.lemons));
  }
}

/**
 * A candidate of the background process: it counts with the chance that season and surges give it here and now. The same
 * numbers are drawn whether the host is on or not, so that what updates do to hosts does not move the background.
 */
export function backgroundBugcheck(world: World): void {
  planNextBackground(world);
  const random = world.draw.crashes;
  const host = world.byFragility.draw(random);
  if (!random.chance(factorNow(world, host) / maxFactor(world))) return;
  const stop = drawStop(host, random);
  if (host.state === 'on') crash(world, host, stop);
  planRelapse(world, host, stop, 0);
}

/** The host crashes again in the way it did before. */
export function relapse(world: World, host: Host, stop: Stop): void {
  if (host.state === 'on') crash(world, host, stop);
  planRelapse(world, host, stop, 0);
}

/** A lemon crashes, and again soon after its next boot while the burst lasts. */
export function lemonCrash(world: World, host: Host, stop: Stop, left: number): void {
  if (host.state === 'on') crash(world, host, stop);
  if (left <= 1) return planBurst(world, host, stop);
  const afterMs = between(world.draw.lemons, 6 * MINUTE_MS, 15 * MINUTE_MS);
  schedule(world, world.nowMs + afterMs, { kind: 'lemon', host, stop, left: left - 1 });
}

/** A bugcheck that an innocent update only brought forward, by shaking the host. */
export function unsettledBugcheck(world: World, host: Host, rollout: Rollout): void {
  if (host.state === 'on') crash(world, host, drawStop(host, rollout.random));
}

/** The bad update makes the host stop. One that never reports is stuck from here on, silent until it recovers. */
export function crashByUpdate(world: World, host: Host, rollout: Rollout, life: number): void {
  const affliction = host.affliction;
  const effect = rollout.update.crash;
  if (!effect || affliction?.rollout !== rollout || host.state !== 'on' || host.life !== life) return;
  affliction.crashes++;
  const givesUp = effect.again === 'boot_loop' && affliction.crashes >= effect.gives_up_after;
  if (affliction.reports && !givesUp) crash(world, host, stopOf(rollout));
  else goDown(host, 'stuck');
  if (affliction.crashes === 1 && world.nowMs >= (rollout.update.withdrawn ?? Infinity))
    planRecovery(world, host, rollout);
}

/** Somebody repairs the host some time from now, if it is among those that get repaired. */
export function planRecovery(world: World, host: Host, rollout: Rollout): void {
  const recovers = rollout.update.crash?.recovers;
  if (!recovers || !rollout.random.chance(recovers.fraction)) return;
  schedule(world, world.nowMs + drawMs(recovers.after, rollout.random), { kind: 'recovery', host, rollout });
}

/** Plans the additional bugchecks that a host suffers while an innocent update unsettles it. */
export function planUnsettled(world: World, host: Host, rollout: Rollout): void {
  const unsettles = rollout.update.unsettles;
  if (!unsettles) return;
  const extra = backgroundPerHostMs(world) * host.fragility * (unsettles.crash_factor - 1) * unsettles.lasts;
  if (!rollout.random.chance(1 - Math.exp(-Math.max(0, extra)))) return;
  const atMs = world.nowMs + rollout.random.below(unsettles.lasts);
  schedule(world, atMs, { kind: 'unsettled bugcheck', host, rollout });
}

/** The host stops, reboots, and its bugcheck arrives once it is up again. */
function crash(world: World, host: Host, stop: Stop): void {
  const delayMs = drawMs(world.scenario.arrival.bugchecks, world.draw.arrival);
  tellBugcheck(world, host, stop, delayMs);
  goDown(host, 'rebooting');
  planBoot(world, host, Math.min(BOOT_SHARE * delayMs, MAX_BOOT_MS));
}

function stopOf(rollout: Rollout): Stop {
  const effect = rollout.update.crash!;
  const driver = rollout.crashDriver;
  const offset = effect.fault_offset ?? faultOffset(driver.image, effect.stop_code, 99);
  const isOwn = driver === rollout.driver;
  return { driver, code: effect.stop_code, offset, ...(isOwn ? { channel: rollout.update.channel } : {}) };
}

function planNextBackground(world: World): void {
  const rate = backgroundPerMs(world) * maxFactor(world);
  if (rate <= 0) return;
  schedule(world, world.nowMs + Math.ceil(world.draw.crashes.exponential(1 / rate)), { kind: 'background bugcheck' });
}

function planRelapse(world: World, host: Host, stop: Stop, sinceMs: number): void {
  const random = world.draw.crashes;
  let afterMs = sinceMs;
  do {
    if (!random.chance(world.scenario.background.repeats)) return;
    afterMs += drawMs({ kind: 'lognormal', medianMs: RELAPSE_MEDIAN_MS, sigma: RELAPSE_SIGMA }, random);
  } while (afterMs < 0);
  schedule(world, world.nowMs + Math.round(afterMs), { kind: 'relapse', host, stop });
}

function planBurst(world: World, host: Host, stop: Stop): void {
  const random = world.draw.lemons;
  const atMs = world.nowMs + Math.round(random.exponential(MEAN_CALM_MS));
  schedule(world, atMs, { kind: 'lemon', host, stop, left: between(random, 3, MAX_BURST) });
}

/** First bugchecks per host and millisecond: relapses make up the rest of the scenario's rate. */
function backgroundPerHostMs({ scenario }: World): number {
  return (scenario.background.bugchecks_per_host_day * (1 - scenario.background.repeats)) / DAY_MS;
}

function backgroundPerMs(world: World): number {
  return backgroundPerHostMs(world) * world.hosts.length;
}

function factorNow({ scenario, nowMs }: World, host: Host): number {
  let factor = seasonFactor(nowMs + host.utcOffsetMs, scenario.background.season);
  for (const surge of scenario.surges) {
    if (nowMs >= surge.from && nowMs < surge.until && concerns(surge.among, host)) factor *= surge.crash_factor;
  }
  return factor;
}

function maxFactor({ scenario }: World): number {
  return scenario.surges.reduce((max, surge) => max * Math.max(1, surge.crash_factor), 1 + scenario.background.season);
}
