import { mix } from './random';

/** One driver in one version, with the content it had loaded. */
export interface LoadedDriver {
  driver: string;
  driverVersion: string;
  channel: string;
  version: string;
  stopCodes: number[];
}

const STOP_CODES = [0x50, 0xd1, 0x1e, 0x3b, 0x7e, 0x9f, 0xef, 0x133, 0x139, 0x154, 0x1a, 0xa, 0xc2, 0x116];
const SYLLABLES = ['net', 'stor', 'flt', 'usb', 'vid', 'aud', 'hid', 'sec', 'bus', 'dsp', 'wlan', 'nvm', 'gpu', 'prn'];
const DRIVERS = 300;
const MOST_VERSIONS = 6;
/** Every so many-th driver loads content of its own, such as detection rules; the others are updates themselves. */
const CONTENT_EVERY = 3;
/** How finely the weights of drivers are kept. */
const SLOTS = 8_192;

/** The made-up drivers, each as often as it is blamed: few are blamed often, most hardly ever (weights fall as 1/rank). */
export function blamedDrivers(): LoadedDriver[] {
  const ranks = Array.from({ length: DRIVERS }, (_, rank) => rank);
  const total = ranks.reduce((sum, rank) => sum + 1 / (rank + 1), 0);
  return ranks.flatMap((rank) => {
    const versions = Array.from({ length: 1 + (mix(rank) % MOST_VERSIONS) }, (_, at) => loadedDriver(rank, at));
    const slots = Math.max(1, Math.round(SLOTS / (rank + 1) / total));
    return Array.from({ length: slots }, (_, slot) => versions[slot % versions.length] as LoadedDriver);
  });
}

function loadedDriver(rank: number, at: number): LoadedDriver {
  const [one, other] = [SYLLABLES[rank % SYLLABLES.length], SYLLABLES[mix(rank + 7) % SYLLABLES.length]];
  const driver = `${one}${other}${rank}.sys`;
  const driverVersion = `${1 + (mix(rank) % 31)}.${mix(rank + 1) % 20}.${15_000 + rank}.${6_000 + at}`;
  const stopCodes = [0, 1, 2].map((turn) => STOP_CODES[mix(rank * 3 + turn) % STOP_CODES.length] as number);
  if (rank % CONTENT_EVERY !== 0) {
    return { driver, driverVersion, channel: `driver:${driver}`, version: driverVersion, stopCodes };
  }
  const number = String(200 + rank).padStart(8, '0');
  return {
    driver,
    driverVersion,
    channel: `channel-file-${200 + rank}`,
    version: `C-${number}-00000000-${String(at + 1).padStart(8, '0')}`,
    stopCodes,
  };
}

/** One machine, from its number alone. */
export interface MadeUpHost {
  id: string;
  org: string;
  country: string;
  osBuild: string;
}

const COUNTRIES = 'US US US US DE GB FR JP IN BR CA AU IT ES NL SE PL CH AT BE KR MX ZA SG NO DK FI IE PT CZ ZZ'.split(
  ' ',
);
const OS_BUILDS = [
  '22631.3880',
  '22631.3958',
  '22621.3880',
  '19045.4651',
  '19045.4717',
  '26100.1150',
  '20348.2582',
  '17763.6054',
];
const ORGS = 2_000;

export function madeUpHost(number: number): MadeUpHost {
  const bits = mix(number);
  return {
    id: `h-${bits.toString(16).padStart(8, '0')}${number.toString(16).padStart(6, '0')}`,
    // The square of a uniform number: large organisations and many small ones.
    org: `org-${Math.floor(((bits & 0xffff) / 65_536) ** 2 * ORGS)}`,
    country: COUNTRIES[(bits >>> 8) % COUNTRIES.length] as string,
    osBuild: `10.0.${OS_BUILDS[(bits >>> 16) % OS_BUILDS.length]}`,
  };
}
