import { seeded } from '../made-up.fixture';
import { forecast } from './forecast';
import { clustered, hoursOf, weekly } from './made-up-hours.fixture';
import { lnEvidenceOfMixChange } from './mix-change';
import type { Usual } from './past';
import { lnEvidenceOfRise } from './rate-rise';

const HOUR_MS = 3_600_000;
const HISTORY = 8 * 168;
const HOURS = 72;

interface World {
  phi: number;
  /** Hosts an hour of the bucket, and of all others. */
  perHour: number;
  others: number;
  /** How many times as often everything crashes, and the bucket besides, in the hours after history. */
  all: number;
  bucket: number;
}

/** The most that each kind of evidence ever says over three days. */
function most({ phi, perHour, others, all, bucket }: World, seed: number) {
  const random = seeded(seed);
  const learned = forecast({ since: 0, series: hoursOf(HISTORY, (hour) => perHour * weekly(hour), random, phi) });
  const share = perHour / (perHour + others);
  const usual: Usual = { forecast: learned, shareIn: () => share, regionShare: () => 1, knownHours: HISTORY };
  const from = HISTORY * HOUR_MS;
  const top = { mix: 0, rise: 0, both: 0 };
  let [hosts, rest] = [0, 0];
  for (let hour = 0; hour < HOURS; hour++) {
    const season = weekly(HISTORY + hour);
    hosts += clustered(all * bucket * perHour * season, phi, random);
    rest += clustered(all * others * season, phi, random);
    const mix = lnEvidenceOfMixChange(hosts, new Map([['europe', hosts + rest]] as const), usual);
    const rise = lnEvidenceOfRise({ hosts, from, until: from + (hour + 1) * HOUR_MS }, learned, 3);
    top.mix = Math.max(top.mix, mix);
    top.rise = Math.max(top.rise, rise);
    top.both = Math.max(top.both, Math.min(mix, rise));
  }
  return top;
}

/** Of so many worlds, how many pass ln(1/alpha) by the mix, by the rate, and by both. */
function passes(world: World, alpha: number, runs: number) {
  const tops = Array.from({ length: runs }, (_, run) => most(world, 500 + run));
  const count = (kind: 'mix' | 'rise' | 'both') => tops.filter((top) => top[kind] >= Math.log(1 / alpha)).length;
  return { mix: count('mix'), rise: count('rise'), both: count('both') };
}

describe('innocent updates that are compared with the time before', () => {
  it.each([1.5, 2, 4])('at dispersion %d, nothing going on: neither test alone alarms', (phi) =>
    expect(passes({ phi, perHour: 3, others: 60, all: 1, bucket: 1 }, 0.1, 20)).toEqual({ mix: 0, rise: 0, both: 0 }),
  );

  it.each([1.5, 4])(
    'at dispersion %d, a Patch Tuesday: the rate alone alarms nearly always, both together never',
    (phi) => {
      const { mix, rise, both } = passes({ phi, perHour: 20, others: 60, all: 6, bucket: 1 }, 0.01, 20);
      expect(rise).toBeGreaterThan(15);
      expect([mix, both]).toEqual([0, 0]);
    },
  );

  it('at the largest ratio that they may have, both together pass alpha 0.1 no more often than that', () =>
    expect(passes({ phi: 2, perHour: 6, others: 60, all: 1, bucket: 3 }, 0.1, 40).both).toBeLessThanOrEqual(8));

  it('are told from a guilty one', () =>
    expect(passes({ phi: 2, perHour: 6, others: 60, all: 1, bucket: 20 }, 1e-6, 10).both).toBe(10));
});
