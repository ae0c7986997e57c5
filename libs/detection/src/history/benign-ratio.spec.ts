import { defaultPolicy } from '../policy';
import { type BenignUpdate, nullRatioOf, updateClassOf } from './benign-ratio';

/** Innocent updates of a channel, one a minute, with the ratios given. */
function noted(ratios: readonly number[], channel = 'av-signatures', since = 0): BenignUpdate[] {
  return ratios.map((relativeRisk, index) => ({
    update: { channel, version: `${index}` },
    relativeRisk,
    notedAt: since + index * 60_000,
  }));
}
const of = (benign: readonly BenignUpdate[], until = Infinity, channel = 'channel-file-291') =>
  nullRatioOf(channel, benign, until, defaultPolicy);
const times = (count: number, ratio: number) => Array.from({ length: count }, () => ratio);

describe('the rate ratio that an innocent update may have', () => {
  it.each([
    { name: 'is the setting until 30 are known', benign: noted(times(29, 5)), ratio: 3, learnedFrom: 0 },
    { name: 'is then the upper 95 % of theirs', benign: noted([...times(38, 2.5), 4, 7]), ratio: 2.5, learnedFrom: 40 },
    { name: 'which one in twenty may pass', benign: noted([...times(27, 2.5), 4, 5, 6]), ratio: 5, learnedFrom: 30 },
    { name: 'is never below 2', benign: noted(times(40, 0.9)), ratio: 2, learnedFrom: 40 },
    { name: 'is never above 10', benign: noted(times(40, 80)), ratio: 10, learnedFrom: 40 },
    { name: 'forgets all but 200', benign: noted([...times(100, 8), ...times(200, 4)]), ratio: 4, learnedFrom: 200 },
    {
      name: 'learns nothing from another class',
      benign: noted(times(40, 5), 'driver:gpu.sys'),
      ratio: 3,
      learnedFrom: 0,
    },
  ])('$name', ({ benign, ratio, learnedFrom }) => {
    expect(of(benign)).toEqual({ ratio, learnedFrom });
    expect(of([...benign].reverse())).toEqual({ ratio, learnedFrom });
  });

  it('is what was known when the update was first heard of', () => {
    const benign = [...noted(times(30, 5)), ...noted(times(30, 8), 'av-signatures', 60 * 60_000)];
    expect(of(benign, 29 * 60_000 - 1).learnedFrom).toBe(0);
    expect(of(benign, 29 * 60_000)).toEqual({ ratio: 5, learnedFrom: 30 });
    expect(of(benign)).toEqual({ ratio: 8, learnedFrom: 60 });
  });

  it.each([
    ['driver:nvlddmkm.sys', 'driver'],
    ['windows-cumulative', 'os'],
    ['os', 'os'],
    ['KB5040442', 'os'],
    ['channel-file-291', 'content'],
    ['oscar', 'content'],
  ])('%s is of the class %s', (channel, expected) => expect(updateClassOf(channel)).toBe(expected));
});
