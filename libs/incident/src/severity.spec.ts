import type { Description } from '@ringwatch/detection';
import { hostsAtRisk, isWorse, severityOf } from './severity';

function description(more: Partial<Description>): Description {
  return {
    driver: 'content.sys',
    driverVersion: '7',
    firstCrashAt: 0,
    crashedHosts: 0,
    observed: 0,
    expected: 0,
    relativeRisk: { estimate: 20, low: 2, high: null },
    exposedHosts: 1_000,
    appliedLastTenMinutes: 0,
    eligibleHosts: 8_000_000,
    silentHosts: 0,
    silentInOneOf: 1,
    crashLoopingHosts: 0,
    countries: [],
    orgs: [],
    osBuilds: [],
    stopCodes: [],
    signatures: [],
    fineSignatures: [],
    otherStops: [],
    scope: 'global',
    concentrations: [],
    secondOpinion: { maxsprt: null, rateRatio: null, crashRate: null, informationComponent: null, knownRate: null },
    ...more,
  };
}

/** Half of those that crashed did so because of it, since the ratio is at least 2; so many hosts took it. */
const atRisk = (hosts: number, more: Partial<Description> = {}) =>
  description({ observed: 2 * hosts, exposedHosts: 4 * hosts, ...more });

describe('severity', () => {
  it.each([
    { name: '999 hosts', of: atRisk(999), severity: 'sev3' },
    { name: '1,000 hosts', of: atRisk(1_000), severity: 'sev2' },
    { name: '9,999 hosts', of: atRisk(9_999), severity: 'sev2' },
    { name: '10,000 hosts', of: atRisk(10_000), severity: 'sev1' },
    { name: '1 % of those that run the channel', of: atRisk(20, { eligibleHosts: 2_000 }), severity: 'sev1' },
    { name: 'a host less than that', of: atRisk(19, { eligibleHosts: 2_000 }), severity: 'sev3' },
    { name: 'no host', of: atRisk(0, { eligibleHosts: 0, exposedHosts: 0 }), severity: 'sev3' },
    {
      name: 'a ratio that may be 1',
      of: atRisk(50_000, { relativeRisk: { estimate: 3, low: 1, high: 9 } }),
      severity: 'sev3',
    },
  ])('$name: $severity', ({ of, severity }) => expect(severityOf(of, true)).toBe(severity));

  it('counts hosts that will take it within the hour while it is offered, as far as there are any left', () => {
    const spreading = description({ observed: 200, exposedHosts: 1_000, appliedLastTenMinutes: 500 });
    expect(hostsAtRisk(spreading, true)).toBeCloseTo(4_000 * 0.1, 9);
    expect(hostsAtRisk(spreading, false)).toBeCloseTo(1_000 * 0.1, 9);
    expect(hostsAtRisk({ ...spreading, eligibleHosts: 1_500 }, true)).toBeCloseTo(1_500 * 0.1, 9);
  });

  it('never counts a host as more than one', () => {
    expect(hostsAtRisk(description({ observed: 9_000, exposedHosts: 1_000 }), false)).toBe(1_000);
  });

  it('is worse the smaller its number', () => {
    expect([isWorse('sev1', 'sev2'), isWorse('sev2', 'sev2'), isWorse('sev3', 'sev2')]).toEqual([true, false, false]);
  });
});
