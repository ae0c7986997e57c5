import fc from 'fast-check';
import { ln1mExp, ln1pMinus, lnBeta, lnGamma, lnLowerGamma, lnUpperGamma } from './gamma';

/*
 * The expected values were computed to 50 digits, here cut to what a number holds: mpmath 1.3 with mp.dps = 60, loggamma(x), and for P(a, x) its power series
 * summed to 1e-70, for Q(a, x) what is left to 1 at 120 digits or, where that is not enough, gammainc(a, x, inf).
 */

const closeTo = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)));

describe('ln gamma', () => {
  it.each([
    [1e-5, 11.512919692895826],
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1, 0],
    [1.5, -0.12078223763524522],
    [2, 0],
    [3.7, 1.4280723266653879],
    [11.9, 17.25847745059552],
    [12, 17.502307845873887],
    [50.5, 146.51925549072064],
    [1000, 5905.220423209181],
    [1e5, 1051287.7089736569],
    [1e8, 1742068066.1038346],
  ])('of %f', (x, expected) => closeTo(lnGamma(x), expected));

  it('grows by ln x from x to x + 1, and makes the beta function symmetric', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
        (a, b) => {
          closeTo(lnGamma(a + 1), lnGamma(a) + Math.log(a));
          closeTo(lnBeta(a, b), lnBeta(b, a));
        },
      ),
    ));
});

describe('the regularised incomplete gamma functions', () => {
  it.each([
    [0.5, 0.01, -2.185131747072374, -0.1193049737373956],
    [0.5, 1.4, -0.09900774490576786, -2.361652667450257],
    [0.5, 40, -3.744097384202899e-19, -42.42893619787184],
    [5.5, 1.01, -6.45309369356544, -0.0015768826994999015],
    [1, 800, 0, -800],
    [12.3, 12.3, -0.6200246405632774, -0.7720414433741964],
    [100, 70, -7.750859224517794, -0.00043046523184501117],
    [1000, 900, -7.5057699942338925, -0.0005500535174143448],
    [1000, 1000, -0.6847718632903101, -0.7015932366459725],
    [1000, 1100, -0.0010598847333686437, -6.850125014436265],
    [1000, 3000, 0, -906.4545069900745],
    [1500.5, 1400, -5.503825660630853, -0.0040794764665580425],
    [20000.5, 20000, -0.6940879442664962, -0.6922073010579834],
    [20000, 21000, -1.714866608576869e-12, -27.091685817591937],
    [1e6, 1e6, -0.692881254399696, -0.6934131774557283],
    [1e6, 1.01e6, -1.0606997477586902e-23, -52.90052830914025],
    [10, 5000, 0, -4936.1452874965435],
  ])('ln P and ln Q (%f, %f)', (a, x, lnP, lnQ) => {
    closeTo(lnLowerGamma(a, x), lnP);
    closeTo(lnUpperGamma(a, x), lnQ);
    for (const [found, expected] of [
      [lnLowerGamma(a, x), lnP],
      [lnUpperGamma(a, x), lnQ],
    ] as const) {
      if (expected < -1e-300) expect(found / expected).toBeCloseTo(1, 10);
    }
  });

  it('sum up to 1, and meet where one way of computing hands over to the other', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 3000, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (a, part) => {
          const x = a * part;
          expect(Math.exp(lnLowerGamma(a, x)) + Math.exp(lnUpperGamma(a, x))).toBeCloseTo(1, 12);
          const edge = a + 1;
          expect(lnUpperGamma(a, edge * (1 - 1e-12))).toBeCloseTo(lnUpperGamma(a, edge * (1 + 1e-12)), 9);
        },
      ),
    ));

  it('are 0 and 1 at 0', () => expect([lnLowerGamma(3, 0), lnUpperGamma(3, 0)]).toEqual([-Infinity, 0]));
});

describe('logarithms around 0', () => {
  it.each([-1e-20, -1e-10, -0.5, -1, -50])('ln(1 - exp(%f))', (x) => {
    const expected = x > -1e-5 ? Math.log(-x) + x / 2 : x < -40 ? -Math.exp(x) : Math.log(1 - Math.exp(x));
    expect(ln1mExp(x) / expected).toBeCloseTo(1, 9);
  });

  it.each([1e-9, -1e-9, 1e-3, 0.2, -0.24, 0.26, 4])('ln(1 + d) - d for d = %f', (d) => {
    const expected = Math.abs(d) < 1e-5 ? -(d * d) / 2 + d ** 3 / 3 : Math.log1p(d) - d;
    expect(ln1pMinus(d) / expected).toBeCloseTo(1, 9);
  });
});
