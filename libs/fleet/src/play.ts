import { benignUpdates } from './benign-updates';
import { backgroundBugcheck, beginCrashes, crashByUpdate, lemonCrash, relapse, unsettledBugcheck } from './crashing';
import { beat, begin, boot, closeOffice, openOffice, restart } from './host-life';
import { RandomSource } from './random';
import type { FleetRecord } from './record';
import { planRollout, type Rollout } from './rollout';
import type { Scenario } from './scenario';
import { beginRollout, installAtShutdown, offer, pause, recover, remove, startRing, withdraw } from './updating';
import { createWorld, type PlayOptions, type World, type WorldEvent } from './world';

/**
 * Plays a scenario: all that its fleet and vendor send, in the order of arrival, up to the scenario's end. Lazy: memory
 * grows with the number of hosts and of records under way, not with the length of the scenario. Equal options give equal
 * records; a shift changes their times and nothing else.
 */
export function* play(scenario: Scenario, options: PlayOptions): Generator<FleetRecord, void, undefined> {
  const world = createWorld(scenario, options);
  for (const host of world.hosts) begin(world, host);
  beginCrashes(world);
  for (const rollout of planRollouts(scenario, options)) beginRollout(world, rollout);
  while (world.queue.size > 0) {
    world.nowMs = world.queue.nextAtMs;
    handle(world, world.queue.pop()!);
    while (world.outbox.nextAtMs <= world.queue.nextAtMs && world.outbox.size > 0) yield world.outbox.pop()!;
  }
  while (world.outbox.size > 0) yield world.outbox.pop()!;
}

function planRollouts(scenario: Scenario, { seed }: PlayOptions): Rollout[] {
  const random = new RandomSource(`${scenario.name}/${seed}`);
  const updates = [...scenario.updates, ...benignUpdates(scenario, random)];
  return updates.map((update) => planRollout(update, scenario.fleet, random));
}

function handle(world: World, event: WorldEvent): void {
  switch (event.kind) {
    case 'beat':
      return beat(world, event.host, event.life);
    case 'boot':
      return boot(world, event.host, event.life);
    case 'office opens':
      return openOffice(world, event.host);
    case 'office closes':
      installAtShutdown(world, event.host);
      return closeOffice(world, event.host);
    case 'restart':
      installAtShutdown(world, event.host);
      return restart(world, event.host, event.planned);
    case 'background bugcheck':
      return backgroundBugcheck(world);
    case 'relapse':
      return relapse(world, event.host, event.stop);
    case 'lemon':
      return lemonCrash(world, event.host, event.stop, event.left);
    case 'unsettled bugcheck':
      return unsettledBugcheck(world, event.host, event.rollout);
    case 'crash by update':
      return crashByUpdate(world, event.host, event.rollout, event.life);
    default:
      return handleVendor(world, event);
  }
}

type HostEvent =
  | 'beat'
  | 'boot'
  | 'office opens'
  | 'office closes'
  | 'restart'
  | 'background bugcheck'
  | 'relapse'
  | 'lemon'
  | 'unsettled bugcheck'
  | 'crash by update';

function handleVendor(world: World, event: Exclude<WorldEvent, { kind: HostEvent }>): void {
  switch (event.kind) {
    case 'ring starts':
      return startRing(world, event.rollout, event.ring);
    case 'offer':
      return offer(world, event.host, event.rollout);
    case 'paused':
      return pause(world, event.rollout);
    case 'withdrawn':
      return withdraw(world, event.rollout);
    case 'recovery':
      return recover(world, event.host, event.rollout);
    case 'removal':
      return remove(world, event.host, event.rollout);
  }
}
