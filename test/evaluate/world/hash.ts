/** Spreads every input bit over all 32 output bits (MurmurHash3's last steps). */
export function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number in [0, 1) that belongs to a host: the same whenever it is asked for. */
export function shareOfHash(salt: number, stratum: number, index: number): number {
  return mixed(mixed(salt ^ Math.imul(stratum + 1, 0x9e3779b1)) ^ Math.imul(index + 1, 0x85ebca77)) / 2 ** 32;
}
