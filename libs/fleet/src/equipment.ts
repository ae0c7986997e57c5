import { CHANNELS, DRIVERS, type ChannelKind, type DriverKind } from './catalogue';
import type { Scenario } from './scenario';

type FleetForm = Scenario['fleet'];

/** The drivers of a scenario's fleet: the built-in ones, changed and extended by the file. */
export function driversOf(fleet: Pick<FleetForm, 'drivers'>): DriverKind[] {
  const kinds = new Map(DRIVERS.map((driver) => [driver.image, driver]));
  for (const change of fleet.drivers) {
    const known = kinds.get(change.image) ?? newDriver(change.image);
    kinds.set(change.image, {
      ...known,
      version: change.version ?? known.version,
      share: change.share ?? known.share,
      crashWeight: change.crash_weight ?? known.crashWeight,
      vendor: change.vendor ?? known.vendor,
    });
  }
  return [...kinds.values()];
}

/** The content channels of a scenario's fleet: the built-in ones, changed and extended by the file. */
export function channelsOf(fleet: Pick<FleetForm, 'channels'>): ChannelKind[] {
  const kinds = new Map(CHANNELS.map((channel) => [channel.channel, channel]));
  for (const change of fleet.channels) {
    const known = kinds.get(change.channel);
    kinds.set(change.channel, {
      channel: change.channel,
      driver: change.driver,
      version: change.version ?? known?.version ?? '1',
      vendor: change.vendor ?? known?.vendor ?? '',
    });
  }
  return [...kinds.values()];
}

function newDriver(image: string): DriverKind {
  return { image, version: '1.0.0.0', share: 1, crashWeight: 1, ownChannel: true, vendor: '', stops: [0xd1, 0x7e] };
}

/** Name of the organisation at `index` (from 0, the largest first). */
export function orgId(index: number): string {
  return `org-${String(index + 1).padStart(3, '0')}`;
}
