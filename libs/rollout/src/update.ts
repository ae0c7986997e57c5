/** One version on one channel; the pair is its identity everywhere. */
export interface Update {
  channel: string;
  version: string;
}

/** A key for maps, equal for equal updates. The separator cannot stand in a channel or a version: both are free of control characters. */
export function updateKey(update: Update): string {
  return `${update.channel}\u0000${update.version}`;
}

/** The update of a key. */
export function updateOfKey(key: string): Update {
  const [channel = '', version = ''] = key.split('\u0000');
  return { channel, version };
}

const DRIVER_CHANNEL = 'driver:';

/** The image that a channel ships when the driver itself is the update (`driver:nvlddmkm.sys`); undefined for content channels. */
export function driverOfChannel(channel: string): string | undefined {
  return channel.startsWith(DRIVER_CHANNEL) ? channel.slice(DRIVER_CHANNEL.length) : undefined;
}
