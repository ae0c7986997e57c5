import type { EvidenceBatch, HostApply } from '@ringwatch/detection';
import { signatureOf } from '@ringwatch/signature';
import type { Stop } from './crashes';
import type { Stratum } from './fleet';
import type { Plan } from './plan';
import type { Shipment } from './shipment';

export const TICK_MS = 1_000;
const DAY_MS = 86_400_000;
/** Hosts that join are counted minute by minute. */
const JOIN_STEP_MS = 60_000;

/** What the store would give the detector, tick by tick of arrival time. */
export class Arrivals {
  private readonly byTick = new Map<number, EvidenceBatch>();
  private readonly stops = new Map<number, Stop[]>();
  private readonly channels = new Set<string>();
  private events = 0;

  constructor(private readonly plan: Plan) {
    for (const shipment of [...plan.shipments].sort((a, b) => a.shippedAt - b.shippedAt)) {
      this.announce(shipment);
      this.tellEligible(shipment);
      if (shipment.shippedAt < plan.starts) this.take(shipment, shipment.shippedAt - shipment.stepMs, plan.starts);
    }
    for (const action of plan.actions ?? []) this.at(action.receivedAt).actions.push(action);
  }

  /** Adds what is caused in a span of time. */
  cause(from: number, until: number): void {
    for (const shipment of this.plan.shipments) this.take(shipment, from, until);
    for (const source of this.plan.crashes) for (const stop of source(from, until)) this.expect(stop);
  }

  /** Takes out what arrived before `until`, in order, each portion with the tick that decides on it. */
  *takeUntil(until: number): Generator<[tick: number, batch: EvidenceBatch]> {
    for (const [tick, stops] of [...this.stops].filter(([tick]) => tick <= until).sort(([a], [b]) => a - b)) {
      for (const stop of stops) this.crash(stop);
      this.stops.delete(tick);
    }
    const due = [...this.byTick.keys()].filter((tick) => tick <= until).sort((a, b) => a - b);
    for (const tick of due) {
      yield [tick, this.byTick.get(tick)!];
      this.byTick.delete(tick);
    }
  }

  /** Most stops of a large fleet are told after the run's end, and nobody has to know more of them. */
  private expect(stop: Stop): void {
    const tick = tickAfter(stop.toldAt);
    const known = this.stops.get(tick);
    if (known) known.push(stop);
    else this.stops.set(tick, [stop]);
  }

  private announce(shipment: Shipment): void {
    const { update, shippedAt, form } = shipment;
    const heard = { update, occurredAt: shippedAt, receivedAt: shippedAt };
    const batch = this.at(shippedAt);
    batch.updates.push(heard);
    if (form.announced !== false) batch.actions.push({ ...heard, action: 'shipped', driver: form.driver });
  }

  /** Hosts run a channel, however many versions are shipped on it. */
  private tellEligible(shipment: Shipment): void {
    const { channel } = shipment.update;
    if (this.channels.has(channel)) return;
    this.channels.add(channel);
    for (const stratum of shipment.fleet.strata) this.tellEligibleOf(stratum, shipment);
  }

  private tellEligibleOf({ osBuild, country, ...stratum }: Stratum, shipment: Shipment): void {
    const { channel } = shipment.update;
    const batch = this.at(shipment.shippedAt);
    const eligible = shipment.eligible({ osBuild, country, ...stratum });
    const long = shipment.shippedAt - DAY_MS;
    const known = Math.round(eligible * shipment.fleet.joinedShare(-Infinity));
    const counted = { channel, osBuild, country };
    if (known > 0) batch.eligible.push({ ...counted, hosts: known, occurredAt: long, receivedAt: long });
    const { joins } = shipment.fleet.form;
    let before = known;
    for (let at = joins?.from ?? Infinity; at <= (joins ? joins.from + joins.lasts : 0); at += JOIN_STEP_MS) {
      const now = Math.round(eligible * shipment.fleet.joinedShare(at));
      if (now > before) this.at(at).eligible.push({ ...counted, hosts: now - before, occurredAt: at, receivedAt: at });
      before = now;
    }
  }

  /** Hosts that take an update, counted step by step of its own grid. */
  private take(shipment: Shipment, from: number, until: number): void {
    const { stepMs, update } = shipment;
    if (until <= shipment.shippedAt - stepMs || from > shipment.endsAt()) return;
    const first = Math.ceil(Math.max(from, shipment.shippedAt - stepMs) / stepMs) * stepMs;
    for (const stratum of shipment.fleet.strata) {
      const { osBuild, country } = stratum;
      let before = shipment.takenBefore(stratum, first);
      for (let at = first; at < until; at += stepMs) {
        const taken = shipment.takenBefore(stratum, at + stepMs);
        const hosts = this.told(shipment, taken) - this.told(shipment, before);
        before = taken;
        if (hosts === 0) continue;
        const receivedAt = shipment.toldAt(at, stratum);
        this.at(receivedAt).applied.push({ update, osBuild, country, hosts, occurredAt: at, receivedAt });
      }
    }
  }

  private told({ form }: Shipment, hosts: number): number {
    return Math.round(hosts * (form.toldShare ?? 1));
  }

  private crash(stop: Stop): void {
    const { host, toldAt } = stop;
    const { osBuild, country } = host.stratum;
    const hostId = host.id;
    this.at(toldAt).crashes.push({
      eventId: stop.eventId ?? `c${this.events++}`,
      hostId,
      orgId: host.org,
      country,
      osBuild,
      stratumCountry: country,
      stratumOsBuild: osBuild,
      stopCode: stop.stopCode,
      signature: signatureOf({
        bugcheck_code: stop.stopCode,
        bugcheck_parameters: [0n, 0n, 0n, 0n],
        driver: stop.driver,
        fault_offset: null,
      }),
      driver: stop.driver,
      driverVersion: '7',
      channel: stop.channel ?? '',
      occurredAt: Math.floor(stop.saysAt ?? stop.at),
      receivedAt: Math.floor(toldAt),
    });
    if (stop.fakes) this.fake(stop.fakes, stop);
    else for (const shipment of this.plan.shipments) this.tellOf(shipment, stop);
  }

  private fake({ update }: Shipment, { host, at, toldAt }: Stop): void {
    const { osBuild, country } = host.stratum;
    const claimed = { update, occurredAt: at - 30_000, receivedAt: toldAt };
    this.at(toldAt).applied.push({ ...claimed, osBuild, country, hosts: 1 });
    this.at(toldAt).hostApplies.push({ ...claimed, hostId: host.id });
  }

  /** What is known of the crashed host and one update: does it run the channel, and did it take the update? */
  private tellOf(shipment: Shipment, { host, at, toldAt, saysAt = at }: Stop): void {
    if (!shipment.runsChannel(host)) return;
    const { channel } = shipment.update;
    const knownAt = Math.max(shipment.shippedAt - DAY_MS, shipment.fleet.joinedAt(host));
    this.at(toldAt).hostChannels.push({ hostId: host.id, channel, occurredAt: knownAt, receivedAt: knownAt });
    const appliedAt = shipment.appliedAt(host);
    if (appliedAt === undefined || appliedAt > Math.max(at, saysAt) || !shipment.isTold(host)) return;
    const told: HostApply = {
      hostId: host.id,
      update: shipment.update,
      occurredAt: appliedAt,
      receivedAt: shipment.toldAt(appliedAt, host.stratum),
    };
    this.at(Math.max(toldAt, told.receivedAt)).hostApplies.push(told);
  }

  private at(receivedAt: number): EvidenceBatch {
    const tick = tickAfter(receivedAt);
    let batch = this.byTick.get(tick);
    if (!batch) this.byTick.set(tick, (batch = emptyBatch()));
    return batch;
  }
}

function tickAfter(receivedAt: number): number {
  return (Math.floor(receivedAt / TICK_MS) + 1) * TICK_MS;
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
