import { signatureOf } from '@ringwatch/signature';
import fc from 'fast-check';
import { seeded } from '../made-up.fixture';
import type { Crash } from '../evidence';
import { type CrashHour, CrashHours, hourOf } from './crash-hours';

const HOUR_MS = 3_600_000;
const START = 1_000 * HOUR_MS;

/** Crashes of few hosts over three days, most of them told soon, some a day late. */
function world(seed: number): Crash[] {
  const random = seeded(seed);
  const one = (values: readonly string[]) => values[Math.floor(random() * values.length)]!;
  return Array.from({ length: 200 }, (_, index) => {
    const occurredAt = START + Math.floor(random() * 72 * HOUR_MS);
    const country = one(['DE', 'US']);
    const driver = one(['x.sys', 'y.sys']);
    return {
      eventId: `crash-${index}`,
      ...{ hostId: one(['a', 'b', 'c', 'd']), orgId: 'o', country, osBuild: 'b', stratumCountry: country },
      ...{ stratumOsBuild: 'b', stopCode: 0x50, driver, driverVersion: '', channel: '' },
      signature: signatureOf({
        bugcheck_code: 0x50,
        bugcheck_parameters: [0n, 0n, 0n, 0n],
        driver,
        fault_offset: null,
      }),
      ...{ occurredAt, receivedAt: occurredAt + Math.floor(random() ** 4 * 40 * HOUR_MS) },
    };
  }).sort((a, b) => a.receivedAt - b.receivedAt);
}

const buckets = ['*', 'x.sys', 'y.sys'];
const [since, until] = [1_000, 1_072];

function figures(hours: CrashHours) {
  return buckets.map((bucket) => ({
    bucket,
    series: [...hours.series(bucket, since, until)],
    regions: [...hours.byRegion(bucket, since, until)].sort(),
  }));
}

function counted(crashes: readonly Crash[]): CrashHours {
  const hours = new CrashHours();
  for (const crash of crashes) hours.add(crash);
  return hours;
}

describe('hosts per hour', () => {
  it('are distinct hosts, as an independent count says', () =>
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const crashes = world(seed);
        const hours = counted(crashes);
        for (const bucket of buckets) {
          const hosts = new Set(
            crashes
              .filter(({ driver }) => bucket === '*' || driver === bucket)
              .filter(({ occurredAt, receivedAt }) => receivedAt < (hourOf(occurredAt) + 25) * HOUR_MS)
              .map(({ hostId, occurredAt }) => `${hostId} ${hourOf(occurredAt)}`),
          );
          expect(hours.series(bucket, since, until).reduce((sum, each) => sum + each, 0)).toBe(hosts.size);
        }
      }),
      { numRuns: 20 },
    ));

  it('are the same for one who starts anew with counts of the hours before, and forgets who crashed', () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 26, max: 70 }), (seed, restart) => {
        const crashes = world(seed);
        const at = START + restart * HOUR_MS;
        const before = crashes.filter(({ receivedAt }) => receivedAt < at);
        const running = counted(before);
        running.forget(0, hourOf(at) - 26);
        const detailFrom = hourOf(at) - 26;
        const renewed = new CrashHours();
        renewed.remember({ until: detailFrom, counts: countsOf(counted(before)) });
        for (const crash of before) if (crash.receivedAt >= detailFrom * HOUR_MS) renewed.add(crash);
        for (const crash of crashes) {
          if (crash.receivedAt < at) continue;
          running.add(crash);
          renewed.add(crash);
        }
        expect(figures(renewed)).toEqual(figures(running));
        expect(figures(running)).toEqual(figures(counted(crashes)));
      }),
      { numRuns: 30 },
    ));

  it('since an instant leave out who crashed before it in its hour', () => {
    const [first, later] = [world(1)[0]!, world(1)[1]!];
    const hours = counted([
      { ...first, hostId: 'a', occurredAt: START + 1, receivedAt: START + 2, country: 'US' },
      { ...later, hostId: 'b', occurredAt: START + 1_000, receivedAt: START + 2_000, country: 'US' },
    ]);
    expect([...hours.anySince(START + 500, since + 1)]).toEqual([['americas', 1]]);
    expect([...hours.anySince(START, since + 1)]).toEqual([['americas', 2]]);
  });
});

function countsOf(hours: CrashHours): CrashHour[] {
  return buckets.flatMap((bucket) =>
    (['europe', 'americas'] as const).flatMap((region) =>
      Array.from({ length: 120 }, (_, index) => since + index - 20).map((hour) => ({
        ...{ bucket, region, hour },
        hosts: hours.byRegion(bucket, hour, hour + 1).get(region) ?? 0,
      })),
    ),
  );
}
