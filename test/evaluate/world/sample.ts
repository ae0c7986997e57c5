import type { RandomSource } from '@ringwatch/fleet';
import type { HostSigns, SampledEvidence } from '@ringwatch/detection';
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
  /** The minute in which the host is first heard of: of an unknown host nothing else is taken in. */
  heardAt: number;
  silentFrom: number;
}

/** The hosts of a fleet that the detector follows by their signs of life, minute by minute of arrival time. */
export class SampledHosts {
  readonly level: number;
  private readonly members: Member[];
  private readonly minuteOfApply = new Map<number, SampledEvidence['applies']>();

  constructor(
    fleet: Fleet,
    private readonly shipments: readonly Shipment[],
    readonly starts: number,
    random: RandomSource,
    silenced?: SilencedBy,
  ) {
    this.level = Math.max(0, Math.ceil(Math.log2(fleet.hosts / MOST_SAMPLED)));
    this.members = Array.from({ length: Math.round(fleet.hosts / 2 ** this.level) }, (): Member => {
      const host = fleet.draw(random);
      const everyMs = paceOf(random.uniform());
      const appliedAt = silenced?.shipment.appliedAt(host);
      const isHit = appliedAt !== undefined && random.chance(silenced!.probability);
      const silentFrom = isHit ? appliedAt + drawDelay(silenced!.after, random) : Infinity;
      const nextBeat = starts + random.uniform() * everyMs;
      return { host, everyMs, nextBeat, heardAt: Math.floor(nextBeat / MINUTE_MS) * MINUTE_MS, silentFrom };
    });
    for (const member of this.members) this.planApplies(member);
  }

  /** What arrived in the minute from this instant on. */
  minute(from: number): SampledEvidence {
    const signs: HostSigns[] = [];
    for (const member of this.members) {
      const beats: number[] = [];
      for (; member.nextBeat < from + MINUTE_MS; member.nextBeat += member.everyMs) {
        if (member.nextBeat < member.silentFrom) beats.push(Math.floor(member.nextBeat));
      }
      if (beats.length > 0) signs.push(this.signsOf(member.host, from, beats));
    }
    const channels = this.members
      .filter(({ heardAt }) => heardAt === from)
      .flatMap(({ host }) => this.channelsOf(host, from));
    return { signs, channels, applies: this.minuteOfApply.get(from) ?? [] };
  }

  private signsOf(host: FleetHost, receivedAt: number, beats: number[]): HostSigns {
    const { osBuild, country } = host.stratum;
    const nothing = { installedAt: null, stoppedAt: null };
    return {
      hostId: host.id,
      orgId: host.org,
      country,
      osBuild,
      level: this.level,
      receivedAt,
      beats,
      leastDelayMs: 300,
      ...nothing,
    };
  }

  private channelsOf(host: FleetHost, receivedAt: number): SampledEvidence['channels'] {
    return this.shipments
      .filter((shipment) => shipment.runsChannel(host))
      .map(({ update }) => ({ hostId: host.id, level: this.level, channel: update.channel, receivedAt }));
  }

  private planApplies({ host, heardAt }: Member): void {
    for (const shipment of this.shipments) {
      const appliedAt = shipment.runsChannel(host) ? shipment.appliedAt(host) : undefined;
      if (appliedAt === undefined) continue;
      const told = Math.max(heardAt, Math.floor(shipment.toldAt(appliedAt, host.stratum) / MINUTE_MS) * MINUTE_MS);
      const applies = this.minuteOfApply.get(told) ?? [];
      this.minuteOfApply.set(told, applies);
      applies.push({
        hostId: host.id,
        level: this.level,
        updateKey: shipment.key,
        receivedAt: told,
        occurredAt: appliedAt,
      });
    }
  }
}

function paceOf(place: number): number {
  let rest = place;
  return paces.find(({ share }) => (rest -= share) < 0)?.everyMs ?? paces.at(-1)!.everyMs;
}
