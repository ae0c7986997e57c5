import { type Update, updateKey } from '@ringwatch/rollout';
import { signatureOf } from '@ringwatch/signature';
import type { Crash, EvidenceBatch, VendorAction } from './evidence';

export const START = Date.parse('2024-07-19T04:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const suspect: Update = { channel: 'content', version: '2' };

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

export interface MadeUpHost {
  id: string;
  org: string;
  country: string;
  osBuild: string;
}

interface CrashOptions {
  driver?: string;
  stopCode?: number;
  /** The four parameters of the stop; by default a read of an address. */
  parameters?: readonly bigint[];
  offset?: bigint;
  channel?: string;
  told?: number;
  eventId?: string;
}

/** Evidence as the store would give it, told host by host. Times are milliseconds after `START`; `told` is when it arrived. */
export class MadeUp {
  readonly batch: EvidenceBatch = emptyBatch();
  private readonly hosts: MadeUpHost[] = [];

  constructor(readonly orgs = 5) {}

  update(update = suspect, { at = 0, told = at }: { at?: number; told?: number } = {}): this {
    this.batch.updates.push({ update, occurredAt: START + at, receivedAt: START + told });
    return this;
  }

  action(
    action: VendorAction['action'],
    at: number,
    update = suspect,
    { told = at, driver = 'content.sys' } = {},
  ): this {
    this.batch.actions.push({ update, action, driver, occurredAt: START + at, receivedAt: START + told });
    return this;
  }

  /** Makes hosts that are known to run the channels since long before the start. */
  fleet(count: number, more: Partial<MadeUpHost> = {}, channels = [suspect.channel]): MadeUpHost[] {
    const made = Array.from({ length: count }, () => {
      const number = this.hosts.length;
      const host = {
        id: `host-${number}`,
        org: `org-${number % this.orgs}`,
        country: 'US',
        osBuild: '10.0.1',
        ...more,
      };
      this.hosts.push(host);
      for (const channel of channels) this.runs(host, channel);
      return host;
    });
    return made;
  }

  runs({ id, osBuild, country }: MadeUpHost, channel: string, at = -24 * 60 * MINUTE, told = at): this {
    const times = { occurredAt: START + at, receivedAt: START + told };
    this.batch.eligible.push({ channel, osBuild, country, hosts: 1, ...times });
    this.batch.hostChannels.push({ hostId: id, channel, ...times });
    return this;
  }

  applies({ id, osBuild, country }: MadeUpHost, at: number, update = suspect, told = at): this {
    const times = { occurredAt: START + at, receivedAt: START + told };
    this.batch.applied.push({ update, osBuild, country, hosts: 1, ...times });
    this.batch.hostApplies.push({ hostId: id, update, ...times });
    return this;
  }

  crashes(host: MadeUpHost, at: number, options: CrashOptions = {}): this {
    const { driver = 'content.sys', stopCode = 0x50, channel = '', told = at } = options;
    const { parameters = [0x9cn, 0n, 0xfffff80671511000n, 2n], offset = 0x1000n } = options;
    const crash: Crash = {
      eventId: options.eventId ?? `crash-${this.batch.crashes.length}`,
      hostId: host.id,
      orgId: host.org,
      country: host.country,
      osBuild: host.osBuild,
      stratumCountry: host.country,
      stratumOsBuild: host.osBuild,
      stopCode,
      signature: signatureOf({
        bugcheck_code: stopCode,
        bugcheck_parameters: [...parameters],
        driver,
        fault_offset: offset,
      }),
      driver,
      driverVersion: '7',
      channel,
      occurredAt: START + at,
      receivedAt: START + told,
    };
    this.batch.crashes.push(crash);
    return this;
  }

  /** A share of the hosts takes the update, evenly over the time given, in the order of their names. */
  rollOut(hosts: readonly MadeUpHost[], { since = 0, lasts = 60 * MINUTE, update = suspect } = {}): this {
    hosts.forEach((host, index) => this.applies(host, since + Math.floor((index * lasts) / hosts.length), update));
    return this;
  }
}

export function emptyBatch(): EvidenceBatch {
  return {
    updates: [],
    actions: [],
    applied: [],
    eligible: [],
    awake: [],
    crashes: [],
    hostApplies: [],
    hostChannels: [],
  };
}

export const suspectKey = updateKey(suspect);
