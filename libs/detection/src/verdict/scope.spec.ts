import { SECOND, MadeUp, START, suspectKey } from '../made-up.fixture';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';
import { type Affected, concentrations, exposedToCrashes, scopeOf } from './scope';

const countries = ['US', 'DE', 'JP', 'BR', 'AU', 'ZA'];
const builds = ['10.0.1', '10.0.2', '10.0.3', '10.0.4'];

/** 20 hosts of each country and build took the update; those crash that are named, host by host. */
function found(affected: Affected[], sampledOrgs: string[] = []) {
  const madeUp = new MadeUp().update();
  for (const osBuild of builds) {
    for (const country of countries)
      madeUp.fleet(20, { osBuild, country }).forEach((host) => madeUp.applies(host, SECOND));
  }
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const life = {
    level: 9,
    country: 'US',
    osBuild: builds[0]!,
    beats: [],
    leastDelayMs: null,
    installedAt: START,
    stoppedAt: null,
  };
  const signs = sampledOrgs.map((orgId, index) => ({ ...life, hostId: `s${index}`, orgId, receivedAt: START }));
  const applies = signs.map(({ hostId }) => ({
    hostId,
    level: 9,
    updateKey: suspectKey,
    receivedAt: START,
    occurredAt: START,
  }));
  watch.silences.sample.absorb({ signs, applies, channels: [] }, () => true);
  return concentrations(exposedToCrashes(watch, watch.updates.get(suspectKey)!), affected);
}

const host = (more: Partial<Affected> = {}): Affected => {
  const { country = 'US', osBuild = builds[0]!, orgId = 'o1' } = more;
  return { orgId, country, osBuild, stratumCountry: country, stratumOsBuild: osBuild };
};
const mixed = (count: number, of: (index: number) => Partial<Affected>) =>
  Array.from({ length: count }, (_, index) => host({ orgId: `o${index % 7}`, ...of(index) }));
const anywhere = (index: number) => ({ country: countries[index % 6]!, osBuild: builds[index % 4]! });

describe('where crashes are concentrated', () => {
  it.each([
    { name: 'everywhere', affected: mixed(48, anywhere), scope: 'global' },
    { name: 'one build', affected: mixed(48, (i) => ({ ...anywhere(i), osBuild: builds[2]! })), scope: 'single_build' },
    {
      name: 'one build of four, with five hosts',
      affected: mixed(5, (i) => ({ ...anywhere(i), osBuild: builds[2]! })),
      scope: 'single_build',
    },
    {
      name: 'one build of four, but three hosts only',
      affected: mixed(3, (i) => ({ ...anywhere(i), osBuild: builds[2]! })),
      scope: 'global',
    },
    { name: 'one region', affected: mixed(48, (i) => ({ ...anywhere(i), country: 'JP' })), scope: 'regional' },
    {
      name: 'two regions of many',
      affected: mixed(48, (i) => ({ ...anywhere(i), country: ['JP', 'DE'][i % 2]! })),
      scope: 'regional',
    },
    {
      name: 'two regions, but a few hosts only',
      affected: mixed(4, (i) => ({ ...anywhere(i), country: ['JP', 'DE'][i % 2]! })),
      scope: 'global',
    },
    {
      name: 'one organisation',
      affected: mixed(48, (i) => ({ ...anywhere(i), orgId: i % 20 === 0 ? 'o2' : 'o1' })),
      scope: 'single_org',
    },
    {
      name: 'a stray host in a small part',
      affected: [...mixed(48, (i) => ({ ...anywhere(i), osBuild: builds[1]! })), host({ orgId: 'o3' })],
      scope: 'single_build',
    },
    { name: 'nowhere', affected: [], scope: 'global' },
  ])('$name: $scope', ({ affected, scope }) => expect(scopeOf(affected, found(affected))).toBe(scope));

  it('is told by region and by build, and by organisation as far as sampled hosts show them', () => {
    const affected = mixed(20, (index) => ({ ...anywhere(index), osBuild: builds[2]!, orgId: `o${index % 2}` }));
    expect(found(affected).map(({ by }) => by)).toEqual(['region', 'os_build']);
    const [org, , build] = found(affected, ['o0', 'o1', 'o2', 'o3']);
    expect(org).toMatchObject({ by: 'org', spread: 0.5, cluster: { names: ['o0', 'o1'], affected: 1, exposed: 0.5 } });
    expect(build).toMatchObject({ by: 'os_build', spread: 0.25, top: { affected: 1, exposed: 0.25 } });
    expect(build!.cluster.lnRatio).toBeCloseTo(20 * Math.log(4) + 5 - 20, 10);
  });
});
