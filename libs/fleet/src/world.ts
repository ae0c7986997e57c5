import type { ChannelKind } from './catalogue';
import { channelsOf } from './equipment';
import { EventQueue } from './event-queue';
import type { Host } from './host';
import { populate } from './populate';
import { hash32, RandomSource, Weighted } from './random';
import type { FleetRecord } from './record';
import type { Rollout } from './rollout';
import type { Scenario } from './scenario';
import type { Stop } from './stop';

/** Something that is going to happen in the world; handlers schedule further ones. */
export type WorldEvent =
  | { kind: 'beat'; host: Host; life: number }
  | { kind: 'boot'; host: Host; life: number }
  | { kind: 'office opens'; host: Host }
  | { kind: 'office closes'; host: Host }
  | { kind: 'restart'; host: Host; planned: boolean }
  | { kind: 'background bugcheck' }
  | { kind: 'relapse'; host: Host; stop: Stop }
  | { kind: 'lemon'; host: Host; stop: Stop; left: number }
  | { kind: 'unsettled bugcheck'; host: Host; rollout: Rollout }
  | { kind: 'crash by update'; host: Host; rollout: Rollout; life: number }
  | { kind: 'ring starts'; rollout: Rollout; ring: number }
  | { kind: 'offer'; host: Host; rollout: Rollout }
  | { kind: 'paused'; rollout: Rollout }
  | { kind: 'withdrawn'; rollout: Rollout }
  | { kind: 'recovery'; host: Host; rollout: Rollout }
  | { kind: 'removal'; host: Host; rollout: Rollout };

/** How to play a scenario. Equal options give equal records, byte for byte. */
export interface PlayOptions {
  seed: number | string;
  /** Number of hosts instead of the scenario's. */
  fleetSize?: number;
  /** Added to every time that is told; nothing else depends on it. */
  shiftMs?: number;
  /** Goes into every event id, so that a scenario can be played twice into one system; letters, digits, dots. */
  run?: string;
}

/** The simulated world at one moment: all that its handlers read and change. */
export interface World {
  scenario: Scenario;
  nowMs: number;
  shiftMs: number;
  hosts: readonly Host[];
  byFragility: Weighted<Host>;
  channels: readonly ChannelKind[];
  queue: EventQueue<WorldEvent>;
  outbox: EventQueue<FleetRecord>;
  /** One stream of randomness per purpose. */
  draw: { life: RandomSource; crashes: RandomSource; lemons: RandomSource; arrival: RandomSource; stops: RandomSource };
  idPrefix: string;
  sent: number;
}

/** Makes the world as it is when the scenario starts; nothing is scheduled yet. */
export function createWorld(scenario: Scenario, options: PlayOptions): World {
  const random = new RandomSource(`${scenario.name}/${options.seed}`);
  const hosts = populate(scenario, options.fleetSize ?? scenario.fleet.hosts, random);
  return {
    scenario,
    nowMs: scenario.starts,
    shiftMs: options.shiftMs ?? 0,
    hosts,
    byFragility: new Weighted(hosts, (host) => host.fragility),
    channels: channelsOf(scenario.fleet),
    queue: new EventQueue(),
    outbox: new EventQueue(),
    draw: {
      life: random.fork('life'),
      crashes: random.fork('crashes'),
      lemons: random.fork('lemons'),
      arrival: random.fork('arrival'),
      stops: random.fork('stops'),
    },
    idPrefix: idPrefix(scenario, options),
    sent: 0,
  };
}

/** Plans an event; what falls after the scenario's end is forgotten at once. */
export function schedule(world: World, atMs: number, event: WorldEvent): void {
  if (atMs < world.scenario.ends) world.queue.push(atMs, event);
}

/** Uniform duration in milliseconds, for the small waits of a host's life. */
export function between(random: RandomSource, minMs: number, maxMs: number): number {
  return minMs + random.below(maxMs - minMs);
}

function idPrefix(scenario: Scenario, { seed, run }: PlayOptions): string {
  if (run !== undefined && !/^[A-Za-z0-9._-]{0,24}$/.test(run)) {
    throw new RangeError(`wanted a run of at most 24 letters, digits, '.', '_', '-', got ${JSON.stringify(run)}`);
  }
  const play = hash32(`${scenario.name}/${seed}`, 11).toString(16).padStart(8, '0');
  return run ? `${play}.${run}` : play;
}
