import fc from 'fast-check';
import { ln1mExp, ln1pMinus, lnBeta, lnGamma, lnLowerGamma, lnUpperGamma } from './gamma';

/*
 * The expected values have 50 digits behind them: mpmath 1.3 with mp.dps = 60, loggamma(x), and for P(a, x) its power series
 * summed to 1e-70, for Q(a, x) what is left to 1 at 120 digits or, where that is not enough, gammainc(a, x, inf).
 */

const closeTo = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)));

describe('ln gamma', () => {
  it.each([
    [1e-5, 11.51291969289582570742083],
    [0.1, 2.252712651734205959869702],
    [0.5, 0.5723649429247000870717137],
    [1, 0],
    [1.5, -0.1207822376352452223455184],
    [2, 0],
    [3.7, 1.428072326665387921872381],
    [11.9, 17.2584774505955211471716],
    [12, 17.50230784587388583928765],
    [50.5, 146.5192554907206272218913],
    [1000, 5905.220423209181211826077],
    [1e5, 1051287.708973656894900858],
    [1e8, 1742068066.103834709276217],
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
    [0.5, 0.01, -2.185131747072373867321455, -0.1193049737373955983294751],
    [0.5, 1.4, -0.09900774490576785765006619, -2.361652667450257060325167],
    [0.5, 40, -3.744097384202898764264718e-19, -42.42893619787184203151603],
    [5.5, 1.01, -6.453093693565439455753005, -0.001576882699499901432197021],
    [1, 800, 0, -800],
    [12.3, 12.3, -0.6200246405632774022733571, -0.7720414433741964204947368],
    [100, 70, -7.750859224517794297548805, -0.0004304652318450111979545081],
    [1000, 900, -7.505769994233892399146731, -0.0005500535174143447312485035],
    [1000, 1000, -0.6847718632903101461478821, -0.7015932366459724956799348],
    [1000, 1100, -0.001059884733368643580332477, -6.850125014436265288283106],
    [1000, 3000, 0, -906.454506990074468603814],
    [1500.5, 1400, -5.503825660630852705485312, -0.004079476466558042184122185],
    [20000.5, 20000, -0.6940879442664962661284129, -0.6922073010579834810548301],
    [20000, 21000, -1.714866608576868883553173e-12, -27.09168581759193558707614],
    [1e6, 1e6, -0.692881254399695925554841, -0.6934131774557282440505954],
    [1e6, 1.01e6, -1.060699747758690144303395e-23, -52.90052830914024938264581],
    [10, 5000, 0, -4936.145287496543192878339],
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
