import { STOP_KINDS, UNKNOWN_STOP, type DriverKind, type ParameterKind } from './catalogue';
import type { Host } from './host';
import { hash32, mix32, type RandomSource } from './random';

/** Where and how a host stops: the blamed driver, the code, and the offset of the faulting instruction in the driver. */
export interface Stop {
  driver: DriverKind;
  code: number;
  offset: number;
  /** The content channel at fault, where the driver loads several and it is known which one. */
  channel?: string;
}

/** Number of places in a driver where the background makes it fail, per stop code. */
const FAULT_SITES = 3;

/** Draws the driver to blame for a background bugcheck of this host, by the weights of what it has, and how it fails. */
export function drawStop(host: Host, random: RandomSource): Stop {
  const total = host.devices.reduce((sum, driver) => sum + driver.crashWeight, 0);
  let point = random.uniform() * total;
  const driver = host.devices.find((kind) => (point -= kind.crashWeight) < 0) ?? host.devices[0]!;
  const code = random.pick(driver.stops);
  return { driver, code, offset: faultOffset(driver.image, code, random.below(FAULT_SITES)) };
}

/** The offset of a fault site: the same for all hosts, below 2 MiB. */
export function faultOffset(image: string, code: number, site: number): number {
  return hash32(`${image} ${code} ${site}`, 7) % 0x200000;
}

/**
 * The four parameters of a stop in wire form. Addresses are hex strings, since they pass 2^53; small values are numbers
 * on a part of the hosts, as different agents send them.
 */
export function stopParameters(stop: Stop, host: Host, random: RandomSource): (string | number)[] {
  const kinds = STOP_KINDS.get(stop.code) ?? UNKNOWN_STOP;
  const sendsNumbers = host.index % 3 === 0;
  return kinds.map((kind) => {
    const value = parameterValue(kind, stop, host, random);
    return sendsNumbers && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : hex(value);
  });
}

/** The stop code in wire form: agents write it as short hex, as eight digits, or as a number. */
export function stopCode(code: number, host: Host): string | number {
  switch (host.index % 3) {
    case 0:
      return code;
    case 1:
      return hex(BigInt(code));
    default:
      return `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
  }
}

function parameterValue(kind: ParameterKind, stop: Stop, host: Host, random: RandomSource): bigint {
  switch (kind) {
    case 'code_address':
      return loadAddress(stop.driver, host) + BigInt(stop.offset);
    case 'pool_address':
      return 0xffff800000000000n + (BigInt(random.bits()) << 12n) + BigInt(random.below(0x1000));
    case 'stack_address':
      return 0xfffff80000000000n + (BigInt(random.bits()) << 4n);
    case 'user_address':
      return BigInt(random.below(0x10000));
    case 'irql':
      return 2n;
    case 'access':
      return random.chance(0.8) ? 0n : 2n;
    case 'access_violation':
      return 0xffffffffc0000005n;
    case 'cpu':
      return BigInt(random.below(16));
    default:
      return BigInt(kind);
  }
}

/** Where a driver lies in kernel memory; it moves with every boot. */
function loadAddress(driver: DriverKind, host: Host): bigint {
  const page = mix32(hash32(driver.image, host.index) ^ host.life) % 0x3fffff;
  return 0xfffff80000000000n + (BigInt(page) << 16n);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
