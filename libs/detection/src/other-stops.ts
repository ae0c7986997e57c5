import { type StopKind, stopKind } from '@ringwatch/bugcheck';
import { type HostHistory, isWithin } from './concurrent/host-history';
import type { WatchedUpdate } from './watched-update';

const otherKinds = ['manual', 'live_dump', 'hardware'] as const satisfies readonly StopKind[];

/** How many hosts stopped in each of these ways; ways in which none did are left out. */
export type OtherStops = Array<{ kind: (typeof otherKinds)[number]; hosts: number }>;

/** Distinct hosts that stopped after they had applied an update, in a way that is no driver's fault, by kind. */
export function otherStopsOf(stopped: Iterable<HostHistory>, watched: WatchedUpdate): OtherStops {
  const hosts = { manual: 0, live_dump: 0, hardware: 0 };
  for (const host of stopped) {
    const appliedAt = host.appliedAt(watched.key);
    if (appliedAt === undefined) continue;
    const since = host.otherStops.filter((stop) => isWithin(stop, watched) && stop.occurredAt >= appliedAt);
    for (const kind of new Set(since.map(({ stopCode }) => stopKind(stopCode)))) if (kind !== 'crash') hosts[kind]++;
  }
  return otherKinds.flatMap((kind) => (hosts[kind] > 0 ? [{ kind, hosts: hosts[kind] }] : []));
}
