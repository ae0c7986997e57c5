import { updateKey, type Update } from '@ringwatch/rollout';
import { MINUTE, MadeUp, SECOND, START, seeded, suspect } from '../made-up.fixture';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';
import { measure } from './measure';
import { Rivals } from './rivals';
import { explanations } from './together';

const other: Update = { channel: 'signatures', version: '9' };
const channels = [suspect.channel, other.channel];

type Kind = 'first' | 'second' | 'both';

/**
 * 2,000 hosts, all sampled, take each update by a coin of their own within half an hour; those crash soon that took what is
 * to blame, at 4 %. `shared`: so many take both together instead.
 */
function fleet(guilty: Kind, seed: number, { shared = 0, isSampled = true } = {}) {
  const random = seeded(seed);
  const madeUp = new MadeUp().update().update(other);
  const applies: SampledApply[] = [];
  const hosts = madeUp.fleet(2_000, {}, channels);
  for (const host of hosts) {
    const isShared = random() < shared;
    const at = random() * 30 * MINUTE;
    const [first, second] = [isShared || random() < 0.4, isShared || random() < 0.6].map((takes, index) =>
      takes ? Math.floor(isShared ? at + index * SECOND : random() * 30 * MINUTE) : Infinity,
    ) as [number, number];
    for (const [update, when] of [
      [suspect, first],
      [other, second],
    ] as const) {
      if (when === Infinity) continue;
      madeUp.applies(host, when, update);
      applies.push(sampled(host, when, update));
    }
    const since = { first, second, both: Math.max(first, second) }[guilty];
    if (since < Infinity && random() < 0.04)
      madeUp.crashes(host, since + Math.floor(random() * MINUTE), { driver: 'ntfs.sys' });
  }
  return compared(madeUp, hosts, isSampled ? applies : undefined);
}

/**
 * 20,000 hosts, all sampled, take the first update over 78 minutes, and 90 % of them the second, which is innocent, half a minute
 * later; of those that took the first, 5 % crash 45 to 90 s after it. Seen at `until`, ms after the start.
 */
function followed(seed: number, until: number) {
  const random = seeded(seed);
  const madeUp = new MadeUp().update().update(other);
  const applies: SampledApply[] = [];
  const hosts = madeUp.fleet(20_000, {}, channels);
  const anyTime = () => Math.floor(random() * 78 * MINUTE);
  for (const host of hosts) {
    const first = anyTime();
    const second = random() < 0.9 ? first + 30 * SECOND : anyTime();
    for (const [update, when] of [
      [suspect, first],
      [other, second],
    ] as const) {
      if (when >= until) continue;
      madeUp.applies(host, when, update);
      applies.push(sampled(host, when, update));
    }
    const crashed = first + Math.floor((45 + 45 * random()) * SECOND);
    if (random() < 0.05 && crashed < until) madeUp.crashes(host, crashed, { driver: 'ntfs.sys' });
  }
  return compared(madeUp, hosts, applies);
}

type Host = ReturnType<MadeUp['fleet']>[number];
type SampledApply = ReturnType<typeof sampled>;

const sampled = (host: Host, when: number, update: Update) => ({
  hostId: host.id,
  level: 9,
  updateKey: updateKey(update),
  receivedAt: START + when,
  occurredAt: START + when,
});

/** Both updates as they are watched; the sample knows all hosts, or none where `applies` are not given. */
function compared(madeUp: MadeUp, hosts: readonly Host[], applies: readonly SampledApply[] | undefined) {
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  const life = { level: 9, receivedAt: START, beats: [], leastDelayMs: null, installedAt: START, stoppedAt: null };
  const signs = hosts.map(({ id, org, country, osBuild }) => ({ ...life, hostId: id, orgId: org, country, osBuild }));
  const runs = hosts.flatMap(({ id }) =>
    channels.map((channel) => ({ hostId: id, level: 9, channel, receivedAt: START })),
  );
  if (applies) watch.silences.sample.absorb({ signs, applies: [...applies], channels: runs }, () => true);
  const [a, b] = [suspect, other].map((update) => watch.updates.get(updateKey(update))!);
  return { watch, a: a!, b: b!, rivals: new Rivals(watch, (watched) => measure(watched, defaultPolicy)) };
}

const seeds = Array.from({ length: 4 }, (_, index) => index + 1);

describe('two updates under way', () => {
  it.each(seeds)('are blamed together where crashes need both (seed %d)', (seed) => {
    const { rivals, a, b } = fleet('both', seed);
    expect(rivals.areTogether(a, b)).toBe(true);
    expect(rivals.areTogether(b, a)).toBe(true);
    expect(rivals.compare(a, b)).toBe('not_separable');
    expect(rivals.inseparable(a, [])).toEqual([a, b]);
    const shares = rivals.blame(a, [b], [a, b]);
    expect(shares.map(({ confidence }) => confidence)).toEqual([shares[0]!.confidence, shares[0]!.confidence]);
  });

  it.each(seeds)('are not blamed together where one is enough (seed %d)', (seed) => {
    for (const guilty of ['first', 'second'] as const) {
      const { rivals, a, b } = fleet(guilty, seed);
      expect(rivals.areTogether(a, b)).toBe(false);
      expect(rivals.inseparable(a, [])).toEqual([]);
      expect(rivals.compare(a, b)).toBe(guilty === 'first' ? 'explains_rival' : 'explained_by_rival');
    }
  });

  it('are compared by hosts that have one of them only: an innocent one that follows is not blamed', () => {
    const verdicts = Array.from({ length: 12 }, (_, index) => {
      const { rivals, a, b } = followed(index + 1, 2.5 * MINUTE);
      return rivals.compare(a, b);
    });
    expect(verdicts).not.toContain('explained_by_rival');
    expect(verdicts.filter((verdict) => verdict === 'explains_rival').length).toBeGreaterThanOrEqual(10);
  });

  it('are not called one while most hosts took both at once: nothing can tell', () => {
    const { watch, a, b } = fleet('both', 1, { shared: 0.97 });
    const { first, both } = explanations(watch, a, b, 'ntfs.sys')!;
    expect(both - first).toBeLessThan(3);
  });

  it('are compared as before where no host is sampled', () => {
    const { watch, rivals, a, b } = fleet('both', 1, { isSampled: false });
    expect(explanations(watch, a, b, 'ntfs.sys')).toBeUndefined();
    expect(rivals.areTogether(a, b)).toBe(false);
  });

  it('gives the same figures whichever is named first', () => {
    const { watch, a, b } = fleet('both', 5);
    const one = explanations(watch, a, b, 'ntfs.sys')!;
    expect(explanations(watch, b, a, 'ntfs.sys')).toEqual({
      first: one.second,
      second: one.first,
      both: one.both,
      inStep: { first: one.inStep.second, second: one.inStep.first },
    });
  });
});
