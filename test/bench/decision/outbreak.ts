import type { Producer } from 'kafkajs';

/** Hosts that run the channel of one outbreak, how many of them take its bad update, and how many crash at once. */
const HOSTS = 1_500;
const TAKERS = 75;
const CRASHING = 30;
const ORGS = 40;
const countries = ['US', 'DE', 'JP', 'BR', 'ZA', 'AU'];
const builds = ['10.0.22631.3880', '10.0.19045.4651', '10.0.26100.1150'];
const BEATS_AT_ONCE = 500;

/** A small July 2024: an update of a channel of its own that makes hosts crash which took it. */
export class Outbreak {
  readonly channel: string;
  private readonly driver: string;

  constructor(private readonly number: number) {
    this.channel = `outbreak-${number}`;
    this.driver = `outbreak${number}.sys`;
  }

  /** Lets all hosts of the channel be known. */
  async introduce(producer: Producer): Promise<void> {
    for (let first = 0; first < HOSTS; first += BEATS_AT_ONCE) {
      const hosts = Array.from({ length: Math.min(BEATS_AT_ONCE, HOSTS - first) }, (_, index) => first + index);
      await this.send(producer, 'heartbeats', hosts, () => ({
        booted_at: iso(Date.now() - 86_400_000),
        updates: [{ update_channel: this.channel, update_version: '1' }],
      }));
    }
  }

  /** Ships the update, and a twentieth of the hosts take it. */
  async ship(producer: Producer): Promise<void> {
    const release = { update_channel: this.channel, update_version: '2' };
    const shipped = {
      ...release,
      event_id: `${this.channel}-shipped`,
      occurred_at: iso(Date.now()),
      action: 'shipped',
    };
    await producer.send({
      topic: 'updates',
      messages: [{ key: this.channel, value: JSON.stringify({ ...shipped, driver: this.driver }) }],
    });
    await this.send(producer, 'installs', this.takers(TAKERS), (host) => ({
      ...release,
      event_id: `${this.channel}-took-${host}`,
      outcome: 'applied',
    }));
  }

  /** Hosts crash that took it, all in one request. Gives when the broker had acknowledged the last of them (ms since 1970). */
  async crash(producer: Producer): Promise<number> {
    await this.send(producer, 'bugchecks', this.takers(CRASHING), (host) => ({
      event_id: `${this.channel}-crash-${host}`,
      bugcheck_code: '0x50',
      bugcheck_parameters: ['0xffffc00000000001', '0x0', '0xfffff80000001234', '0x2'],
      driver: this.driver,
      driver_version: '2.0',
      update_channel: this.channel,
      update_version: '2',
    }));
    return now();
  }

  private takers(count: number): number[] {
    return Array.from({ length: count }, (_, index) => index * (HOSTS / TAKERS));
  }

  private async send(
    producer: Producer,
    topic: string,
    hosts: readonly number[],
    more: (host: number) => object,
  ): Promise<void> {
    const messages = hosts.map((host) => {
      const host_id = `${this.channel}-host-${host}`;
      // Takers are every twentieth: they have to be of all organisations and countries.
      const turn = Math.floor(host / (HOSTS / TAKERS)) + (host % (HOSTS / TAKERS));
      const told = {
        occurred_at: iso(Date.now()),
        host_id,
        org_id: `org-${turn % ORGS}`,
        country: countries[turn % countries.length],
        os_build: builds[this.number % builds.length],
        ...more(host),
      };
      return { key: host_id, value: JSON.stringify(told) };
    });
    await producer.send({ topic, messages, acks: 1 });
  }
}

/** Now, in ms since 1970, to a fraction. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

const iso = (instant: number) => new Date(instant).toISOString();
