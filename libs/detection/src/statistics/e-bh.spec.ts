import fc from 'fast-check';
import { discoveryLine } from './e-bh';

const discoveries = (evidence: readonly number[], alpha: number) => {
  const line = discoveryLine(evidence.map(Math.log), alpha);
  return evidence.filter((each) => Math.log(each) >= line);
};

describe('e-BH', () => {
  it.each([
    ['nothing among nothing', [], 0.05, []],
    ['one at 1/alpha', [20], 0.05, [20]],
    ['none just below', [19.9], 0.05, []],
    ['one of two needs twice as much', [39.9, 1], 0.05, []],
    ['two of two need no more than one alone', [20, 20], 0.05, [20, 20]],
    ['a weaker one in good company', [1_000, 900, 70, 1, 1], 0.05, [1_000, 900, 70]],
    ['which it would not be alone', [70, 1, 1, 1, 1], 0.05, []],
  ])('%s', (_, evidence, alpha, found) => expect(discoveries(evidence, alpha)).toEqual(found));

  it('never takes back a discovery when there is more evidence', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.nat(29),
        (lnEvidence, at) => {
          const more = lnEvidence.map((each, index) => (index === at % lnEvidence.length ? each + 1 : each));
          expect(discoveryLine(more, 0.01)).toBeLessThanOrEqual(discoveryLine(lnEvidence, 0.01));
        },
      ),
    ));
});
