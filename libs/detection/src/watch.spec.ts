import { type Update, updateKey } from '@ringwatch/rollout';
import fc from 'fast-check';
import { describe as describeEvidence } from './verdict/describe';
import type { EvidenceBatch } from './evidence';
import { evidenceWithout } from './verdict/blame';
import { guard } from './verdict/guards';
import { MINUTE, MadeUp, SECOND, START, emptyBatch, seeded, suspect, suspectKey } from './made-up.fixture';
import { measure } from './verdict/measure';
import { defaultPolicy } from './policy';
import { Watch } from './watch';

const kinds = Object.keys(emptyBatch()) as Array<keyof EvidenceBatch>;
const updates = ['content', 'signatures', 'driver:a.sys'].map((channel) => ({ channel, version: '2' }));

/** Twenty minutes of a small fleet that takes three updates, crashes, and tells much of it late. */
function world(seed: number): EvidenceBatch {
  const random = seeded(seed);
  const at = (minutes = 20) => Math.floor(random() * minutes * MINUTE);
  const told = (occurred: number) => occurred + (random() < 0.6 ? 0 : at(15));
  const madeUp = new MadeUp(4);
  for (const update of updates) madeUp.action('shipped', at(2), update, { driver: 'a.sys', told: at() });
  madeUp.action('expanded', at(), updates[0]).action('withdrawn', at(), updates[0]);
  for (let count = 0; count < 30; count++) {
    const [host] = madeUp.fleet(1, { osBuild: `b${Math.floor(random() * 2)}` }, []);
    for (const { channel } of updates) if (random() < 0.8) madeUp.runs(host!, channel, at() - 15 * MINUTE, at(4));
    for (const update of updates) {
      const applied = at();
      if (random() < 0.6) madeUp.applies(host!, applied, update, told(applied));
    }
    while (random() < 0.7) {
      const crashed = at();
      const driver = ['a.sys', 'b.sys', 'c.sys'][Math.floor(random() * 3)]!;
      madeUp.crashes(host!, crashed, { driver, told: told(crashed), channel: random() < 0.2 ? 'content' : '' });
    }
  }
  for (const update of updates) madeUp.update(update, firstSign(madeUp.batch, update, { at: at(2), told: at(8) }));
  return madeUp.batch;
}

/** An update is known from its announcement or from its first install, whichever arrived first. */
function firstSign({ applied }: EvidenceBatch, update: Update, announced: { at: number; told: number }) {
  return applied
    .filter((each) => each.update === update)
    .map(({ occurredAt, receivedAt }) => ({ at: occurredAt - START, told: receivedAt - START }))
    .reduce((first, each) => (each.told < first.told ? each : first), announced);
}

/** Everything that can be asked of a watch, as text: equal to the last digit or not at all. */
function stateOf(watch: Watch): string {
  const watched = [...watch.updates.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return JSON.stringify(
    watched.map((each) => {
      const measured = measure(each, watch.policy);
      const without = watched.filter((other) => other !== each).map((other) => evidenceWithout(watch, each, other));
      const { key, shippedAt, lastAction, owners } = each;
      const numbers = describeEvidence(watch, each, measured, watch.policy);
      const lenient = { ...watch.policy, minHosts: 1, minOrgs: 1 };
      return [
        key,
        shippedAt,
        lastAction?.action,
        [...owners].sort(),
        measured,
        without,
        numbers,
        guard(each, measured, lenient),
      ];
    }),
  );
}

/** Asks after every batch, so that what is kept from one question to the next is put to the test too. */
function absorbing(batches: readonly EvidenceBatch[]): Watch {
  const watch = new Watch(defaultPolicy);
  for (const batch of batches) {
    watch.absorb(batch);
    for (const watched of watch.updates.values()) measure(watched, watch.policy);
  }
  return watch;
}

/** The part of a batch that arrived from one time on and before another. */
function arrived(batch: EvidenceBatch, since: number, until: number): EvidenceBatch {
  const part = kinds.map((kind) => [
    kind,
    batch[kind].filter(({ receivedAt }) => receivedAt >= START + since && receivedAt < START + until),
  ]);
  return Object.fromEntries(part) as EvidenceBatch;
}

function shuffled(batch: EvidenceBatch, seed: number): EvidenceBatch {
  const random = seeded(seed);
  const mixed = kinds.map((kind) => {
    const rows = (batch[kind] as unknown[]).map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
    return [kind, rows.map(({ row }) => row)];
  });
  return Object.fromEntries(mixed) as EvidenceBatch;
}

/** What arrived by a time, as the portions between borders in minutes. */
function portioned(batch: EvidenceBatch, borders: readonly number[], seed: number): EvidenceBatch[] {
  const sorted = [-30, ...[...borders].sort((a, b) => a - b), 60].map((minutes) => minutes * MINUTE);
  return sorted.slice(1).map((until, index) => shuffled(arrived(batch, sorted[index]!, until), seed + index));
}

/** The store tells of a host that crashed all that was known of it by then, again for each of its crashes. */
function withEarlierOf(part: EvidenceBatch, all: EvidenceBatch): EvidenceBatch {
  const known = (row: { hostId: string; receivedAt: number }) =>
    part.crashes.some(({ hostId, receivedAt }) => hostId === row.hostId && row.receivedAt <= receivedAt);
  return {
    ...part,
    hostChannels: [...part.hostChannels, ...all.hostChannels.filter(known)],
    hostApplies: [...part.hostApplies, ...all.hostApplies.filter(known)],
  };
}

describe('a watch', () => {
  const seeds = fc.integer({ min: 1, max: 1_000 });
  const borders = fc.array(fc.double({ min: -1, max: 35, noNaN: true }), { maxLength: 6 });

  it('holds the same, to the last digit, in whatever order and portions the evidence came', () => {
    fc.assert(
      fc.property(seeds, borders, (seed, cuts) => {
        const batch = world(seed);
        expect(stateOf(absorbing(portioned(batch, cuts, seed)))).toBe(stateOf(absorbing([batch])));
      }),
      { numRuns: 12 },
    );
  });

  it('names as touched, at the tick when it arrived, what a repetition later does not touch again', () => {
    fc.assert(
      fc.property(seeds, borders, (seed, cuts) => {
        const batch = { ...world(seed), eligible: [], applied: [], actions: [] };
        const parts = portioned(batch, cuts, seed);
        const watch = absorbing(parts);
        const before = stateOf(watch);
        for (const part of parts) expect(watch.absorb({ ...part, updates: [] })).toEqual([]);
        expect(stateOf(watch)).toBe(before);
      }),
      { numRuns: 10 },
    );
  });

  it('is the same when it forgot what it does not need, and when it was built anew from what is stored', () => {
    fc.assert(
      fc.property(seeds, borders, fc.integer({ min: 1, max: 8 }), (seed, cuts, expireMinute) => {
        const batch = world(seed);
        const running = new Watch(defaultPolicy);
        running.absorb({ ...emptyBatch(), updates: batch.updates });
        for (const part of portioned(batch, cuts, seed)) {
          running.absorb(withEarlierOf(part, batch));
          running.forget();
        }
        running.expire(START + expireMinute * MINUTE);
        running.forget();
        const known = batch.updates.filter(({ receivedAt }) => receivedAt >= START + expireMinute * MINUTE);
        const rebuilt = absorbing([{ ...batch, updates: known }]);
        expect(stateOf(running)).toBe(stateOf(rebuilt));
      }),
      { numRuns: 10 },
    );
  });

  it('keeps what is known of hosts whose crash is still to come, until it is told to forget', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    const watch = absorbing([madeUp.applies(host!, MINUTE).batch]);
    watch.expire(START - 60 * MINUTE);
    watch.absorb(new MadeUp().crashes(host!, 2 * MINUTE).batch);
    expect(watch.updates.get(suspectKey)!.treatedHosts()).toBe(1);
    watch.forget();
    expect(watch.host(host!.id)?.crashesSince(START)).toHaveLength(1);
    watch.expire(START + 60 * MINUTE);
    watch.forget();
    expect([watch.updates.size, watch.host(host!.id)]).toEqual([0, undefined]);
  });

  it('counts the crashes that came before an update was heard of, from its start on', () => {
    const madeUp = new MadeUp();
    const [early, late] = madeUp.fleet(2);
    const watch = absorbing([madeUp.crashes(early!, -MINUTE).crashes(late!, 5 * MINUTE).batch]);
    const known = new MadeUp().update(suspect, { at: 0, told: 10 * MINUTE }).applies(late!, 4 * MINUTE);
    expect(watch.absorb(known.batch).map(({ key }) => key)).toEqual([suspectKey]);
    expect(watch.updates.get(suspectKey)!.cells().get('*')!.totals()).toEqual({ crashed: 1, treated: 1 });
  });

  it('counts them also where only the channel of their hosts is told with the update', () => {
    const madeUp = new MadeUp();
    const [host] = madeUp.fleet(1, {}, []);
    const watch = absorbing([madeUp.crashes(host!, 5 * MINUTE).batch]);
    const known = new MadeUp().update(suspect, { at: 0, told: 10 * MINUTE });
    watch.absorb(known.runs(host!, suspect.channel).batch);
    expect(watch.updates.get(suspectKey)!.cells().get('*')!.totals()).toEqual({ crashed: 1, treated: 0 });
  });

  it('counts them where the update alone is news', () => {
    const madeUp = new MadeUp();
    const [host] = madeUp.fleet(1);
    const watch = absorbing([madeUp.crashes(host!, 5 * MINUTE).batch]);
    expect(watch.absorb(new MadeUp().update(suspect, { at: 0, told: 10 * MINUTE }).batch)).toHaveLength(1);
  });

  it('counts a host again when all that is news is the channel that it ran', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1, {}, []);
    const watch = absorbing([madeUp.crashes(host!, 5 * MINUTE).batch]);
    expect(watch.absorb(new MadeUp().runs(host!, suspect.channel).batch)).toHaveLength(1);
  });

  it('adds the strata of one bin in the same order, whichever was told first', () => {
    const builds = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const inOrder = (order: readonly string[]) => {
      const madeUp = new MadeUp().update();
      for (const osBuild of order) {
        const size = 7 + (osBuild.charCodeAt(0) % 5);
        const fleet = madeUp.fleet(size, { osBuild });
        madeUp
          .applies(fleet[0]!, 0)
          .crashes(fleet[0]!, SECOND)
          .crashes(fleet[1]!, SECOND, { told: 2 * SECOND });
      }
      const watch = new Watch(defaultPolicy);
      for (const crash of madeUp.batch.crashes) watch.absorb({ ...emptyBatch(), crashes: [crash] });
      watch.absorb({ ...madeUp.batch, crashes: [] });
      return measure(watch.updates.get(suspectKey)!, defaultPolicy).statistic;
    };
    expect(inOrder([...builds].reverse())).toBe(inOrder(builds));
    expect(inOrder(['c', 'g', 'a', 'e', 'b', 'f', 'd'])).toBe(inOrder(builds));
  });

  it('weighs a crash anew when more hosts are told to have applied, or to run the channel, before it', () => {
    const madeUp = new MadeUp().update();
    const fleet = madeUp.fleet(100);
    madeUp.applies(fleet[0]!, 0).crashes(fleet[0]!, 5 * MINUTE);
    const more = new MadeUp();
    for (const host of fleet.slice(1, 20)) more.applies(host, MINUTE, suspect, 9 * MINUTE);
    const others = new MadeUp();
    others.fleet(300);
    const statisticAfter = (...parts: MadeUp[]) =>
      measure(absorbing(parts.map(({ batch }) => batch)).updates.get(suspectKey)!, defaultPolicy).statistic;
    expect(statisticAfter(madeUp, more)).toBeLessThan(statisticAfter(madeUp) - 0.5);
    expect(statisticAfter(madeUp, more, others)).toBeGreaterThan(statisticAfter(madeUp, more) + 0.5);
  });

  it('does not go back years for an update whose first sign came from a host with a wrong clock', () => {
    const years = -5 * 365 * 24 * 60 * MINUTE;
    const known = new MadeUp().update(suspect, { at: years, told: 0 }).batch.updates;
    const watch = absorbing([{ ...emptyBatch(), updates: known }]);
    const day = 24 * 60 * MINUTE;
    expect(watch.updates.get(suspectKey)!.startedAt).toBe(START - day);
    expect(watch.neededSince()).toBe(START - day - 60 * MINUTE);
    expect(watch.neededSinceFor(known)).toBe(watch.neededSince());
  });

  it('needs nothing while nothing is under watch', () => {
    expect([new Watch(defaultPolicy).neededSince(), new Watch(defaultPolicy).neededSinceFor([])]).toEqual([
      Infinity,
      Infinity,
    ]);
  });
});

describe('an update', () => {
  it('is found guilty also where hosts send no heartbeat, by hosts that took an earlier version', () => {
    const madeUp = new MadeUp(6);
    const earlier = { channel: suspect.channel, version: '1' };
    const hosts = madeUp.fleet(500, {}, []);
    for (const host of hosts) {
      madeUp.applies(host, -60 * MINUTE, earlier).runs(host, suspect.channel, -60 * MINUTE);
    }
    madeUp.update(suspect);
    hosts
      .slice(0, 40)
      .forEach((host, index) => madeUp.applies(host, index * SECOND).crashes(host, MINUTE + index * SECOND));
    const watch = absorbing([madeUp.batch]);
    expect(measure(watch.updates.get(suspectKey)!, defaultPolicy).statistic).toBeGreaterThan(50);
  });

  it('has no contrast where all that is known of its channel is that hosts took it', () => {
    const madeUp = new MadeUp(6).update();
    madeUp.fleet(200, {}, []).forEach((host, index) => {
      madeUp.applies(host, index * SECOND).runs(host, suspect.channel, index * SECOND);
      if (index < 50) madeUp.crashes(host, MINUTE + index * SECOND);
    });
    const watch = absorbing([madeUp.batch]);
    expect(measure(watch.updates.get(updateKey(suspect))!, defaultPolicy).statistic).toBeLessThan(0);
  });
});
