import { RandomSource } from '@ringwatch/fleet';
import { type Tilt, drawClumps, lnLikelihood, noTilt, tiltFor } from './clumped-counts';

/** An innocent update's kinds of failure: its own driver first, then others. */
const BUCKETS = 20;
/** The share of hosts that have the update rises in so many steps. */
export const STEPS = 40;
const ORGS = 20;
/** Hosts of a clump crash within such a time. */
export const CLUMP_MS = 60_000;
export const OWNER = 0;

/** A site of one organisation whose hosts crash together; all of them have the update, since the same step, or none has. */
export interface Clump {
  bucket: number;
  /** How long after its beginning each of its hosts crashes, in milliseconds. */
  hosts: number[];
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

/**
 * One part in so many of the updates each is drawn untilted (no weight is larger than 1 over it), with a tilt of the owner's
 * bucket, of one of the others, and of all of them a little: the bucket of any driver adds them up.
 */
const parts = { none: 0.1, owner: 0.3, other: 0.2, all: 0.4 };
const treatedFactors = [3, 6, 12, 25, 60, 150];
const untreatedFactors = [1, 0.3];
const factorsOfAll = [1.3, 2, 3, 5, 9];

/**
 * Class 36: an innocent update while hosts of one organisation's site crash together, with the update or without it, as chance
 * wills; the counts of hosts swing by 1.5 to 4 times what chance does. Some 20 hosts crash in each bucket.
 */
export class NullUpdate {
  private readonly setting: Setting;
  /** The tilt of one bucket, or of all, with the chance to be drawn so; none where all is drawn as it is. */
  private readonly components: readonly Component[];
  private readonly drawn: Component | undefined;
  private readonly orgEnds: number[] = [];

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
    this.components = isTilted ? componentsFor(this.setting.phi) : [];
    let point = random.uniform() - parts.none;
    this.drawn = point < 0 ? undefined : this.components.find(({ part }) => (point -= part) < 0);
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
      const tilt = (this.drawn && isIn(this.drawn, bucket) ? this.drawn.tilt : noTilt)[side];
      const sizes = drawClumps(each * share, phi, tilt, this.random);
      this.weigh(bucket, sizes, each * share, side);
      return sizes.map((hosts): Clump => {
        const takenAt = side === 'treated' ? Math.floor(this.random.uniform() * (step + 0.5) + 0.5) : undefined;
        const within = Array.from({ length: hosts }, () => Math.floor(this.random.uniform() * CLUMP_MS));
        return { bucket, hosts: within, org: this.drawOrg(), takenAt };
      });
    });
  }

  /** What this counts for, as far as it was drawn: how much likelier it is without any tilt than as it was drawn. */
  weight(): number {
    if (this.components.length === 0) return 1;
    return 1 / this.components.reduce((sum, { part, lnRatio }) => sum + part * Math.exp(lnRatio), parts.none);
  }

  private weigh(bucket: number, sizes: readonly number[], mean: number, side: keyof Tilt): void {
    const hosts = sizes.reduce((sum, each) => sum + each, 0);
    for (const component of this.components)
      if (isIn(component, bucket))
        component.lnRatio += lnLikelihood(hosts, mean, this.setting.phi, component.tilt[side]);
  }
}

/** `bucket` undefined: all. `lnRatio`: ln of how much likelier it makes what was drawn so far. */
interface Component {
  bucket: number | undefined;
  tilt: Tilt;
  part: number;
  lnRatio: number;
}

function isIn(component: Component, bucket: number): boolean {
  return component.bucket === undefined || component.bucket === bucket;
}

function componentsFor(phi: number): Component[] {
  const untreated = untreatedFactors.map((fewer) => (fewer === 1 ? 0 : tiltFor(fewer, phi)));
  const ofOne = treatedFactors.flatMap((more) =>
    untreated.map((fewer) => ({ treated: tiltFor(more, phi), untreated: fewer })),
  );
  const ofAll = factorsOfAll.map((more) => ({ treated: tiltFor(more, phi), untreated: 0 }));
  const share = (bucket: number | undefined, tilts: readonly Tilt[], part: number) =>
    tilts.map((tilt): Component => ({ bucket, tilt, part: part / tilts.length, lnRatio: 0 }));
  return [
    ...Array.from({ length: BUCKETS }, (_, bucket) =>
      share(bucket, ofOne, bucket === OWNER ? parts.owner : parts.other / (BUCKETS - 1)),
    ).flat(),
    ...share(undefined, ofAll, parts.all),
  ];
}
