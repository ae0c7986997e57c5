import type { DriverKind } from './catalogue';
import type { Rollout } from './rollout';

/** A version that a host runs on a channel. */
export interface RunningVersion {
  version: string;
  appliedAtMs: number;
  /** When the vendor shipped it: a host never goes back to an older one by itself. -Infinity when before the scenario. */
  shippedAtMs: number;
  previous?: string;
}

/** Times of day (local, ms) between which an office's host is switched on; weekends are off for most. */
export interface OfficeHours {
  opensMs: number;
  closesMs: number;
  worksWeekends: boolean;
}

/** A bad update at work on one host, from applying it until the update is gone. */
export interface Affliction {
  rollout: Rollout;
  /** Whether this victim gets to send its bugchecks at all; one that does not falls silent at its first stop. */
  reports: boolean;
  crashes: number;
}

/** `on`: beats. `off`: switched off by a person. `rebooting`: on its way up. `stuck`: down until somebody comes. */
export type HostState = 'on' | 'off' | 'rebooting' | 'stuck';

/** One simulated Windows machine. Times are milliseconds since 1970 in the scenario's own, true time. */
export interface Host {
  index: number;
  hostId: string;
  orgId: string;
  country: string;
  osBuild: string;
  utcOffsetMs: number;
  /** Its clock minus the true time. */
  skewMs: number;
  paceMs: number;
  /** Weight among hosts for background bugchecks, 1 on average: some hosts are simply worse than others. */
  fragility: number;
  devices: readonly DriverKind[];
  running: Map<string, RunningVersion>;
  office: OfficeHours | undefined;
  state: HostState;
  /** Counts boots and stops, so that what was planned for an earlier life is dropped. */
  life: number;
  bootedAtMs: number;
  affliction: Affliction | undefined;
  /** Updates to take once it is on again, and those it takes only when it is shut down. */
  whenOn: Rollout[];
  atShutdown: Rollout[];
  recent: { channel: string; version: string; appliedAtMs: number }[];
  /** What it runs in wire form, kept until something changes: most heartbeats say the same. */
  runningList: { update_channel: string; update_version: string }[] | undefined;
}

/** True while a boot loop keeps the host from doing anything but crashing. */
export function isLooping(host: Host): boolean {
  return (
    host.affliction !== undefined &&
    host.affliction.crashes > 0 &&
    host.affliction.rollout.update.crash?.again === 'boot_loop'
  );
}

/** Version of a driver on a host: that of its own channel, else the one that came with Windows. */
export function driverVersion(host: Host, driver: DriverKind): string {
  return host.running.get(`driver:${driver.image}`)?.version ?? driver.version;
}
