import type { FleetRecord } from '@ringwatch/fleet';
import { seeded } from './rough-world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const HOSTS = 2_000;

/** A fleet with days of quiet crashes before a moment, and what is told of it from then on. Times are ms after that moment. */
export class WeeksBefore {
  readonly records: FleetRecord[] = [];
  private readonly random = seeded(7);
  private events = 0;

  constructor(private readonly now: number) {}

  /** So many crashes an hour by each driver, told within minutes, from `days` before until `until`. */
  background(perHour: Record<string, number>, days: number, until: number): this {
    for (const [driver, rate] of Object.entries(perHour)) {
      for (let at = -days * 24 * HOUR; at < until; at += (HOUR / rate) * 2 * this.random()) {
        this.crash(Math.floor(this.random() * HOSTS), at, driver);
      }
    }
    return this;
  }

  /** Hosts crash one after another, evenly from `since` to `until`. */
  wave(hosts: readonly number[], driver: string, [since, until]: readonly [number, number], version = '7'): this {
    hosts.forEach((host, index) => this.crash(host, since + ((until - since) * index) / hosts.length, driver, version));
    return this;
  }

  ships(update_channel: string, at: number, driver: string): this {
    const value = { ...this.event(at), action: 'shipped' as const, update_channel, update_version: '2', driver };
    return this.add({
      topic: 'updates',
      key: update_channel,
      ...this.told(at),
      value: { ...value, content_sha256: '' },
    });
  }

  /** All these hosts are known to run a channel, and take version 2 within seconds of each other. */
  everybodyTakes(hosts: readonly number[], update_channel: string, at: number): this {
    for (const host of hosts) {
      const known = { ...this.hostAt(host, at - HOUR), booted_at: this.instant(at - 9 * HOUR) };
      const updates = [{ update_channel, update_version: '1' }];
      this.add({ topic: 'heartbeats', key: known.host_id, ...this.told(at - HOUR), value: { ...known, updates } });
      const applied = {
        update_channel,
        update_version: '2',
        outcome: 'applied' as const,
        driver: '',
        driver_version: '',
      };
      this.add({
        topic: 'installs',
        key: known.host_id,
        ...this.told(at + 5 * SECOND * this.random()),
        value: { ...this.event(at), ...this.hostAt(host, at + SECOND), ...applied },
      });
    }
    return this;
  }

  private crash(host: number, at: number, driver: string, driver_version = '7'): void {
    const value = {
      ...this.event(at),
      ...this.hostAt(host, at),
      bugcheck_code: '0x50',
      bugcheck_parameters: [0, 0, 0, 0] as [number, number, number, number],
      ...{ driver, driver_version, update_channel: '', update_version: '', uptime_seconds: 60, recent_updates: [] },
    };
    this.add({ topic: 'bugchecks', key: value.host_id, ...this.told(at + 3 * MINUTE * this.random() ** 3), value });
  }

  private event(at: number) {
    return { event_id: `w${++this.events}`, occurred_at: this.instant(at) };
  }

  private hostAt(host: number, at: number) {
    const where = { org_id: `org-${host % 8}`, country: ['US', 'DE', 'JP'][host % 3]!, os_build: `10.0.${host % 2}` };
    return { occurred_at: this.instant(at), host_id: `host-${host}`, ...where };
  }

  private told(at: number) {
    return { arrivesAtMs: Math.floor(this.now + at + 100) };
  }

  private instant(at: number): string {
    return new Date(Math.floor(this.now + at)).toISOString();
  }

  private add(record: FleetRecord): this {
    this.records.push(record);
    return this;
  }
}
