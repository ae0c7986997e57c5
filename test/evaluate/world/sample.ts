import type { RandomSource } from '@ringwatch/fleet';
import type { Crash, HostSigns, SampledEvidence } from '@ringwatch/detection';
import { Delay, drawDelay } from './delay';
import type { Fleet, FleetHost } from './fleet';
import type { Shipment } from './shipment';

const MINUTE_MS = 60_000;
/** The detector follows at most so many hosts; of a larger fleet one in 2^level. */
const MOST_SAMPLED = 32_768;

/** How often hosts beat; who beats less often than every ten minutes is left out of these short runs. */
const paces = [
  { everyMs: 30_000, share: 0.05 },
  { everyMs: 60_000, share: 0.16 },
  { everyMs: 300_000, share: 0.45 },
  { everyMs: 600_000, share: 0.34 },
];

export interface SilencedBy {
  shipment: Shipment;
  /** Chance that a host which takes the update never gives a sign of life again, and how long after it. */
  probability: number;
  after: Delay;
}

interface Member {
  host: FleetHost;
  everyMs: number;
  nextBeat: number;
  silentFrom: number;
  /** What it told in the minute that is asked for. */
  installedAt: number | null;
  stoppedAt: number | null;
}

/** What else is told of hosts in a minute: their installs and their crashes are signs of life too. */
interface Told {
  applies: SampledEvidence['applies'];
  channels: SampledEvidence['channels'];
  installedAt: Map<Member, number>;
  stoppedAt: Map<Member, number>;
}

/** A heartbeat arrives so long after it was sent. */
export const BEAT_DELAY_MS = 300;

/**
 * The hosts of a fleet that the detector follows by their signs of life, minute by minute of arrival time: each host once, as
 * the store has them, and all where the fleet is small enough.
 */
export class SampledHosts {
  readonly level: number;
  private readonly members: Member[];
  private readonly byId = new Map<string, Member>();
  private readonly toldIn = new Map<number, Told>();

  constructor(
    fleet: Fleet,
    readonly starts: number,
    random: RandomSource,
    silenced?: SilencedBy,
  ) {
    this.level = Math.max(0, Math.ceil(Math.log2(fleet.hosts / MOST_SAMPLED)));
    this.members = drawHosts(fleet, Math.round(fleet.hosts / 2 ** this.level), random).map((host): Member => {
      const everyMs = paceOf(random.uniform());
      const appliedAt = silenced?.shipment.appliedAt(host);
      const isHit = appliedAt !== undefined && random.chance(silenced!.probability);
      const silentFrom = isHit ? appliedAt + drawDelay(silenced!.after, random) : Infinity;
      const nextBeat = starts + random.uniform() * everyMs;
      return { host, everyMs, nextBeat, silentFrom, installedAt: null, stoppedAt: null };
    });
    for (const member of this.members) this.byId.set(member.host.id, member);
  }

  /** Tells what its hosts run and take; asked once, before the first minute. */
  follow(shipments: readonly Shipment[]): void {
    for (const member of this.members) {
      const heardAt = minuteOf(member.nextBeat + BEAT_DELAY_MS);
      const running = shipments.filter((shipment) => shipment.runsChannel(member.host));
      const channels = new Set(running.map(({ update }) => update.channel));
      const { id: hostId } = member.host;
      for (const channel of channels)
        this.told(heardAt).channels.push({ hostId, level: this.level, channel, receivedAt: heardAt });
      for (const shipment of running) this.planApply(member, shipment, heardAt);
    }
  }

  /** Crashes of its hosts, as they arrive. */
  hear(crashes: readonly Crash[]): void {
    for (const { hostId, receivedAt, occurredAt } of crashes) {
      const member = this.byId.get(hostId);
      if (member) setLatest(this.told(minuteOf(receivedAt)).stoppedAt, member, occurredAt);
    }
  }

  /** What arrived in the minute from this instant on. */
  minute(from: number): SampledEvidence {
    const { channels, applies, installedAt, stoppedAt } = this.told(from);
    this.toldIn.delete(from);
    for (const [member, at] of installedAt) member.installedAt = at;
    for (const [member, at] of stoppedAt) member.stoppedAt = at;
    const until = from + MINUTE_MS - BEAT_DELAY_MS;
    const signs: HostSigns[] = [];
    for (const member of this.members) {
      if (member.nextBeat >= until && member.installedAt === null && member.stoppedAt === null) continue;
      const beats = beatsUntil(member, until);
      if (beats.length > 0 || member.installedAt !== null || member.stoppedAt !== null)
        signs.push(this.signsOf(member, from, beats));
      member.installedAt = member.stoppedAt = null;
    }
    return { signs, channels, applies };
  }

  private signsOf({ host, installedAt, stoppedAt }: Member, receivedAt: number, beats: number[]): HostSigns {
    const { osBuild, country } = host.stratum;
    // Arrival is known by the second.
    const delays = beats.map((at) => Math.floor((at + BEAT_DELAY_MS) / 1_000) * 1_000 - at);
    const leastDelayMs = beats.length > 0 ? Math.min(...delays) : null;
    const { id: hostId, org: orgId } = host;
    const { level } = this;
    return { hostId, orgId, country, osBuild, level, receivedAt, beats, leastDelayMs, installedAt, stoppedAt };
  }

  private planApply(member: Member, shipment: Shipment, heardAt: number): void {
    const { host } = member;
    const occurredAt = shipment.appliedAt(host);
    if (occurredAt === undefined || !shipment.isTold(host)) return;
    const toldAt = minuteOf(shipment.toldAt(occurredAt, host.stratum));
    const receivedAt = Math.max(heardAt, toldAt);
    const apply = { hostId: host.id, level: this.level, updateKey: shipment.key, receivedAt, occurredAt };
    this.told(receivedAt).applies.push(apply);
    setLatest(this.told(receivedAt).installedAt, member, occurredAt);
  }

  private told(minute: number): Told {
    let told = this.toldIn.get(minute);
    if (!told)
      this.toldIn.set(minute, (told = { applies: [], channels: [], installedAt: new Map(), stoppedAt: new Map() }));
    return told;
  }
}

/** So many different hosts, each with the same chance. */
function drawHosts(fleet: Fleet, count: number, random: RandomSource): FleetHost[] {
  if (count >= fleet.hosts)
    return fleet.strata.flatMap((stratum) =>
      Array.from({ length: stratum.hosts }, (_, index) => fleet.host(stratum, index)),
    );
  const drawn = new Map<string, FleetHost>();
  while (drawn.size < count) {
    const host = fleet.draw(random);
    drawn.set(host.id, host);
  }
  return [...drawn.values()];
}

function beatsUntil(member: Member, until: number): number[] {
  const beats: number[] = [];
  for (; member.nextBeat < until; member.nextBeat += member.everyMs)
    if (member.nextBeat < member.silentFrom) beats.push(Math.floor(member.nextBeat));
  return beats;
}

function minuteOf(instant: number): number {
  return Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

function setLatest(latest: Map<Member, number>, member: Member, at: number): void {
  latest.set(member, Math.max(latest.get(member) ?? -Infinity, at));
}

function paceOf(place: number): number {
  let rest = place;
  return paces.find(({ share }) => (rest -= share) < 0)?.everyMs ?? paces.at(-1)!.everyMs;
}
