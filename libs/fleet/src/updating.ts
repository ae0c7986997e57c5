import { adoptionShare } from './distribution';
import { isLooping, type Host } from './host';
import { boot, goDown, planCrash } from './host-life';
import { planRecovery, planUnsettled } from './crashing';
import { concerns, isEligible, placeInOrder, type Rollout } from './rollout';
import { tellInstall, tellUpdate } from './tell';
import { between, schedule, type World } from './world';

/** Share of installs that fail at first, and when they are tried again (our assumption). */
const FAILS_AT_FIRST = 0.005;
const RETRY_MIN_MS = 10 * 60_000;
const RETRY_MAX_MS = 60 * 60_000;
/** A host that goes back has the older version in place this long after it lost the newer one. */
const REPLACED_AFTER_MS = 2000;

/** Plans what the vendor does with an update over the scenario. */
export function beginRollout(world: World, rollout: Rollout): void {
  const { rings, paused, withdrawn } = rollout.update;
  rings.forEach((ring, index) => schedule(world, ring.at, { kind: 'ring starts', rollout, ring: index }));
  if (paused !== undefined) schedule(world, paused, { kind: 'paused', rollout });
  if (withdrawn !== undefined) schedule(world, withdrawn, { kind: 'withdrawn', rollout });
}

/** A ring starts: the vendor says so, and each eligible host of the ring gets its moment. */
export function startRing(world: World, rollout: Rollout, index: number): void {
  if (world.nowMs >= rollout.closesAtMs) return;
  tellUpdate(world, rollout, index === 0 ? 'shipped' : 'expanded', index);
  const ring = rollout.update.rings[index]!;
  const below = rollout.update.rings[index - 1]?.fraction ?? 0;
  for (const host of world.hosts) {
    if (!isEligible(rollout, host)) continue;
    const { position, rank } = placeInOrder(rollout, host);
    if (position < below || position >= ring.fraction) continue;
    const atMs = world.nowMs + Math.round(adoptionShare(ring.shape, rank) * ring.adopts_within);
    schedule(world, atMs, { kind: 'offer', host, rollout });
  }
}

/** A host may take an update now. One that is down takes it after its next boot. */
export function offer(world: World, host: Host, rollout: Rollout): void {
  if (!wants(world, host, rollout)) return;
  if (host.state !== 'on' || isLooping(host)) host.whenOn.push(rollout);
  else if (rollout.update.applies === 'at_shutdown') host.atShutdown.push(rollout);
  else install(world, host, rollout);
}

/** The host goes down in order: what was to be applied at shutdown is applied, just before. */
export function installAtShutdown(world: World, host: Host): void {
  if (host.state !== 'on' || isLooping(host)) return;
  for (const rollout of host.atShutdown.splice(0)) {
    if (wants(world, host, rollout)) apply(world, host, rollout);
  }
}

/** The vendor stops the delivery for now. */
export function pause(world: World, rollout: Rollout): void {
  tellUpdate(world, rollout, 'paused');
}

/** The vendor takes the update back: no host takes it any more, hosts that run go back, people repair the others. */
export function withdraw(world: World, rollout: Rollout): void {
  tellUpdate(world, rollout, 'withdrawn');
  const within = rollout.update.rolls_back_within;
  for (const host of world.hosts) {
    if (host.running.get(rollout.update.channel)?.version !== rollout.update.version) continue;
    const isDown = host.affliction?.rollout === rollout && host.affliction.crashes > 0;
    if (isDown) planRecovery(world, host, rollout);
    if (within !== undefined && host.state !== 'stuck' && !isLooping(host)) {
      schedule(world, world.nowMs + rollout.random.below(within), { kind: 'removal', host, rollout });
    }
  }
}

/** Somebody repairs a host by hand: it boots without the bad update and says so. */
export function recover(world: World, host: Host, rollout: Rollout): void {
  if (host.affliction?.rollout !== rollout) return;
  const isDown = isLooping(host) || host.state === 'stuck' || host.state === 'rebooting';
  host.affliction = undefined;
  if (isDown) {
    goDown(host, 'rebooting');
    boot(world, host, host.life);
  }
  const atMs = world.nowMs + between(rollout.random, 5000, 60_000);
  schedule(world, atMs, { kind: 'removal', host, rollout });
}

/** The host goes back from an update to the version before it. */
export function remove(world: World, host: Host, rollout: Rollout): void {
  const { channel, version, replaces } = rollout.update;
  const current = host.running.get(channel);
  if (current?.version !== version || host.state === 'stuck' || isLooping(host)) return;
  if (host.state !== 'on') {
    const retryMs = world.nowMs + between(rollout.random, RETRY_MIN_MS, RETRY_MAX_MS);
    return schedule(world, retryMs, { kind: 'removal', host, rollout });
  }
  if (host.affliction?.rollout === rollout) host.affliction = undefined;
  tellInstall(world, host, { rollout, version, outcome: 'removed' });
  const before = replaces ?? current.previous;
  host.running.delete(channel);
  if (before !== undefined) {
    setRunning(world, host, channel, before, current.shippedAtMs);
    tellInstall(world, host, { rollout, version: before, outcome: 'applied', afterMs: REPLACED_AFTER_MS });
  }
}

/** A host still takes an update when it is on offer and newer than what the host runs. */
function wants(world: World, host: Host, rollout: Rollout): boolean {
  const current = host.running.get(rollout.update.channel);
  return world.nowMs < rollout.closesAtMs && current !== undefined && current.shippedAtMs < rollout.shippedAtMs;
}

function install(world: World, host: Host, rollout: Rollout): void {
  if (!rollout.random.chance(FAILS_AT_FIRST)) return apply(world, host, rollout);
  tellInstall(world, host, { rollout, version: rollout.update.version, outcome: 'failed' });
  const retryMs = world.nowMs + between(rollout.random, RETRY_MIN_MS, RETRY_MAX_MS);
  schedule(world, retryMs, { kind: 'offer', host, rollout });
}

function apply(world: World, host: Host, rollout: Rollout): void {
  const { update } = rollout;
  setRunning(world, host, update.channel, update.version, rollout.shippedAtMs);
  if (host.affliction?.rollout.update.channel === update.channel) host.affliction = undefined;
  tellInstall(world, host, { rollout, version: update.version, outcome: 'applied' });
  host.osBuild = update.new_os_builds?.[host.osBuild] ?? host.osBuild;
  planUnsettled(world, host, rollout);
  afflict(world, host, rollout);
  if (update.reboots) {
    schedule(world, world.nowMs + between(rollout.random, 5000, 120_000), { kind: 'restart', host, planned: false });
  }
}

/** Decides whether the update is bad for this host, and plans its first crash. */
function afflict(world: World, host: Host, rollout: Rollout): void {
  const effect = rollout.update.crash;
  if (!effect || !concerns(effect.among, host) || !rollout.random.chance(effect.probability)) return;
  if (host.affliction !== undefined) return;
  host.affliction = { rollout, reports: rollout.random.chance(effect.reports), crashes: 0 };
  planCrash(world, host);
}

function setRunning(world: World, host: Host, channel: string, version: string, shippedAtMs: number): void {
  const previous = host.running.get(channel)?.version;
  host.running.set(channel, {
    version,
    appliedAtMs: world.nowMs,
    shippedAtMs,
    ...(previous === undefined ? {} : { previous }),
  });
  host.recent.push({ channel, version, appliedAtMs: world.nowMs });
  if (host.recent.length > 64) host.recent.splice(0, 32);
  host.runningList = undefined;
}
