import type { FleetRecord } from '@ringwatch/fleet';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOSTS = 240;
const LENGTH_MS = 160 * MINUTE;

/** A seeded source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A small fleet whose reports come as badly as reports can: told late and out of order, by clocks that are wrong, of
 * updates that were announced late, by halves or never, of hosts whose first sign of life is their crash.
 */
export function roughWorld(seed: number, since: number): FleetRecord[] {
  const world = new RoughWorld(seeded(seed), since);
  world.beats();
  world.release('content-a', { guilty: 0.5, shippedAfter: 31 * MINUTE, told: 10 * MINUTE, adopts: 45 * MINUTE });
  world.release('content-b', { guilty: 0, shippedAfter: 20 * MINUTE, told: undefined, adopts: 60 * MINUTE });
  world.release('content-c', { guilty: 0.1, shippedAfter: 3 * MINUTE, told: 80 * MINUTE, adopts: 110 * MINUTE });
  world.release('content-d', { guilty: 0.3, shippedAfter: 90 * MINUTE, told: SECOND, adopts: 30 * MINUTE });
  world.actions();
  world.background();
  return world.records.sort((a, b) => a.arrivesAtMs - b.arrivesAtMs);
}

/** A fleet in which twelve hosts take an update and crash, and say so of the crash at once but of the install only later. */
export function lateInstalls(since: number, toldAfter: number): FleetRecord[] {
  const world = new RoughWorld(() => 0.999, since);
  const update = { update_channel: 'content-a', update_version: '1' };
  world.beats(() => 0);
  world.action(update, 'shipped', 9 * MINUTE, SECOND);
  for (let host = 100; host < 112; host++) {
    const at = 9 * MINUTE + (host - 99) * SECOND;
    world.install(host, at, 'content-a', since + toldAfter + host * SECOND - 100 * SECOND);
    world.crash(host, at + 30 * SECOND, 'content-a.sys', 'content-a', since + at + MINUTE);
  }
  return world.records.sort((a, b) => a.arrivesAtMs - b.arrivesAtMs);
}

interface Release {
  guilty: number;
  shippedAfter: number;
  told: number | undefined;
  adopts: number;
}

class RoughWorld {
  readonly records: FleetRecord[] = [];
  private events = 0;

  constructor(
    private readonly random: () => number,
    private readonly since: number,
  ) {}

  beats(when = () => this.random() * 40 * MINUTE): void {
    for (let host = 0; host < HOSTS; host++) {
      if (this.random() < 0.2) continue;
      const at = when();
      const channels = ['content-a', 'content-b', 'content-c', 'content-d'].filter(() => this.random() > 0.2);
      const updates = channels.map((update_channel) => ({ update_channel, update_version: '0' }));
      const value = { ...this.event(host, at), booted_at: this.instant(0), updates };
      this.add({ topic: 'heartbeats', key: value.host_id, arrivesAtMs: this.told(at), value });
    }
  }

  release(channel: string, { guilty, shippedAfter, told, adopts }: Release): void {
    const update = { update_channel: channel, update_version: '1' };
    if (told !== undefined) this.action(update, 'shipped', shippedAfter, told);
    for (let host = 0; host < HOSTS; host++) {
      if (this.random() < 0.15) continue;
      const at = shippedAfter + this.random() * adopts;
      this.install(host, at, channel);
      if (this.random() < guilty) this.crash(host, at + this.random() ** 2 * 20 * MINUTE, `${channel}.sys`, channel);
    }
  }

  actions(): void {
    const update = { update_channel: 'content-b', update_version: '1' };
    this.action(update, 'expanded', 10 * MINUTE, 2 * SECOND); // before anything else is heard of it
    this.action({ ...update, update_channel: 'content-a' }, 'expanded', 33 * MINUTE, SECOND);
    this.action({ ...update, update_channel: 'content-a' }, 'paused', 80 * MINUTE, 20 * MINUTE);
    this.action({ ...update, update_channel: 'content-a' }, 'expanded', 110 * MINUTE, SECOND);
    this.action({ ...update, update_channel: 'content-d' }, 'withdrawn', 120 * MINUTE, SECOND);
  }

  background(): void {
    for (let crash = 0; crash < 120; crash++) {
      const driver = this.random() < 0.3 ? 'content-b.sys' : `other-${Math.floor(this.random() * 30)}.sys`;
      this.crash(Math.floor(this.random() * HOSTS), this.random() * LENGTH_MS, driver, '');
    }
  }

  install(host: number, at: number, update_channel: string, arrivesAtMs = this.told(at)): void {
    const applied = {
      update_channel,
      update_version: '1',
      outcome: 'applied' as const,
      driver: '',
      driver_version: '',
    };
    const value = { ...this.event(host, at), ...applied };
    this.add({ topic: 'installs', key: value.host_id, arrivesAtMs, value });
  }

  crash(host: number, at: number, driver: string, channel: string, arrivesAtMs = this.told(at)): void {
    const code = this.random() < 0.1 ? '0xE2' : '0x50';
    const version = channel === '' ? '' : '1';
    const value = {
      ...this.event(host, at),
      bugcheck_code: code,
      bugcheck_parameters: [0, 0, 0, 0],
      driver,
      driver_version: '7',
      update_channel: channel,
      update_version: version,
      uptime_seconds: 60,
      recent_updates: [],
    };
    this.add({ topic: 'bugchecks', key: value.host_id, arrivesAtMs, value });
  }

  action(
    update: { update_channel: string; update_version: string },
    action: 'shipped' | 'expanded' | 'paused' | 'withdrawn',
    at: number,
    told: number,
  ): void {
    const value = { ...update, event_id: `u${++this.events}`, occurred_at: this.instant(at), action };
    this.add({
      topic: 'updates',
      key: update.update_channel,
      arrivesAtMs: this.since + at + told,
      value: { ...value, driver: `${update.update_channel}.sys`, content_sha256: '' },
    });
  }

  private event(host: number, at: number) {
    const skew = host % 17 === 0 ? -90 * MINUTE : host % 19 === 0 ? 5 * MINUTE : 0;
    return {
      event_id: `e${++this.events}`,
      occurred_at: this.instant(at + skew),
      host_id: `host-${host}`,
      org_id: `org-${host % 8}`,
      country: ['US', 'DE', 'JP'][host % 3]!,
      os_build: `10.0.${host % 2}`,
    };
  }

  /** Most are told within seconds, some much later. */
  private told(at: number): number {
    const delay = this.random() > 0.2 ? this.random() * 5 * SECOND : this.random() * 50 * MINUTE;
    return Math.floor(this.since + at + delay);
  }

  private instant(at: number): string {
    return new Date(Math.floor(this.since + at)).toISOString();
  }

  private add(record: FleetRecord): void {
    this.records.push(record);
  }
}
