import { defaultPolicy } from './policy';
import { readPolicy } from './read-policy';

const told = (other: unknown) => {
  const read = readPolicy(other);
  if (read.kind === 'policy') return read.policy;
  return read.problems.map(({ setting, wanted, got }) => `${setting}: wanted ${wanted}, got ${got}`);
};

describe('a policy with other settings', () => {
  it('is the default where nothing is named', () => expect(told({})).toEqual(defaultPolicy));

  it('takes each setting as the default has it', () => {
    const written = JSON.parse(JSON.stringify(defaultPolicy)) as object; // writes an endless window as null
    expect(told(written)).toEqual(defaultPolicy);
  });

  it('replaces what is named and nothing else', () =>
    expect(told({ alpha: 0.05, ageWindowsMin: [[0, null]] })).toEqual({
      ...defaultPolicy,
      alpha: 0.05,
      ageWindowsMin: [[0, Infinity]],
    }));

  it.each([
    [[], [': wanted an object of settings, got []']],
    [{ alpha: 1 }, ['alpha: wanted a number above 0 and below 1, got 1']],
    [{ alpha: '1e-6' }, ['alpha: wanted a number above 0 and below 1, got "1e-6"']],
    [{ minHosts: 2.5 }, ['minHosts: wanted a whole number of 1 or more, got 2.5']],
    [
      { weights: { owner: 0.9, ownerSignatures: 0, other: 0.3, any: 0.1, silence: 0, history: 0 } },
      [
        'weights: wanted owner, ownerSignatures, other, any, silence and history, which sum to at most 1, got {"owner":0.9,"ownerSignatures":0,"other":0.3,"any":0.1,"silence":0,"history":0}',
      ],
    ],
    [
      { weights: { owner: 0.4, ownerSignatures: 0.1, others: 0.3, any: 0.1, silence: 0, history: 0 } },
      [
        'weights.other: wanted a number from 0 to 1, got nothing',
        'weights.others: wanted one of owner, ownerSignatures, other, any, silence, history, got a name that there is not',
      ],
    ],
    [
      { ageWindowsMin: [[0, 15]] },
      ['ageWindowsMin: wanted a list of windows, one of them from 0 without an end: [0, null], got [[0,15]]'],
    ],
    [
      { minOrgs: 0, watchMs: 5 },
      ['minOrgs: wanted a whole number of 1 or more, got 0', 'watchMs: wanted milliseconds, an hour or more, got 5'],
    ],
  ])('%j is refused, problem by problem', (other, problems) => expect(told(other)).toEqual(problems));

  it('names what there is where a name is wrong', () =>
    expect(told({ apha: 0.1 })).toEqual([
      `apha: wanted one of ${Object.keys(defaultPolicy).join(', ')}, got a name that there is not`,
    ]));
});
