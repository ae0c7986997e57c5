/**
 * A seeded stream of random numbers (sfc32, Chris Doty-Humphrey's small fast counting generator; 128 bits of state).
 * Equal labels give equal streams on every machine. Streams are forked by purpose, so that a further update in a scenario
 * does not change the background noise of the fleet.
 */
export class RandomSource {
  private readonly state: Uint32Array;

  /** `label` names the stream: the seed and the path of purposes that led here. */
  constructor(private readonly label: string) {
    this.state = Uint32Array.from([hash32(label, 1), hash32(label, 2), hash32(label, 3), 1]);
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** An independent stream that depends on the label alone, not on what was drawn before. */
  fork(purpose: string): RandomSource {
    return new RandomSource(`${this.label}/${purpose}`);
  }

  /** 32 random bits as an integer 0..2^32-1. */
  bits(): number {
    const state = this.state;
    const result = (state[0]! + state[1]! + state[3]!) >>> 0;
    state[3] = state[3]! + 1;
    state[0] = state[1]! ^ (state[1]! >>> 9);
    state[1] = state[2]! + (state[2]! << 3);
    state[2] = ((state[2]! << 21) | (state[2]! >>> 11)) + result;
    return result;
  }

  /** Uniform in the open interval (0, 1): never 0, so that its logarithm is finite. */
  uniform(): number {
    return toUnit(this.bits());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** An integer 0..below-1. */
  below(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** Standard normal (Box and Muller 1958; the second value is not kept, so that each draw stands alone). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Exponential with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** Number of events of a Poisson process with the given mean; meant for means up to a few thousand. */
  poisson(mean: number): number {
    let count = 0;
    for (let sum = this.exponential(1); sum < mean; sum += this.exponential(1)) count++;
    return count;
  }

  /** One of the items, with equal chances. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

/** A number in (0, 1) from 32 bits. */
export function toUnit(bits: number): number {
  return (bits + 0.5) / 4294967296;
}

/** Hashes text to 32 bits (MurmurHash3's mixing steps); the same on every machine. */
export function hash32(text: string, seed: number): number {
  let hash = seed | 0;
  for (let i = 0; i < text.length; i++) {
    let block = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    hash ^= Math.imul(block, 0x1b873593);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  return mix32(hash ^ text.length);
}

/** Spreads every input bit over all 32 output bits. */
export function mix32(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Items with cumulative weights, for drawing one by weight in logarithmic time. */
export class Weighted<Item> {
  private readonly sums: number[] = [];

  constructor(
    private readonly items: readonly Item[],
    weightOf: (item: Item) => number,
  ) {
    let sum = 0;
    for (const item of items) this.sums.push((sum += weightOf(item)));
  }

  /** The item whose share of the total weight holds `point`, 0 <= point < 1. */
  at(point: number): Item {
    const target = point * this.sums[this.sums.length - 1]!;
    let low = 0;
    let high = this.sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sums[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return this.items[low]!;
  }

  /** Draws one item by weight. */
  draw(random: RandomSource): Item {
    return this.at(random.uniform());
  }
}
