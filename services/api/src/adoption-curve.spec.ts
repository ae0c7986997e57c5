import { adoptionCurve, bucketFor } from './adoption-curve';

const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, minute));

describe('bucketFor', () => {
  it.each([
    { from: null, to: at(0), seconds: 60 },
    { from: at(0), to: at(0), seconds: 60 },
    { from: at(0), to: at(400), seconds: 60 },
    { from: at(0), to: at(401), seconds: 300 },
    { from: at(0), to: at(14 * 1_440), seconds: 3_600 },
    { from: new Date(0), to: at(0), seconds: 2_592_000 },
  ])('draws $from to $to by $seconds s', ({ from, to, seconds }) => expect(bucketFor(from, to)).toBe(seconds));
});

describe('adoptionCurve', () => {
  it('adds up those who applied it and fills the gaps', () => {
    const points = [
      { bucketStart: at(0), newlyApplied: 5, crashes: 0, crashedHosts: 0 },
      { bucketStart: at(2), newlyApplied: 3, crashes: 4, crashedHosts: 2 },
    ];
    expect(adoptionCurve(points, [], 60)).toMatchObject([
      { bucket_start: at(0), applied_hosts: 5, crashes: 0, crashed_hosts: 0 },
      { bucket_start: at(1), applied_hosts: 5, crashes: 0, crashed_hosts: 0 },
      { bucket_start: at(2), applied_hosts: 8, crashes: 4, crashed_hosts: 2 },
    ]);
  });

  it('adds up those who fell silent, beyond the last crash, and tells nothing where nobody beats', () => {
    const points = [{ bucketStart: at(1), newlyApplied: 5, crashes: 0, crashedHosts: 0 }];
    const silence = [
      { bucketStart: at(1), newlyApplied: 4, newlySilent: 1 },
      { bucketStart: at(3), newlyApplied: 0, newlySilent: 2 },
    ];
    expect(adoptionCurve(points, silence, 60)).toMatchObject([
      { applied_hosts: 5, sampled_hosts: 4, silent_hosts: 1, silent_per_1000: 250 },
      { applied_hosts: 5, sampled_hosts: 4, silent_hosts: 1, silent_per_1000: 250 },
      { bucket_start: at(3), applied_hosts: 5, sampled_hosts: 4, silent_hosts: 3, silent_per_1000: 750 },
    ]);
    expect(adoptionCurve(points, [], 60)).toMatchObject([
      { sampled_hosts: null, silent_hosts: null, silent_per_1000: null },
    ]);
  });

  it('is empty before the first install', () => expect(adoptionCurve([], [], 60)).toEqual([]));

  it('refuses a width that gives too many points', () => {
    const ends = [at(0), new Date(at(0).getTime() + 10_000_000)].map((bucketStart) => ({
      bucketStart,
      newlyApplied: 1,
      crashes: 0,
      crashedHosts: 0,
    }));
    expect(() => adoptionCurve(ends, [], 1)).toThrow('wanted a width');
  });
});
