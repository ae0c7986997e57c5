import fc from 'fast-check';
import { RefusalRun, TooManyRefused } from './refusal-run';
import { StoppedPartitions } from './stopped-partitions';

const verdicts = (refused: number, taken: number) =>
  [...Array(refused).fill(true), ...Array(taken).fill(false)] as boolean[];
/** A run, and the offset of its next message. */
class Reader {
  readonly run: RefusalRun;
  next = 0;

  constructor(mostShare = 0.5) {
    this.run = new RefusalRun('bugchecks[1]', mostShare);
  }
}
const stops = (reader: Reader, batch: boolean[]) => {
  const run = reader.run.begin(reader.next);
  try {
    for (const isRefused of batch) run.add(isRefused);
  } catch (error) {
    expect(error).toBeInstanceOf(TooManyRefused);
    return true;
  }
  reader.next += batch.length;
  reader.run.end(reader.next, run);
  return false;
};

describe('RefusalRun', () => {
  it.each([
    { name: 'goes on while the run is short', batch: verdicts(1_999, 0), stopped: false },
    { name: 'stops where 2,000 in a row are refused', batch: verdicts(2_000, 0), stopped: true },
    { name: 'goes on where half are refused', batch: verdicts(1_000, 1_000), stopped: false },
    { name: 'stops where one more than half are', batch: verdicts(1_001, 999), stopped: true },
    { name: 'stops at bad ones that good ones follow', batch: verdicts(2_000, 50_000), stopped: true },
    { name: 'stops at bad ones that follow good ones', batch: verdicts(2_000, 50_000).reverse(), stopped: true },
    {
      name: 'goes on for ever where one in three is refused',
      batch: Array(99_999)
        .fill(0)
        .map((_, at) => at % 3 === 0),
      stopped: false,
    },
  ])('$name', ({ batch, stopped }) => expect(stops(new Reader(), batch)).toBe(stopped));

  it('remembers earlier batches, but not the one it stopped at', () => {
    const run = new Reader();
    for (let batch = 0; batch < 3; batch++) expect(stops(run, verdicts(500, 0))).toBe(false);
    expect(stops(run, verdicts(500, 0))).toBe(true);
    expect(stops(run, verdicts(0, 499))).toBe(false);
    expect(stops(run, verdicts(0, 1))).toBe(true);
  });

  it('counts a batch that comes again in place of what was seen of it', () => {
    const reader = new Reader();
    for (let time = 0; time < 3; time++) {
      expect(stops(reader, verdicts(900, 0))).toBe(false);
      expect(stops(reader, verdicts(100, 900))).toBe(false);
      reader.next = 0;
    }
  });

  it('stops at the same message when the batch comes again', () => {
    const reader = new Reader();
    expect(stops(reader, verdicts(0, 3_000))).toBe(false);
    expect(stops(reader, verdicts(900, 0))).toBe(false);
    for (let time = 0; time < 3; time++) expect(stops(reader, verdicts(101, 500))).toBe(true);
  });

  it('never stops where all may be refused', () => expect(stops(new Reader(1), verdicts(9_999, 0))).toBe(false));

  it('stops at the same messages however the batches fall', () => {
    const messages = fc.array(fc.record({ refused: fc.boolean(), times: fc.nat(1_500) }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 3_000 }), (runs, size) => {
        const all = runs.flatMap(({ refused, times }) => Array(times).fill(refused) as boolean[]);
        const piecewise = new Reader();
        let stopped = false;
        for (let at = 0; at < all.length && !stopped; at += size) stopped = stops(piecewise, all.slice(at, at + size));
        expect(stopped).toBe(stops(new Reader(), all));
      }),
      { numRuns: 50 },
    );
  });
});

describe('StoppedPartitions', () => {
  const tooMany = new TooManyRefused('stopped reading bugchecks[1]: 2000 of 2000');

  it('says once that a partition stopped, and is not ready from then on', () => {
    const stopped = new StoppedPartitions();
    expect(() => stopped.requireNone()).not.toThrow();
    expect([stopped.note(tooMany, 'bugchecks', 1), stopped.note(tooMany, 'bugchecks', 1)]).toEqual([true, false]);
    expect(stopped.note(tooMany, 'bugchecks', 2)).toBe(true);
    expect(() => stopped.requireNone()).toThrow('stopped reading bugchecks[1]');
  });

  it('is ready again when the partition fails for another reason, or went to another process', () => {
    const stopped = new StoppedPartitions();
    stopped.note(tooMany, 'bugchecks', 1);
    expect(stopped.note(new Error('no store'), 'bugchecks', 1)).toBe(false);
    expect(() => stopped.requireNone()).not.toThrow();
    stopped.note(tooMany, 'bugchecks', 1);
    stopped.forget();
    expect(() => stopped.requireNone()).not.toThrow();
    expect(stopped.note(tooMany, 'bugchecks', 1)).toBe(true);
  });
});
