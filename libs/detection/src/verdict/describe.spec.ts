import { describe as describeEvidence } from './describe';
import { MINUTE, MadeUp, MadeUpHost, SECOND, START, suspectKey } from '../made-up.fixture';
import { measure } from './measure';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';

function described(madeUp: MadeUp) {
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const watched = watch.updates.get(suspectKey)!;
  return describeEvidence(watch, watched, measure(watched, defaultPolicy), defaultPolicy);
}

/** Three builds and three regions; every fourth host takes the update, and of those the ones that it hits crash. */
function scopeWhere(isHit: (host: MadeUpHost) => boolean) {
  const madeUp = new MadeUp(9).update().action('shipped', 0);
  for (const osBuild of ['10.0.1', '10.0.2', '10.0.3']) {
    for (const country of ['US', 'DE', 'JP']) {
      const took = madeUp.fleet(120, { osBuild, country }).slice(0, 30);
      took.forEach((host, index) => {
        madeUp.applies(host, index * SECOND);
        if (isHit(host)) madeUp.crashes(host, MINUTE + index * SECOND);
      });
    }
  }
  return described(madeUp).scope;
}

describe('the scope', () => {
  it.each([
    { scope: 'global', isHit: () => true },
    { scope: 'single_build', isHit: ({ osBuild }: MadeUpHost) => osBuild === '10.0.2' },
    { scope: 'regional', isHit: ({ country }: MadeUpHost) => country === 'DE' },
    { scope: 'single_org', isHit: ({ org }: MadeUpHost) => org === 'org-3' },
    { scope: 'global', isHit: ({ osBuild }: MadeUpHost) => osBuild !== '10.0.2' },
  ])('$scope', ({ scope, isHit }) => expect(scopeWhere(isHit)).toBe(scope));

  it('is global where the update went to one build only: that says nothing of the build', () => {
    const madeUp = new MadeUp().update().action('shipped', 0);
    for (const host of madeUp.fleet(400).slice(0, 30)) madeUp.applies(host, 0).crashes(host, MINUTE);
    expect(described(madeUp).scope).toBe('global');
  });
});

describe('the numbers', () => {
  const madeUp = new MadeUp(4).update().action('shipped', 0);
  const fleet = madeUp.fleet(1_000);
  fleet.slice(0, 100).forEach((host, index) => madeUp.applies(host, index * 12 * SECOND));
  fleet.slice(0, 20).forEach((host, index) => {
    for (let crash = 0; crash < (index < 7 ? 3 : 2); crash++) madeUp.crashes(host, 30 * MINUTE + crash * MINUTE);
  });
  fleet.slice(900, 903).forEach((host) => madeUp.crashes(host, 30 * MINUTE));
  madeUp.crashes(fleet[50]!, 31 * MINUTE, { driver: 'other.sys' });
  const numbers = described(madeUp);

  it('count hosts of the leading bucket, those exposed, those that could have been, and the loops', () => {
    expect(numbers).toMatchObject({
      driver: 'content.sys',
      driverVersion: '7',
      firstCrashAt: START + 30 * MINUTE,
      observed: 20,
      exposedHosts: 100,
      eligibleHosts: 1_000,
      crashLoopingHosts: 7,
      stopCodes: [{ value: '0x00000050', hosts: 20 }],
      countries: [{ value: 'US', hosts: 20 }],
    });
    expect(numbers.orgs).toEqual(['org-0', 'org-1', 'org-2', 'org-3'].map((value) => ({ value, hosts: 5 })));
  });

  it('count no loop from before the update started', () => {
    const before = new MadeUp(4).update().action('shipped', 0);
    const [host] = before.fleet(50);
    before.applies(host!, -120 * MINUTE).crashes(host!, 5 * MINUTE);
    for (const minutes of [-110, -100, -90]) before.crashes(host!, minutes * MINUTE);
    expect(described(before)).toMatchObject({ observed: 1, crashLoopingHosts: 0 });
  });

  it('say what was to be expected, by how much it was more, and how fast the update spreads', () => {
    expect(numbers.expected).toBeCloseTo((3 * 100) / 900, 10);
    expect(numbers.relativeRisk.estimate).toBeCloseTo((19.5 / 3.5) * 9, 3);
    expect(numbers.appliedLastTenMinutes).toBe(50);
  });
});
