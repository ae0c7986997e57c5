import { rejectedByEvidence } from './many-hypotheses';

describe('many hypotheses', () => {
  it.each([
    { evidence: [], rejected: [] },
    { evidence: [99], rejected: [] },
    { evidence: [101], rejected: [0] },
    { evidence: [150, 150, 1], rejected: [0, 1] },
    { evidence: [150, 1, 1], rejected: [] },
    { evidence: [1, 301, 140], rejected: [1] },
    { evidence: [1, 301, 151], rejected: [1, 2] },
    { evidence: [101, 120, 102], rejected: [1, 2, 0] },
  ])('E of $evidence at 1 %: $rejected', ({ evidence, rejected }) =>
    expect(rejectedByEvidence(evidence.map(Math.log), 0.01)).toEqual(rejected),
  );
});
