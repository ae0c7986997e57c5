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
  fleet.slice(910, 920).forEach((host) => madeUp.crashes(host, 31 * MINUTE, { driver: 'other.sys' }));
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
      stopCodes: [{ value: '0x00000050', hosts: 20, name: 'PAGE_FAULT_IN_NONPAGED_AREA' }],
      countries: [{ value: 'US', hosts: 20 }],
    });
    expect(numbers.orgs).toEqual(['org-0', 'org-1', 'org-2', 'org-3'].map((value) => ({ value, hosts: 5 })));
  });

  it('name the ways in which hosts failed, of any driver, and which rules say so', () => {
    expect(numbers.signatures.map(({ value, hosts }) => [value, hosts])).toEqual([
      ['0x50 PAGE_FAULT_IN_NONPAGED_AREA | content.sys | read', 20],
      ['0x50 PAGE_FAULT_IN_NONPAGED_AREA | other.sys | read', 1],
    ]);
    expect(numbers.signatures[0]!.parts.map(({ name, rule }) => [name, rule])).toEqual([
      ['stop_code', 'stop_code'],
      ['driver', 'blamed_driver'],
      ['subtype', 'named_parameter'],
    ]);
    expect(numbers.fineSignatures[0]).toEqual({
      value: '0x50 PAGE_FAULT_IN_NONPAGED_AREA | content.sys | read | +0x1000',
      hosts: 20,
    });
  });

  it('fold twins of a stop code', () => {
    const twins = new MadeUp(4).update().action('shipped', 0);
    twins
      .fleet(40)
      .slice(0, 8)
      .forEach((host, index) => {
        twins.applies(host, 0).crashes(host, MINUTE, { stopCode: index < 3 ? 0x1000007e : 0x7e });
      });
    expect(described(twins).stopCodes).toEqual([
      { value: '0x0000007E', hosts: 8, name: 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED' },
    ]);
  });

  it('show hosts that stopped in a way that is no driver’s fault after they had applied the update, and count them nowhere else', () => {
    const other = new MadeUp(4).update().action('shipped', 0);
    const hosts = other.fleet(40);
    hosts.slice(0, 10).forEach((host) => other.applies(host, 0));
    other.crashes(hosts[0]!, MINUTE, { stopCode: 0xe2 }).crashes(hosts[0]!, 2 * MINUTE, { stopCode: 0xdeaddead });
    other.crashes(hosts[1]!, MINUTE, { stopCode: 0x124 }).crashes(hosts[1]!, MINUTE, { stopCode: 0x100000e2 });
    other.crashes(hosts[2]!, MINUTE, { stopCode: 0x101 });
    other.crashes(hosts[3]!, -MINUTE, { stopCode: 0x193 });
    other.crashes(hosts[30]!, MINUTE, { stopCode: 0x193 });
    expect(described(other)).toMatchObject({
      observed: 0,
      signatures: [],
      otherStops: [
        { kind: 'manual', hosts: 2 },
        { kind: 'hardware', hosts: 2 },
      ],
    });
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
