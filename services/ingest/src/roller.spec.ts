import { restAfter, usualPace } from './roller';

const worked = (...times: number[]) => times.map((ms) => ({ hour: new Date(0), rows: 1, ms }));

describe('the pace of the roller', () => {
  it.each([
    { name: 'looks again soon when there was nothing to do', hours: worked(), ms: 1_000 },
    { name: 'rests the least time after little work', hours: worked(20), ms: 1_000 },
    { name: 'leaves nine tenths of the time to others', hours: worked(2_000), ms: 18_000 },
    { name: 'adds up what one look has done', hours: worked(200, 300), ms: 4_500 },
  ])('$name', ({ hours, ms }) => expect(restAfter(hours, usualPace)).toBe(ms));
});
