import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SLICE_MS } from '../suite/play-out';
import type { Stop } from '../world/crashes';
import type { FleetHost } from '../world/fleet';
import { BEAT_DELAY_MS } from '../world/sample';
import type { Plan } from '../world/plan';
import type { Shipment } from '../world/shipment';

type Topic = 'bugchecks' | 'updates' | 'installs' | 'heartbeats';
type Line = { receivedAt: number; event: object };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** What a host runs on a channel before the run ships anything there. */
const VERSION_BEFORE = 'before';

/**
 * Writes down, as files that `ringwatch backtest` takes, what the hosts of a plan would have sent until a moment: each
 * host a heartbeat with its channels, each install, each crash. Only for fleets of a few thousand hosts.
 */
export function recordPlan(plan: Plan, until: number, folder: string): void {
  const lines: Record<Topic, Line[]> = { bugchecks: [], updates: [], installs: [], heartbeats: [] };
  const add = (topic: Topic, receivedAt: number, event: object) => {
    if (receivedAt < until) lines[topic].push({ receivedAt: Math.floor(receivedAt), event });
  };
  new Recorder(plan, until, add).record();
  for (const [topic, ofTopic] of Object.entries(lines)) {
    ofTopic.sort((a, b) => a.receivedAt - b.receivedAt);
    const text = ofTopic.map(
      ({ receivedAt, event }) => `${JSON.stringify({ ...event, received_at: instant(receivedAt) })}\n`,
    );
    writeFileSync(join(folder, `${topic}.jsonl`), text.join(''));
  }
}

class Recorder {
  private events = 0;

  constructor(
    private readonly plan: Plan,
    private readonly until: number,
    private readonly add: (topic: Topic, receivedAt: number, event: object) => void,
  ) {}

  record(): void {
    for (const shipment of this.plan.shipments) this.ship(shipment);
    for (const { update, action, driver, contentSha256, ...when } of this.plan.actions ?? []) {
      const content = contentSha256 === undefined ? {} : { content_sha256: contentSha256 };
      this.add('updates', when.receivedAt, {
        ...this.head(when.occurredAt),
        action,
        ...named(update),
        driver,
        ...content,
      });
    }
    this.beatOnce(this.plan.sample ? this.beat(this.plan.sample) : new Set());
    for (const source of this.plan.crashes)
      // What is drawn hangs on the spans in which it is asked for.
      for (let from = this.plan.starts; from < this.until; from += SLICE_MS)
        for (const stop of source(from, from + SLICE_MS)) this.stop(stop);
  }

  private ship(shipment: Shipment): void {
    const { form, shippedAt, update, fleet } = shipment;
    if (form.announced !== false)
      this.add('updates', shippedAt, {
        ...this.head(shippedAt),
        action: 'shipped',
        ...named(update),
        driver: form.driver,
      });
    for (const stratum of fleet.strata)
      for (let place = 0; place < shipment.eligible(stratum); place++) {
        const host = shipment.hostAt(stratum, place);
        const appliedAt = shipment.appliedAt(host);
        if (appliedAt !== undefined && shipment.isTold(host))
          this.install(shipment, host, appliedAt, shipment.toldAt(appliedAt, stratum));
      }
  }

  private install({ update, form }: Shipment, host: FleetHost, at: number, toldAt: number): void {
    this.add('installs', toldAt, {
      ...this.head(at),
      ...hostFields(host),
      ...named(update),
      outcome: 'applied',
      driver: form.driver,
    });
  }

  /** Each host that does not beat at its own pace once, long before anything is shipped, with the channels that it runs. */
  private beatOnce(beating: ReadonlySet<string>): void {
    const { fleet, shipments, starts } = this.plan;
    const first = Math.min(starts, ...shipments.map(({ shippedAt }) => shippedAt)) - DAY_MS;
    for (const stratum of fleet.strata)
      for (let index = 0; index < stratum.hosts; index++) {
        const host = fleet.host(stratum, index);
        if (beating.has(host.id)) continue;
        const at = Math.max(first, fleet.joinedAt(host));
        this.add('heartbeats', at, this.heartbeat(host, at));
      }
  }

  /** The beats of hosts that are followed by them; returns who these are. */
  private beat(sample: NonNullable<Plan['sample']>): Set<string> {
    const beating = new Set<string>();
    const hosts = new Map<string, FleetHost>();
    const { fleet } = this.plan;
    for (const stratum of fleet.strata)
      for (let index = 0; index < stratum.hosts; index++) {
        const host = fleet.host(stratum, index);
        hosts.set(host.id, host);
      }
    for (let from = sample.starts; from < this.until; from += MINUTE_MS)
      for (const { hostId, beats } of sample.minute(from).signs) {
        beating.add(hostId);
        for (const at of beats) this.add('heartbeats', at + BEAT_DELAY_MS, this.heartbeat(hosts.get(hostId)!, at));
      }
    return beating;
  }

  private heartbeat(host: FleetHost, at: number): object {
    const updates = this.plan.shipments
      .filter((shipment) => shipment.runsChannel(host))
      .map(({ update }) => ({ update_channel: update.channel, update_version: VERSION_BEFORE }));
    // More than one update of a channel may be under way.
    const once = [...new Map(updates.map((each) => [each.update_channel, each])).values()];
    return {
      occurred_at: instant(at),
      ...hostFields(host),
      booted_at: instant(at - DAY_MS),
      updates: once.slice(0, 32),
    };
  }

  private stop(stop: Stop): void {
    const { host, at, toldAt, saysAt = at, driver, stopCode, channel = '', eventId, fakes } = stop;
    this.add('bugchecks', toldAt, {
      ...this.head(saysAt),
      ...(eventId === undefined ? {} : { event_id: eventId }),
      ...hostFields(host),
      bugcheck_code: stopCode,
      bugcheck_parameters: [0, 0, 0, 0],
      driver,
      driver_version: '7',
      update_channel: channel,
      update_version: '',
    });
    if (fakes) this.install(fakes, host, at - 30_000, toldAt);
  }

  private head(occurredAt: number): { event_id: string; occurred_at: string } {
    return { event_id: `e${this.events++}`, occurred_at: instant(occurredAt) };
  }
}

function hostFields({ id, org, stratum }: FleetHost) {
  return { host_id: id, org_id: org, country: stratum.country, os_build: stratum.osBuild };
}

function named({ channel, version }: { channel: string; version: string }) {
  return { update_channel: channel, update_version: version };
}

function instant(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}
