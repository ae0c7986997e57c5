import type { Crash } from '../evidence';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';
import { emptyBatch } from '../made-up.fixture';
import type { CrashHour } from './crash-hours';
import { signatureOf } from '@ringwatch/signature';
import { ANY_DRIVER } from '../concurrent/buckets';

/** A full hour. */
export const NOW = Date.parse('2024-07-19T04:00:00Z');
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
export const hourNow = NOW / HOUR_MS;

/** Hosts per hour of each driver in the weeks before `NOW`, half of them in Europe. */
export function weeksOf(weeks: number, perHour: Record<string, number>): CrashHour[] {
  const hours = Array.from({ length: weeks * 168 }, (_, index) => hourNow - 1 - index);
  const all = Object.values(perHour).reduce((sum, each) => sum + each, 0);
  return Object.entries({ ...perHour, [ANY_DRIVER]: all }).flatMap(([bucket, hosts]) =>
    (['europe', 'americas'] as const).flatMap((region) =>
      hours.map((hour) => ({ bucket, region, hour, hosts: hosts / 2 })),
    ),
  );
}

/** A fleet with a past, whose crashes from `NOW` on arrive a minute after they happened. */
export class MadeUpWeeks {
  readonly watch = new Watch(defaultPolicy);
  private crashes: Crash[] = [];
  private next = 0;

  constructor(counts: readonly CrashHour[]) {
    this.watch.remember({ until: hourNow, counts });
    this.watch.expire(NOW - defaultPolicy.watchMs);
  }

  /** So many hosts crash evenly over the minutes after `NOW`. */
  crash(driver: string, count: number, [from, until]: readonly [number, number], more: Partial<Crash> = {}): this {
    for (let index = 0; index < count; index++) {
      const number = this.next++;
      const occurredAt = Math.floor(NOW + (from + ((until - from) * index) / count) * MINUTE_MS);
      const country = number % 2 === 0 ? 'DE' : 'US';
      const host = { hostId: `host-${number}`, orgId: `org-${number % 9}`, country, osBuild: 'b' };
      this.crashes.push({
        eventId: `crash-${number}`,
        ...host,
        ...{ stratumCountry: country, stratumOsBuild: 'b', stopCode: 0x50, driver, driverVersion: '7', channel: '' },
        signature: signatureOf({
          bugcheck_code: 0x50,
          bugcheck_parameters: [0n, 0n, 0n, 0n],
          driver,
          fault_offset: null,
        }),
        ...{ occurredAt, receivedAt: occurredAt + MINUTE_MS },
        ...more,
      });
    }
    return this;
  }

  /** Takes in what arrived in so many minutes after `NOW`; gives the tick. */
  absorb(minutes: number): number {
    const tick = NOW + minutes * MINUTE_MS;
    const arrived = this.crashes.filter(({ receivedAt }) => receivedAt < tick);
    this.watch.absorb({ ...emptyBatch(), crashes: arrived });
    return tick;
  }
}
