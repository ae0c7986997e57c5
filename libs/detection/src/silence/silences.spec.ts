import fc from 'fast-check';
import { START, seeded } from '../made-up.fixture';
import { DAY, HOUR, MINUTE, type MadeUpLife, MadeUpLives } from './made-up-life.fixture';
import { Silences } from './silences';
import type { SilenceRound } from './silence';

// START is Friday, 19 July 2024, 04:00 UTC: 06:00 in Germany, midnight in New York.

interface Found {
  host: string;
  at: number;
}

/** Who fell silent when, in milliseconds after `START`, and who still was in the end. */
function reviewed(lives: MadeUpLives, from: number, until: number): { found: Found[]; still: string[] } {
  const silences = new Silences();
  const rounds: SilenceRound[] = [];
  for (const { evidence, now } of lives.minutes(from, until)) {
    const round = silences.review(evidence, [], now);
    if (round) rounds.push(round);
  }
  const all = rounds.flatMap(({ silences: each }) => each);
  return {
    found: all.map(({ hostId, notedAt }) => ({ host: hostId, at: notedAt - START })),
    still: all.filter(({ cameBack }) => !cameBack).map(({ hostId }) => hostId),
  };
}

/** An office host: on from 8 to 17 o'clock in Germany, on working days, since ten days before. */
function office(lives: MadeUpLives, host: MadeUpLife, pace: number, until: number): void {
  for (let day = -10; day * DAY < until; day++) {
    const weekday = (5 + day + 70) % 7;
    if (weekday === 0 || weekday === 6) continue;
    const jitter = ((day + 20) * 7 * MINUTE) % (15 * MINUTE);
    const opens = day * DAY + 2 * HOUR + jitter;
    lives.beats(host, pace, opens, Math.min(until, day * DAY + 11 * HOUR + jitter));
  }
}

describe('a host that has always been on', () => {
  it.each([
    { pace: 0.5, due: 15 },
    { pace: 5, due: 15.5 },
    { pace: 10, due: 31 },
    { pace: 60, due: 186 },
    { pace: 360, due: 1_116 },
  ])(
    'is silent when it has missed three heartbeats, a quarter of an hour at least: pace $pace min',
    ({ pace, due }) => {
      const lives = new MadeUpLives();
      const host = lives.host();
      lives.beats(host, pace * MINUTE, -9 * DAY, MINUTE);
      const last = Math.ceil(0 / (pace * MINUTE)) * pace * MINUTE;
      const { found, still } = reviewed(lives, -9 * DAY, 30 * HOUR);
      expect(found).toHaveLength(1);
      expect(found[0]!.at - last).toBeGreaterThanOrEqual(due * MINUTE);
      expect(found[0]!.at - last).toBeLessThanOrEqual((due + 1.5) * MINUTE);
      expect(still).toEqual([host.id]);
    },
  );

  it('is silent after three days when it beats once a day', () => {
    const lives = new MadeUpLives();
    lives.beats(lives.host(), DAY, -12 * DAY, MINUTE);
    const { found } = reviewed(lives, -12 * DAY, 4 * DAY);
    expect(found.map(({ at }) => Math.round((10 * at) / DAY) / 10)).toEqual([3.1]);
  });

  it('is not silent while it restarts, and comes back when it took longer', () => {
    const lives = new MadeUpLives();
    const [quick, slow] = [lives.host(), lives.host()];
    lives.beats(quick, MINUTE, -3 * DAY, 0).beats(quick, MINUTE, 13 * MINUTE, 2 * HOUR);
    lives.beats(slow, MINUTE, -3 * DAY, 0).beats(slow, MINUTE, 40 * MINUTE, 2 * HOUR);
    const { found, still } = reviewed(lives, -3 * DAY, 2 * HOUR);
    expect(found.map(({ host }) => host)).toEqual([slow.id]);
    expect(still).toEqual([]);
  });

  it('is not silent when its last word is a bugcheck: that is a crash', () => {
    const lives = new MadeUpLives();
    const host = lives.host();
    lives.beats(host, MINUTE, -3 * DAY, 0).stops(host, 30_000, 3 * MINUTE);
    expect(reviewed(lives, -3 * DAY, DAY).found).toEqual([]);
  });

  it('is judged by when its signs came, where its clock is a day wrong', () => {
    const lives = new MadeUpLives();
    const [behind, ahead, right] = [lives.host(), lives.host(), lives.host()];
    for (let at = -3 * DAY; at < 0; at += 10 * MINUTE) {
      lives
        .beat(behind.id, at - DAY, at)
        .beat(ahead.id, at + DAY, at)
        .beat(right.id, at, at);
    }
    const { found } = reviewed(lives, -3 * DAY, 2 * HOUR);
    expect(new Set(found.map(({ host }) => host)).size).toBe(3);
    expect(new Set(found.map(({ at }) => at)).size).toBe(1);
  });

  it('comes back with a heartbeat that was sent in time and arrives late', () => {
    const lives = new MadeUpLives();
    const host = lives.host();
    lives.beats(host, 10 * MINUTE, -3 * DAY, 0);
    lives.beat(host.id, 170 * MINUTE, 3 * HOUR);
    const { found, still } = reviewed(lives, -3 * DAY, 3 * HOUR + 5 * MINUTE);
    expect([found.length, still]).toEqual([1, []]);
  });
});

describe('an office host', () => {
  it.each([1, 10, 30])('is off for the night and the weekend, and nobody counts it as silent (pace %i min)', (pace) => {
    const lives = new MadeUpLives();
    office(lives, lives.host(), pace * MINUTE, 8 * DAY);
    expect(reviewed(lives, -10 * DAY, 8 * DAY).found).toEqual([]);
  });

  it('is silent when it goes off in the middle of a working day', () => {
    const lives = new MadeUpLives();
    office(lives, lives.host(), 10 * MINUTE, 5 * HOUR);
    const { found } = reviewed(lives, -10 * DAY, DAY);
    expect(found).toHaveLength(1);
    expect(found[0]!.at).toBeGreaterThan(5 * HOUR + 20 * MINUTE);
    expect(found[0]!.at).toBeLessThan(5 * HOUR + 35 * MINUTE);
  });

  it('is not believed to keep its hours before it has kept them on two days', () => {
    const lives = new MadeUpLives();
    const host = lives.host();
    // Wednesday and Thursday, then gone on Friday at noon.
    for (const day of [-1, 0])
      lives.beats(host, 10 * MINUTE, day * DAY + 2 * HOUR, day * DAY + (day === 0 ? 5 : 11) * HOUR);
    expect(reviewed(lives, -2 * DAY, DAY).found).toEqual([]);
    lives.beats(host, 10 * MINUTE, -2 * DAY + 2 * HOUR, -2 * DAY + 11 * HOUR);
    expect(reviewed(lives, -2 * DAY, DAY).found).toHaveLength(1);
  });
});

describe('a host of which less than two days are known', () => {
  it.each([
    ['DE', 1],
    ['JP', 1],
    ['US', 0],
    ['ZZ', 0],
  ])('counts only where nobody goes home at this hour: %s, %i', (country, count) => {
    const lives = new MadeUpLives();
    lives.beats(lives.host({ country }), 5 * MINUTE, -40 * MINUTE, 0);
    expect(reviewed(lives, -40 * MINUTE, HOUR).found).toHaveLength(count);
  });

  it('counts only when it has beaten without a pause, four times at least', () => {
    const lives = new MadeUpLives();
    const [short, paused] = [lives.host(), lives.host()];
    lives.beats(short, 5 * MINUTE, -14 * MINUTE, 0);
    lives.beats(paused, 5 * MINUTE, -3 * HOUR, -2 * HOUR).beats(paused, 5 * MINUTE, -HOUR, 0);
    expect(reviewed(lives, -3 * HOUR, HOUR).found.filter(({ at }) => at > 0)).toEqual([]);
  });
});

describe('what is known of hosts', () => {
  const seeds = fc.integer({ min: 1, max: 1_000 });

  function someWorld(seed: number): MadeUpLives {
    const random = seeded(seed);
    const lives = new MadeUpLives();
    for (let count = 0; count < 12; count++) {
      const host = lives.host({ country: random() < 0.8 ? 'DE' : 'US', osBuild: random() < 0.5 ? 'a' : 'b' });
      const pace = [0.5, 1, 5, 10, 30][Math.floor(random() * 5)]! * MINUTE;
      for (let at = -2 * HOUR; at < 3 * HOUR; at += pace * (0.95 + random() / 10)) {
        const told = random() < 0.9 ? at + 300 : at + random() * 20 * MINUTE;
        if (random() < 0.97) lives.beat(host.id, Math.floor(at), Math.floor(told));
        if (random() < 0.01) at += random() * 90 * MINUTE;
      }
      if (random() < 0.7) lives.applies(host, 'content', Math.floor((random() * 4 - 2) * HOUR));
      if (random() < 0.3) lives.stops(host, Math.floor(random() * HOUR), Math.floor((1 + random()) * HOUR));
    }
    return lives;
  }

  const updates = [{ key: 'content', channel: 'content' }];
  const textOf = (rounds: readonly SilenceRound[], silences: Silences) =>
    JSON.stringify([
      rounds.map((round) => ({
        ...round,
        silences: round.silences.map((each) => ({ ...each, applied: [...each.applied] })),
      })),
      silences.sample.toKeep(),
    ]);

  function run(lives: MadeUpLives, mix: <Row>(rows: Row[]) => Row[] = (rows) => rows): string {
    const silences = new Silences();
    const rounds = lives.minutes(-2 * HOUR, 5 * HOUR).flatMap(({ evidence: { signs, applies, channels }, now }) => {
      const mixed = { signs: mix(signs), applies: mix(applies), channels: mix(channels) };
      return silences.review(mixed, updates, now) ?? [];
    });
    expect(rounds.length).toBeGreaterThan(0);
    return textOf(rounds, silences);
  }

  it('is the same in whatever order a minute told it, and with copies that come later', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const expected = run(someWorld(seed));
        expect(run(someWorld(seed), (rows) => [...rows].reverse())).toBe(expected);
        const random = seeded(seed);
        expect(run(someWorld(seed).again(() => Math.floor(random() ** 3 * 3 * HOUR)))).toBe(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('is the same when it is kept at one minute, and taken up again from there at another', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 250 }), fc.integer({ min: 0, max: 150 }), (seed, keptAt, more) => {
        const minutes = someWorld(seed).minutes(-2 * HOUR, 5 * HOUR);
        const whole = new Silences();
        let silences = new Silences();
        let kept = silences.sample.toKeep();
        const found: SilenceRound[] = [];
        const again: SilenceRound[] = [];
        minutes.forEach(({ evidence, now }, index) => {
          if (index === keptAt + more) {
            silences = new Silences();
            const earlier = minutes.slice(0, keptAt).map((each) => each.evidence);
            const channels = earlier.flatMap((each) => each.channels);
            const applies = earlier.flatMap((each) => each.applies);
            silences.resume(kept, { signs: [], channels, applies }, updates);
            for (const each of minutes.slice(keptAt, index)) silences.repeat(each.evidence, updates, each.now);
            for (const round of again) silences.keep(round);
          }
          const round = whole.review(evidence, updates, now);
          if (round) found.push(round);
          const same = silences.review(evidence, updates, now);
          if (same) again.push(same);
          if (index === keptAt - 1) kept = silences.sample.toKeep();
        });
        expect(textOf(again, silences)).toBe(textOf(found, whole));
      }),
      { numRuns: 25 },
    );
  });
});

describe('a fleet that outgrows the sample', () => {
  it('is watched in half of its hosts, then in a quarter: the same ones as before', () => {
    const lives = new MadeUpLives();
    for (let minute = 0; minute < 40; minute++) lives.beats(lives.host(), MINUTE, minute * MINUTE, 60 * MINUTE);
    const silences = new Silences(10);
    const sampled: string[][] = [];
    for (const { evidence, now } of lives.minutes(0, 50 * MINUTE)) {
      silences.review(evidence, [], now);
      const names = silences.sample.toKeep().lives.map(({ hostId }) => hostId);
      expect(names.length).toBeLessThanOrEqual(10);
      expect(names.every((name) => Number(name.slice(5)) % silences.sample.part === 0)).toBe(true);
      sampled.push(names);
    }
    expect(silences.sample.part).toBe(4);
    expect(sampled.at(-1)).toHaveLength(10);
  });
});
