import { RandomSource } from '@ringwatch/fleet';
import { type Tilt, drawClumps, lnLikelihood, noTilt, tiltFor } from './clumped-counts';

/** An innocent update's kinds of failure: its own driver first, then others. */
const BUCKETS = 20;
/** The share of hosts that have the update rises in so many steps. */
export const STEPS = 40;
const ORGS = 20;
export const OWNER = 0;

/** A site of one organisation whose hosts crash together; all of them have the update, since the same step, or none has. */
export interface Clump {
  bucket: number;
  hosts: number;
  org: number;
  /** The step in which its hosts took the update; undefined where they have not. */
  takenAt: number | undefined;
}

/** What is drawn for an update as a whole: the same with any tilt. */
interface Setting {
  phi: number;
  reach: number;
  perStep: number[];
  orgSkew: number;
}

/** The chance that nothing is tilted: no weight is larger than 1 over it. */
const UNTILTED = 0.1;
const OWNER_PART = 0.5;
const treatedFactors = [3, 6, 12, 25, 60, 150];
const untreatedFactors = [1, 0.3];

/**
 * Class 36: an innocent update while hosts of one organisation's site crash together, with the update or without it, as chance
 * wills; the counts of hosts swing by 1.5 to 4 times what chance does. Some 20 hosts crash in each bucket.
 */
export class NullUpdate {
  private readonly setting: Setting;
  private readonly tilts: readonly Tilt[];
  /** The one bucket that is drawn with a tilt, if any is. */
  private readonly tilted: { bucket: number; tilt: Tilt } | undefined;
  private readonly orgEnds: number[] = [];
  /** ln of how much likelier each tilt of each bucket makes what was drawn so far. */
  private readonly lnRatios: number[][];

  constructor(
    private readonly random: RandomSource,
    isTilted: boolean,
  ) {
    this.setting = {
      phi: 1.5 + 2.5 * random.uniform(),
      reach: random.uniform(),
      perStep: Array.from({ length: BUCKETS }, () => Math.exp(Math.log(0.1) + random.uniform() * Math.log(20))),
      orgSkew: random.pick([1, 1.3]),
    };
    let sum = 0;
    for (let org = 1; org <= ORGS; org++) this.orgEnds.push((sum += org ** -this.setting.orgSkew));
    this.tilts = isTilted ? tiltsFor(this.setting.phi) : [];
    this.lnRatios = this.setting.perStep.map(() => this.tilts.map(() => 0));
    if (!isTilted || random.chance(UNTILTED)) return;
    const bucket = random.chance(OWNER_PART) ? OWNER : 1 + random.below(BUCKETS - 1);
    this.tilted = { bucket, tilt: random.pick(this.tilts) };
  }

  /** The share of hosts that have the update in a step. */
  shareAt(step: number): number {
    return (this.setting.reach * (step + 0.5)) / STEPS;
  }

  /** In which step the host at a place (0 to 1) of the order takes it; undefined for who never does. */
  stepOf(place: number): number | undefined {
    return place < this.shareAt(STEPS - 1) ? Math.floor((STEPS * place) / this.setting.reach + 0.5) : undefined;
  }

  drawOrg(): number {
    const point = this.random.uniform() * this.orgEnds.at(-1)!;
    return this.orgEnds.findIndex((end) => point < end);
  }

  /** The clumps of one step and of one side. */
  draw(step: number, side: keyof Tilt): Clump[] {
    const { phi, perStep } = this.setting;
    const share = side === 'treated' ? this.shareAt(step) : 1 - this.shareAt(step);
    return perStep.flatMap((each, bucket) => {
      const tilt = (this.tilted?.bucket === bucket ? this.tilted.tilt : noTilt)[side];
      const sizes = drawClumps(each * share, phi, tilt, this.random);
      this.weigh(bucket, sizes, each * share, side);
      return sizes.map((hosts): Clump => {
        const takenAt = side === 'treated' ? Math.floor(this.random.uniform() * (step + 0.5) + 0.5) : undefined;
        return { bucket, hosts, org: this.drawOrg(), takenAt };
      });
    });
  }

  /** What this counts for, as far as it was drawn: how much likelier it is without any tilt than as it was drawn. */
  weight(): number {
    if (this.tilts.length === 0) return 1;
    let likelier = UNTILTED;
    for (const [bucket, ofBucket] of this.lnRatios.entries()) {
      const part =
        ((1 - UNTILTED) * (bucket === OWNER ? OWNER_PART : (1 - OWNER_PART) / (BUCKETS - 1))) / ofBucket.length;
      for (const lnRatio of ofBucket) likelier += part * Math.exp(lnRatio);
    }
    return 1 / likelier;
  }

  private weigh(bucket: number, sizes: readonly number[], mean: number, side: keyof Tilt): void {
    const hosts = sizes.reduce((sum, each) => sum + each, 0);
    const ofBucket = this.lnRatios[bucket]!;
    for (const [index, tilt] of this.tilts.entries())
      ofBucket[index]! += lnLikelihood(hosts, mean, this.setting.phi, tilt[side]);
  }
}

function tiltsFor(phi: number): Tilt[] {
  const untreated = untreatedFactors.map((fewer) => (fewer === 1 ? 0 : tiltFor(fewer, phi)));
  return treatedFactors.flatMap((more) =>
    untreated.map((fewer) => ({ treated: tiltFor(more, phi), untreated: fewer })),
  );
}
