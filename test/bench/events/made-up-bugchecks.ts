import { type BadMessage, spoil } from './bad-message';
import { blamedDrivers, type LoadedDriver, madeUpHost } from './catalogue';
import { hex8, mix, Random } from './random';

/** What decides the messages of one partition, down to the last byte. */
export interface MadeUpSettings {
  seed: number;
  partition: number;
  partitions: number;
  /** Events lie in the `spreadMs` before this instant (milliseconds since 1970 UTC). */
  until: number;
  spreadMs: number;
  /** Shares of all messages, 0..1. */
  badShare: number;
  duplicateShare: number;
}

/** One message, and the truth about it: a row of `truth.bugchecks` without its place, or the reason to refuse it. */
export type MadeUpMessage = { key: string; value: Buffer | null } & (
  { kind: 'new'; truth: string } | { kind: 'again' } | ({ kind: 'bad' } & BadMessage)
);

const HOSTS = 300_000;
/** A repeated event is one of so many before it, most of them near: a producer's retry, or one that delivers late. */
const REMEMBERED = 20_000;
const SHARE_WITH_FAULT_OFFSET = 0.2;
const SHARE_WITH_UPTIME = 0.4;
const SHARE_WITH_RECENT_UPDATES = 0.05;
/** Images are case-insensitive, and some agents shout. */
const SHARE_IN_CAPITALS = 0.03;

/** The bugchecks of one partition, about 430 bytes each: those of every `partitions`-th host. */
export class MadeUpBugchecks {
  private readonly random: Random;
  private readonly drivers = blamedDrivers();
  private readonly remembered: Array<{ key: string; value: Buffer }> = [];
  private count = 0;

  constructor(private readonly settings: MadeUpSettings) {
    this.random = new Random(mix(settings.seed) + settings.partition);
  }

  next(): MadeUpMessage {
    const { random, remembered, settings } = this;
    const chance = random.bits() / 2 ** 32;
    if (chance < settings.duplicateShare && remembered.length > 0) return { kind: 'again', ...random.pick(remembered) };
    const { key, text, truth } = this.event();
    if (chance > 1 - settings.badShare) return { kind: 'bad', key, ...spoil(text, random) };
    const value = Buffer.from(text);
    if (remembered.length < REMEMBERED) remembered.push({ key, value });
    else remembered[random.below(REMEMBERED)] = { key, value };
    return { kind: 'new', key, value, truth };
  }

  /** A message by the contract and the same as a line of tab-separated truth. */
  private event(): { key: string; text: string; truth: string } {
    const { random, settings } = this;
    const number = random.below(HOSTS / settings.partitions) * settings.partitions + settings.partition;
    const host = madeUpHost(number);
    const loaded = random.pick(this.drivers);
    const id = this.id();
    const occurredAt = settings.until - random.below(settings.spreadMs);
    const { driver, driverVersion, channel, version } = loaded;
    const image = random.chance(SHARE_IN_CAPITALS) ? driver.toUpperCase() : driver;
    const code = random.pick(loaded.stopCodes);
    const parameters = this.parameters(number % 3 === 0);
    const uptime = random.chance(SHARE_WITH_UPTIME) ? random.below(2_000_000) : undefined;
    const offset = random.chance(SHARE_WITH_FAULT_OFFSET) ? `0x${(mix(code) % 0x200000).toString(16)}` : undefined;
    const recent = random.chance(SHARE_WITH_RECENT_UPDATES) ? this.recent(occurredAt) : undefined;
    const text =
      `{"event_id":"${id}","occurred_at":"${iso(occurredAt)}","host_id":"${host.id}","org_id":"${host.org}",` +
      `"country":"${host.country}","os_build":"${host.osBuild}","bugcheck_code":${codeAsSent(code, number)},` +
      `"bugcheck_parameters":[${parameters.sent}],"driver":"${image}","driver_version":"${driverVersion}",` +
      `"update_channel":"${channel}","update_version":"${version}"` +
      (offset === undefined ? '' : `,"fault_offset":"${offset}"`) +
      (uptime === undefined ? '' : `,"uptime_seconds":${uptime}`) +
      (recent === undefined ? '}' : `,"recent_updates":[${recent.sent}]}`);
    const truth =
      `${id}\t${occurredAt}\t${host.id}\t${host.org}\t${host.country}\t${host.osBuild}\t${code}\t${parameters.truth}\t` +
      `${driver}\t${driverVersion}\t${channel}\t${version}\t${offset ?? ''}\t${uptime ?? '\\N'}\t${recent?.truth ?? '[]\t[]\t[]'}`;
    return { key: host.id, text, truth };
  }

  /** Unique by its end, random before it. */
  private id(): string {
    const [one, other] = [hex8(this.random.bits()), hex8(this.random.bits())];
    const end = (this.settings.partition * 2 ** 40 + this.count++).toString(16).padStart(12, '0');
    return `${one}-${other.slice(0, 4)}-4${other.slice(5)}-${end.slice(0, 4)}-${one.slice(0, 4)}${end.slice(4)}`;
  }

  /** An address, a small number, an access, and the code's address; a third of the agents write small ones as numbers. */
  private parameters(asNumbers: boolean): { sent: string; truth: string } {
    const { random } = this;
    const address = `ffff${hex8(random.bits())}${hex8(random.bits()).slice(4)}`;
    const code = `fffff8${hex8(random.bits())}${hex8(random.bits()).slice(6)}`;
    const [irql, access] = [random.below(16), random.below(2)];
    const small = (value: number) => (asNumbers ? String(value) : `"0x${value.toString(16)}"`);
    return {
      sent: `"0x${address}",${small(irql)},${small(access)},"0x${code}"`,
      truth: `['${address}','${irql.toString(16)}','${access}','${code}']`,
    };
  }

  private recent(before: number): { sent: string; truth: string } {
    const { channel, version } = this.random.pick(this.drivers) as LoadedDriver;
    const appliedAt = before - this.random.below(14 * 86_400_000);
    return {
      sent: `{"update_channel":"${channel}","update_version":"${version}","applied_at":"${iso(appliedAt)}"}`,
      truth: `['${channel}']\t['${version}']\t[${appliedAt}]`,
    };
  }
}

/** A number, short hexadecimal or eight digits: agents differ. */
function codeAsSent(code: number, host: number): string {
  if (host % 3 === 0) return String(code);
  return host % 3 === 1 ? `"0x${code.toString(16)}"` : `"0x${hex8(code)}"`;
}

const iso = (instant: number) => new Date(instant).toISOString();
