import fc from 'fast-check';
import { Unit, scan, spread } from './scan';

const unit = (name: string, observed: number, expected: number): Unit => ({ name, observed, expected });

describe('the scan', () => {
  it.each([
    { units: [unit('a', 3, 3), unit('b', 2, 3)], names: [], lnRatio: 0 },
    { units: [unit('a', 3, 3), unit('b', 12, 4)], names: ['b'], lnRatio: 12 * Math.log(3) - 8 },
    {
      units: [unit('a', 30, 3), unit('b', 1, 4), unit('c', 18, 2)],
      names: ['a', 'c'],
      lnRatio: 48 * Math.log(9.6) - 43,
    },
    { units: [unit('a', 5, 0), unit('b', 4, 4)], names: [], lnRatio: 0 },
  ])('finds $names', ({ units, names, lnRatio }) => {
    expect(scan(units).names).toEqual(names);
    expect(scan(units).lnRatio).toBeCloseTo(lnRatio, 10);
  });

  it('finds the best of all sets', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ observed: fc.nat(20), expected: fc.double({ min: 0.1, max: 20, noNaN: true }) }), {
          minLength: 1,
          maxLength: 7,
        }),
        (counts) => {
          const units = counts.map((each, index) => ({ name: `${index}`, ...each }));
          let best = 0;
          for (let set = 1; set < 2 ** units.length; set++) {
            const chosen = units.filter((_, index) => (set >> index) & 1);
            const c = chosen.reduce((sum, { observed }) => sum + observed, 0);
            const e = chosen.reduce((sum, { expected }) => sum + expected, 0);
            if (c > e) best = Math.max(best, c * Math.log(c / e) + e - c);
          }
          expect(scan(units).lnRatio).toBeCloseTo(best, 9);
        },
      ),
    ));
});

describe('the spread', () => {
  it.each([
    {
      units: [
        { observed: 10, exposed: 100 },
        { observed: 50, exposed: 500 },
      ],
      expected: 1,
    },
    { units: [10, 0, 0, 0].map((observed) => ({ observed, exposed: 7 })), expected: 0.25 },
    {
      units: [
        { observed: 3, exposed: 10 },
        { observed: 4, exposed: 0 },
      ],
      expected: 1,
    },
    { units: [], expected: 1 },
  ])('$units: $expected', ({ units, expected }) => expect(spread(units)).toBeCloseTo(expected, 12));
});
