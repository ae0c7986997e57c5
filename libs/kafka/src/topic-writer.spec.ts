import fc from 'fast-check';
import { OutgoingRecord, toPortions } from './topic-writer';

const MIB = 1024 * 1024;
const ofSize = (bytes: number): OutgoingRecord => ({ topic: 't', key: null, value: Buffer.alloc(bytes) });
const sizes = (portions: OutgoingRecord[][]) => portions.map((portion) => portion.map(({ value }) => value!.length));

describe('toPortions', () => {
  it.each([
    { name: 'nothing', records: [], portions: [] },
    { name: 'little', records: [1, 2, 3], portions: [[1, 2, 3]] },
    { name: 'one more than fits', records: [MIB / 2, MIB / 2], portions: [[MIB / 2], [MIB / 2]] },
    { name: 'one beyond the limit, alone', records: [1, 2 * MIB, 1], portions: [[1], [2 * MIB], [1]] },
    { name: 'a small one after a full portion', records: [MIB - 64, 1, 1], portions: [[MIB - 64], [1, 1]] },
  ])('parts $name', ({ records, portions }) => expect(sizes(toPortions(records.map(ofSize)))).toEqual(portions));

  it('counts keys and headers', () => {
    const heavy: OutgoingRecord = {
      topic: 't',
      key: 'k'.repeat(MIB / 4),
      value: null,
      headers: { h: 'é'.repeat(MIB / 8) },
    };
    expect(toPortions([heavy, heavy])).toHaveLength(2);
  });

  it('keeps every record and its order, and no portion but of one record is beyond the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(MIB + 10), { maxLength: 30 }), (bytes) => {
        const portions = sizes(toPortions(bytes.map(ofSize)));
        expect(portions.flat()).toEqual(bytes);
        for (const portion of portions)
          expect(portion.length === 1 || portion.reduce((sum, each) => sum + each, 0) <= MIB).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
