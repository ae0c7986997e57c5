import type { PartitionProgress } from './arrival-clock';
import { StandingStill } from './standing-still';

const MOST_MS = 12_000;

/** Looks at one partition: when (ms), how far it was read, where it ended. */
type Look = readonly [at: number, position: number, end: number];

describe('StandingStill', () => {
  it.each<{ name: string; looks: Look[]; asked: number; complains: boolean }>([
    {
      name: 'nothing waits',
      looks: [
        [0, 5, 5],
        [20_000, 5, 5],
      ],
      asked: 40_000,
      complains: false,
    },
    { name: 'messages wait for as long as they may', looks: [[0, 5, 9]], asked: 12_000, complains: false },
    {
      name: 'messages wait for longer',
      looks: [
        [0, 5, 9],
        [10_000, 5, 9],
      ],
      asked: 12_001,
      complains: true,
    },
    {
      name: 'more and more wait',
      looks: [
        [0, 5, 9],
        [10_000, 5, 90],
      ],
      asked: 13_000,
      complains: true,
    },
    {
      name: 'it goes on, slowly',
      looks: [
        [0, 5, 9],
        [10_000, 6, 9],
        [20_000, 7, 9],
      ],
      asked: 30_000,
      complains: false,
    },
    {
      name: 'it goes on, and stands again',
      looks: [
        [0, 5, 9],
        [10_000, 6, 9],
      ],
      asked: 22_001,
      complains: true,
    },
    {
      name: 'it came to its end meanwhile',
      looks: [
        [0, 5, 9],
        [10_000, 9, 9],
        [11_000, 9, 10],
      ],
      asked: 20_000,
      complains: false,
    },
    {
      name: 'it is read past the end of a topic that was made anew',
      looks: [[0, 9, 5]],
      asked: 40_000,
      complains: false,
    },
  ])('$name', ({ looks, asked, complains }) => {
    const watch = new StandingStill(undefined);
    for (const [at, position, end] of looks) watch.look(partition(position), new Map([['p/0', BigInt(end)]]), at);
    expect(watch.complaint(asked, MOST_MS) !== undefined).toBe(complains);
  });

  it('says which partition, where, for how long and what waits', () => {
    const watch = new StandingStill(undefined);
    watch.look(partition(5), new Map([['p/0', 9n]]), 0);
    expect(watch.complaint(14_000, MOST_MS)).toContain('p/0 stands at offset 5 for 14 s with 4 behind it');
  });

  it('forgets a partition that is read elsewhere, and one whose end is not known', () => {
    const watch = new StandingStill(undefined);
    watch.look(partition(5), new Map([['p/0', 9n]]), 0);
    watch.look(new Map(), new Map([['p/0', 9n]]), 1_000);
    expect(watch.complaint(60_000, MOST_MS)).toBeUndefined();
    watch.look(partition(5), new Map(), 2_000);
    expect(watch.complaint(60_000, MOST_MS)).toBeUndefined();
  });

  it('complains of a group that gives nothing, from the start and after every rebalance, and not of a share of nothing', () => {
    const watch = new StandingStill(0);
    expect(watch.complaint(12_000, MOST_MS)).toBeUndefined();
    watch.revoked(5_000); // asked to join once more: it has been without since the start
    expect(watch.complaint(12_001, MOST_MS)).toContain('no partitions for 12 s');
    watch.assigned();
    watch.look(new Map(), new Map([['p/0', 9n]]), 13_000);
    expect(watch.complaint(60_000, MOST_MS)).toBeUndefined();
    watch.revoked(60_000);
    expect(watch.complaint(72_001, MOST_MS)).toContain('no partitions');
  });
});

function partition(position: number): Map<string, PartitionProgress> {
  return new Map([['p/0', { clock: 0, position: BigInt(position) }]]);
}
