/** A small seeded stream of random numbers (mulberry32): equal seeds give equal messages on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = mix(seed);
  }

  /** 32 random bits as an integer 0..2^32-1. */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  }

  /** An integer 0..below-1. */
  below(below: number): number {
    return Math.floor((this.bits() / 2 ** 32) * below);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.bits() < probability * 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

/** 32 well mixed bits of a number (the finalizer of MurmurHash3): what a thing looks like, from its number alone. */
export function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const FOUR_DIGITS = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));

/** 32 bits as eight hexadecimal digits. */
export function hex8(value: number): string {
  return (FOUR_DIGITS[value >>> 16] as string) + (FOUR_DIGITS[value & 0xffff] as string);
}
