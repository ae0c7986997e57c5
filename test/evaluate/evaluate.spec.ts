import { RandomSource } from '@ringwatch/fleet';
import { Shipment } from './world/shipment';
import { Fleet, Order } from './world/fleet';
import { isBlameRight } from './report/class-row';
import { shareOf, weighed } from './suite/interval';
import { playClass } from './suite/job';
import { NullUpdate, OWNER } from './suite/null-update';
import { playNulls } from './suite/nulls';
import { playShuffles } from './suite/shuffles';

/** A slice of the evaluation on fixed seeds: what must hold on each of them. The whole is `npm run evaluate`. */
describe('the detector', () => {
  it.each([
    { name: 'July 2024, one victim in a hundred tells', class: '2', mostMs: 60_000, mostApplied: 0.015 },
    { name: 'July 2024, all victims tell', class: '2b', mostMs: 30_000, mostApplied: 0.007 },
  ])('sees $name', ({ class: name, mostMs, mostApplied }) => {
    const outcome = playClass(name, 1);
    expect(outcome).toMatchObject({ found: true, wrong: [] });
    expect(outcome.tookMs).toBeLessThanOrEqual(mostMs);
    expect(outcome.appliedShare).toBeLessThanOrEqual(mostApplied);
  });

  it.each(['6', '9', '10', '11', '12', '30', '38'])('blames whom it must in class %s', (name) => {
    const outcome = playClass(name, 0);
    expect(outcome).toMatchObject({ found: true, wrong: [] });
    expect(isBlameRight(outcome)).toBe(true);
  });

  it.each(['14', '16', '22', '31', '32', '37'])('alerts nobody in class %s', (name) =>
    expect(playClass(name, 0)).toMatchObject({ falseAlarms: 0, wrong: [] }),
  );

  it('says the same, to the bit, in whatever order and portions all arrives', () => {
    const { shuffles, equal } = playShuffles(1, 4);
    expect(equal).toBe(shuffles);
  });

  it.each(['boundary', 'alike'] as const)('keeps its promise on innocent streams: %s', (kind) => {
    const { streams, passed, sumAtEnd } = playNulls(kind, 1, 3_000);
    for (const alpha of [0.1, 0.01, 0.001]) expect(shareOf(passed[alpha]!, streams).low).toBeLessThanOrEqual(alpha);
    expect(sumAtEnd / streams).toBeLessThan(1.5);
  });
});

describe('the made-up world', () => {
  const random = new RandomSource('world');
  const fleet = new Fleet({ hosts: 10_000 }, random);

  it('puts every index at one place and finds it there again', () => {
    const order = new Order(1_000, random);
    const ranks = Array.from({ length: 1_000 }, (_, index) => order.rankOf(index));
    expect(new Set(ranks).size).toBe(1_000);
    for (const [index, rank] of ranks.entries()) expect(order.indexAt(rank)).toBe(index);
  });

  it('counts as many takers as there are hosts that took it', () => {
    const shipment = new Shipment(
      {
        update: { channel: 'c', version: '1' },
        driver: 'c.sys',
        channelShare: 0.6,
        rings: [
          { until: 0.1, at: 0, lasts: 600_000, shape: 'logistic' },
          { until: 0.8, at: 900_000, lasts: 3_600_000, shape: 'bursty' },
        ],
      },
      fleet,
      random,
    );
    const [stratum] = fleet.strata;
    const times = Array.from({ length: stratum!.hosts }, (_, index) => {
      const host = fleet.host(stratum!, index);
      return shipment.runsChannel(host) ? shipment.appliedAt(host) : undefined;
    }).flatMap((time) => time ?? []);
    for (const time of [1, 60_000, 600_000, 1_500_000, 9_000_000]) {
      expect(shipment.takenBefore(stratum!, time)).toBe(times.filter((each) => each < time).length);
    }
  });
});

describe('what is drawn likelier than it is', () => {
  const RUNS = 2_000;
  /** The weight, and how many hosts with the update crash by its own driver in the first steps. */
  const draw = (number: number, isTilted: boolean) => {
    const drawn = new NullUpdate(new RandomSource(`null update ${number}`), isTilted);
    let hosts = 0;
    for (let step = 0; step < 8; step++)
      for (const clump of drawn.draw(step, 'treated')) if (clump.bucket === OWNER) hosts += clump.hosts.length;
    return { weight: drawn.weight(), hosts };
  };
  const [plain, tilted] = [false, true].map((isTilted) =>
    Array.from({ length: RUNS }, (_, number) => draw(number, isTilted)),
  );

  it.each([1, 5, 10])('counts as often as it is: %p hosts', (least) => {
    const chanceIn = (drawn: ReadonlyArray<{ weight: number; hosts: number }>) => {
      const weights = drawn.flatMap(({ weight, hosts }) => (hosts >= least ? [weight] : []));
      const sumOf = (power: number) => weights.reduce((sum, weight) => sum + weight ** power, 0);
      return weighed(RUNS, sumOf(1), sumOf(2), weights.length);
    };
    const [one, other] = [chanceIn(plain!), chanceIn(tilted!)];
    const error = Math.hypot(one.high - one.share, other.high - other.share) / 1.96;
    expect(Math.abs(one.share - other.share)).toBeLessThan(4 * error);
  });
});

describe('an exact interval', () => {
  // Clopper and Pearson (1934), from R's binom.test.
  it.each([
    [0, 600, 0, 0.006129],
    [5, 10, 0.187086, 0.812914],
    [10, 10, 0.691503, 1],
    [2997, 3000, 0.997081, 0.999794],
  ])('of %p in %p', (hits, of, low, high) => {
    const found = shareOf(hits, of);
    expect(found.low).toBeCloseTo(low, 5);
    expect(found.high).toBeCloseTo(high, 5);
  });
});
