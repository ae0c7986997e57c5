import type { RandomSource } from '@ringwatch/fleet';
import { type Update, updateKey } from '@ringwatch/rollout';
import { Fleet, FleetHost, Order, Stratum } from './fleet';
import { shareOfHash } from './hash';
import { Shape, partOfTime } from './shape';

export interface Ring {
  /** Share of the hosts on the channel that have it when the ring is done. */
  until: number;
  at: number;
  lasts: number;
  shape: Shape;
}

export interface ShipmentForm {
  update: Update;
  driver: string;
  rings: readonly Ring[];
  /** Share of the fleet that runs the channel, 1 when left out. */
  channelShare?: number;
  /** Strata that the update is offered to, all when left out. */
  reaches?: (stratum: Stratum) => boolean;
  /** Hosts take it at multiples of so much time. */
  stepMs?: number;
  /** A share of the hosts takes it so long after they took another update, which runs on the whole fleet as this one does. */
  follows?: { shipment: Shipment; share: number; afterMs: number };
  /** From when on nobody takes it any more. */
  stopsAt?: number;
  /** When it is told of hosts that took it at `at`, 2 s later when left out, and of what share of them. */
  toldAt?: (at: number, stratum: Stratum) => number;
  toldShare?: number;
  announced?: boolean;
}

/** One update on its way through the fleet: every host has a place in its order, and the place gives the time. */
export class Shipment {
  readonly key: string;
  readonly shippedAt: number;
  readonly stepMs: number;
  private readonly onChannel: Order[];
  private readonly salt: number;

  constructor(
    readonly form: ShipmentForm,
    readonly fleet: Fleet,
    random: RandomSource,
  ) {
    this.key = updateKey(form.update);
    this.shippedAt = form.rings[0]!.at;
    this.stepMs = form.stepMs ?? 1_000;
    this.onChannel = fleet.strata.map(({ hosts }) => new Order(hosts, random));
    this.salt = random.bits();
  }

  get update(): Update {
    return this.form.update;
  }

  eligible(stratum: Stratum): number {
    return Math.round(stratum.hosts * (this.form.channelShare ?? 1));
  }

  runsChannel(host: FleetHost): boolean {
    return this.rankOf(host) < this.eligible(host.stratum);
  }

  appliedAt(host: FleetHost): number | undefined {
    const { follows } = this.form;
    const leader = follows && this.followsOthers(host, follows.share) ? follows.shipment.appliedAt(host) : undefined;
    const own = leader !== undefined ? leader + follows!.afterMs : this.timeOf(host.stratum, this.rankOf(host));
    const at = own === undefined ? undefined : Math.max(own, this.onGrid(this.fleet.joinedAt(host)));
    return at !== undefined && at < (this.form.stopsAt ?? Infinity) ? at : undefined;
  }

  /** Is it ever told that this host took the update? */
  isTold(host: FleetHost): boolean {
    const share = this.form.toldShare ?? 1;
    return share === 1 || shareOfHash(this.salt ^ 0x51ed, host.stratum.number, host.index) < share;
  }

  /** Hosts of a stratum that took it before this time. */
  takenBefore(stratum: Stratum, time: number): number {
    const until = Math.min(time, this.form.stopsAt ?? Infinity);
    const own = this.placesBefore(stratum, until);
    const { follows } = this.form;
    if (!follows) return Math.round(own * this.fleet.joinedShare(until));
    const led = follows.shipment.takenBefore(stratum, until - follows.afterMs);
    return Math.round(follows.share * led + (1 - follows.share) * own);
  }

  /** The host at a place of the order. */
  hostAt(stratum: Stratum, place: number): FleetHost {
    return this.fleet.host(stratum, this.onChannel[stratum.number]!.indexAt(place));
  }

  /** When everybody who will take it has. */
  endsAt(): number {
    const last = this.form.rings.at(-1)!;
    const joins = this.fleet.form.joins;
    const done = Math.max(last.at + last.lasts, joins ? joins.from + joins.lasts : 0);
    return Math.min(done + this.stepMs + Math.abs(this.form.follows?.afterMs ?? 0), this.form.stopsAt ?? Infinity);
  }

  toldAt(at: number, stratum: Stratum): number {
    return this.form.toldAt?.(at, stratum) ?? at + 2_000;
  }

  private followsOthers(host: FleetHost, share: number): boolean {
    return shareOfHash(this.salt, host.stratum.number, host.index) < share;
  }

  private rankOf({ stratum, index }: FleetHost): number {
    return this.onChannel[stratum.number]!.rankOf(index);
  }

  private timeOf(stratum: Stratum, rank: number): number | undefined {
    if (this.form.reaches && !this.form.reaches(stratum)) return undefined;
    const place = (rank + 0.5) / this.eligible(stratum);
    let before = 0;
    for (const { until, at, lasts, shape } of this.form.rings) {
      if (place < until) {
        const time = at + lasts * partOfTime(shape, (place - before) / (until - before));
        return this.onGrid(time);
      }
      before = until;
    }
    return undefined;
  }

  private onGrid(time: number): number {
    return Math.floor(time / this.stepMs) * this.stepMs;
  }

  private placesBefore(stratum: Stratum, time: number): number {
    let low = 0;
    let high = this.eligible(stratum);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timeOf(stratum, middle) ?? Infinity) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
