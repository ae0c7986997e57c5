import { START } from '../made-up.fixture';
import type { HostSigns, SampledEvidence } from './signs';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface Told {
  hostId: string;
  kind: 'beat' | 'install' | 'stop';
  at: number;
  told: number;
}

export interface MadeUpLife {
  id: string;
  org: string;
  country: string;
  osBuild: string;
  channels: string[];
}

/** Signs of life as a sample's hosts give them; times are milliseconds after `START`. */
export class MadeUpLives {
  private readonly hosts = new Map<string, MadeUpLife>();
  private readonly told: Told[] = [];
  private readonly applied: Array<{ hostId: string; updateKey: string; at: number; told: number }> = [];

  host(more: Partial<MadeUpLife> = {}): MadeUpLife {
    const number = this.hosts.size;
    const id = `host-${String(number).padStart(4, '0')}`;
    const host = { id, org: `org-${number % 5}`, country: 'DE', osBuild: 'b', channels: ['content'], ...more };
    this.hosts.set(host.id, host);
    return host;
  }

  /** Heartbeats of one pace from one time on and before another, told at once. */
  beats({ id }: MadeUpLife, pace: number, from: number, until: number): this {
    for (let at = from; at < until; at += pace) this.beat(id, at);
    return this;
  }

  beat(hostId: string, at: number, told = at): this {
    this.told.push({ hostId, kind: 'beat', at, told });
    return this;
  }

  stops({ id }: MadeUpLife, at: number, told = at): this {
    this.told.push({ hostId: id, kind: 'stop', at, told });
    return this;
  }

  applies({ id }: MadeUpLife, updateKey: string, at: number, told = at): this {
    this.told.push({ hostId: id, kind: 'install', at, told });
    this.applied.push({ hostId: id, updateKey, at, told });
    return this;
  }

  /** Everything that was told, delivered again so much later. */
  again(later: (row: number) => number): this {
    this.told.push(...this.told.map((row, index) => ({ ...row, told: row.told + later(index) })));
    return this;
  }

  /** Minute by minute: what arrived in each, as the store would give it. */
  minutes(from: number, until: number): Array<{ evidence: SampledEvidence; now: number }> {
    const firstSign = new Map<string, number>();
    for (const { hostId, told } of this.told) {
      firstSign.set(hostId, Math.min(firstSign.get(hostId) ?? Infinity, told));
    }
    const byMinute = groupBy(this.told, minuteOf);
    const appliedIn = groupBy(this.applied, minuteOf);
    const channelsIn = groupBy(
      [...firstSign].map(([hostId, told]) => ({ hostId, told })),
      minuteOf,
    );
    return Array.from({ length: Math.floor((until - from) / MINUTE) }, (_, index) => {
      const start = from + index * MINUTE;
      const signs = this.signsOf(byMinute.get(start) ?? [], start);
      const applies = (appliedIn.get(start) ?? []).map(({ hostId, updateKey, at, told }) => {
        return { hostId, level: 0, updateKey, receivedAt: START + told, occurredAt: START + at };
      });
      const channels = (channelsIn.get(start) ?? []).flatMap(({ hostId, told }) =>
        this.hosts.get(hostId)!.channels.map((channel) => ({ hostId, level: 0, channel, receivedAt: START + told })),
      );
      return { evidence: { signs, applies, channels }, now: START + start + MINUTE };
    });
  }

  private signsOf(told: readonly Told[], start: number): HostSigns[] {
    return [...groupBy(told, ({ hostId }) => hostId)].map(([hostId, rows]) => {
      const { org, country, osBuild } = this.hosts.get(hostId)!;
      const of = (kind: Told['kind']) => rows.filter((row) => row.kind === kind);
      const last = (kind: Told['kind']) =>
        of(kind).reduce<number | null>((most, { at }) => Math.max(most ?? -Infinity, START + at), null);
      const delays = of('beat').map(({ at, told }) => told - at);
      return {
        hostId,
        orgId: org,
        country,
        osBuild,
        level: levelOf(hostId),
        receivedAt: START + start,
        beats: [...new Set(of('beat').map(({ at }) => START + at))].sort((a, b) => a - b),
        leastDelayMs: delays.length > 0 ? Math.min(...delays) : null,
        installedAt: last('install'),
        stoppedAt: last('stop'),
      };
    });
  }
}

/** As deep into the sample as the number in its name has zeros at its binary end. */
export function levelOf(hostId: string): number {
  const number = Number(hostId.replace(/\D/g, ''));
  return number === 0 ? 31 : Math.log2(number & -number);
}

function minuteOf({ told }: { told: number }): number {
  return Math.floor(told / MINUTE) * MINUTE;
}

function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? [];
    groups.set(keyOf(row), group);
    group.push(row);
  }
  return groups;
}
