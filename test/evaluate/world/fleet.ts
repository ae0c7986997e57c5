import type { RandomSource } from '@ringwatch/fleet';
import { mixed, shareOfHash } from './hash';

/** Hosts of one OS build in one country; hosts are told apart by their index in it. */
export interface Stratum {
  number: number;
  osBuild: string;
  country: string;
  hosts: number;
}

/** One host of a fleet that is never written down: everything about it follows from its stratum and index. */
export interface FleetHost {
  id: string;
  org: string;
  stratum: Stratum;
  index: number;
}

export interface FleetForm {
  hosts: number;
  /** Share of the hosts that have each OS build, and that are in each country. */
  osBuilds?: Readonly<Record<string, number>>;
  countries?: Readonly<Record<string, number>>;
  /** Organisation k has a share of 1/k^skew. */
  orgs?: number;
  orgSkew?: number;
  /** A share of the hosts joins one after another, and is heard of only then. */
  joins?: { share: number; from: number; lasts: number };
}

const threeBuilds = { '10.0.22631': 0.5, '10.0.22621': 0.3, '10.0.19045': 0.2 };
const twoCountries = { US: 0.6, DE: 0.4 };

const ROUNDS = 4;

/** A fleet of any size at no cost: 8.5 million hosts are as cheap as 2,000, since only those that crash are ever looked at. */
export class Fleet {
  readonly strata: Stratum[];
  readonly hosts: number;
  private readonly orgEnds: number[] = [];
  private readonly salt: number;

  constructor(
    readonly form: FleetForm,
    random: RandomSource,
  ) {
    this.strata = strataOf(form);
    this.hosts = this.strata.reduce((sum, { hosts }) => sum + hosts, 0);
    this.salt = random.bits();
    let sum = 0;
    for (let org = 1; org <= (form.orgs ?? 20); org++) this.orgEnds.push((sum += org ** -(form.orgSkew ?? 1)));
  }

  host(stratum: Stratum, index: number): FleetHost {
    const point = shareOfHash(this.salt, stratum.number, index) * this.orgEnds.at(-1)!;
    const org = this.orgEnds.findIndex((end) => point < end);
    return { id: `${stratum.number}-${index}`, org: `org-${org + 1}`, stratum, index };
  }

  /** One host, each with the same chance. */
  draw(random: RandomSource): FleetHost {
    let index = random.below(this.hosts);
    let stratum = 0;
    while (index >= this.strata[stratum]!.hosts) index -= this.strata[stratum++]!.hosts;
    return this.host(this.strata[stratum]!, index);
  }

  /** One host of an organisation; for small organisations of large fleets this takes a few hundred draws. */
  drawOf(org: string, random: RandomSource): FleetHost {
    for (;;) {
      const host = this.draw(random);
      if (host.org === org) return host;
    }
  }

  /** When a host joined the fleet; long ago for most. */
  joinedAt({ stratum, index }: FleetHost): number {
    const { joins } = this.form;
    if (!joins) return -Infinity;
    const place = shareOfHash(this.salt ^ 0x10175, stratum.number, index) / joins.share;
    return place < 1 ? joins.from + place * joins.lasts : -Infinity;
  }

  /** The share of the hosts that had joined by a time. */
  joinedShare(time: number): number {
    const { joins } = this.form;
    if (!joins) return 1;
    return 1 - joins.share * (1 - Math.min(1, Math.max(0, (time - joins.from) / joins.lasts)));
  }

  /** The share of all hosts that belongs to organisation number k (from 1). */
  shareOfOrg(k: number): number {
    return (this.orgEnds[k - 1]! - (this.orgEnds[k - 2] ?? 0)) / this.orgEnds.at(-1)!;
  }
}

function strataOf({ hosts, osBuilds = threeBuilds, countries = twoCountries }: FleetForm): Stratum[] {
  const strata: Stratum[] = [];
  for (const [osBuild, buildShare] of Object.entries(osBuilds)) {
    for (const [country, countryShare] of Object.entries(countries)) {
      const share = buildShare * countryShare;
      strata.push({ number: strata.length, osBuild, country, hosts: Math.round(hosts * share) });
    }
  }
  return strata;
}

/**
 * A mixing order of 0..size-1 that can be asked both ways without being written down: a Feistel network on the next power of
 * four, walked until it lands within the size. (Multiplying modulo the size is simpler and wrong: the hosts that take two
 * updates first then lie on a lattice, and innocent updates look guilty.)
 */
export class Order {
  private readonly halfBits: number;
  private readonly keys: number[];

  constructor(
    readonly size: number,
    random: RandomSource,
  ) {
    this.halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
    this.keys = Array.from({ length: ROUNDS }, () => random.bits());
  }

  rankOf(index: number): number {
    let value = index % this.size;
    do value = this.forward(value);
    while (value >= this.size);
    return value;
  }

  indexAt(rank: number): number {
    let value = rank;
    do value = this.backward(value);
    while (value >= this.size);
    return value;
  }

  private forward(value: number): number {
    let [left, right] = this.split(value);
    for (const key of this.keys) [left, right] = [right, left ^ this.round(right, key)];
    return this.join(left, right);
  }

  private backward(value: number): number {
    let [left, right] = this.split(value);
    for (let round = ROUNDS - 1; round >= 0; round--) {
      [left, right] = [right ^ this.round(left, this.keys[round]!), left];
    }
    return this.join(left, right);
  }

  private split(value: number): [number, number] {
    return [value >>> this.halfBits, value & (2 ** this.halfBits - 1)];
  }

  private join(left: number, right: number): number {
    return left * 2 ** this.halfBits + right;
  }

  private round(half: number, key: number): number {
    return mixed(half ^ key) & (2 ** this.halfBits - 1);
  }
}
