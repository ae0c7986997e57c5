import { updateKey } from '@ringwatch/rollout';
import { START, emptyBatch, seeded, suspect, suspectKey } from '../made-up.fixture';
import { alarmLine, defaultPolicy } from '../policy';
import { evidenceWithout } from '../verdict/blame';
import { describe as describeEvidence } from '../verdict/describe';
import { isGuiltyAgain } from '../verdict/fresh-evidence';
import { guard } from '../verdict/guards';
import { measure, signalOf } from '../verdict/measure';
import { Watch } from '../watch';
import { HOUR, MINUTE, MadeUpLives } from './made-up-life.fixture';
import { type Silence, sortRound } from './silence';
import { SilenceEvidence } from './silence-evidence';

const bystander = { channel: 'signatures', version: '9' };

interface World {
  hosts: number;
  /** Share of the hosts that take the update within the hour after `START`, and of those that then die. */
  takes: number;
  dies: number;
  /** Share of all hosts that die anyway within three hours, whatever they took. */
  diesAnyway?: number;
  orgs?: number;
  /** Where hosts are, in turn; Germany when left out. And where those are that die, when not everywhere. */
  countries?: string[];
  diesIn?: string;
  /** Share of the hosts that take an innocent update too, in the same order, a minute earlier. */
  bystander?: number;
  /** All hosts are cut off at this time, and heard again an hour later. */
  outageAt?: number;
  comesBack?: boolean;
}

/** A fleet in Germany that beats every five minutes since midnight, watched from 04:00 UTC for three hours. */
function played(world: World, seed = 1): Watch {
  const random = seeded(seed);
  const lives = new MadeUpLives();
  const key = updateKey(bystander);
  for (let number = 0; number < world.hosts; number++) {
    const { countries = ['DE'] } = world;
    const country = countries[number % countries.length]!;
    const host = lives.host({ org: `org-${number % (world.orgs ?? 5)}`, country, channels: ['content', 'signatures'] });
    const takesAt = random() < world.takes ? Math.floor(random() * HOUR) : undefined;
    let end = 3 * HOUR;
    if (random() < (world.diesAnyway ?? 0)) end = random() * 3 * HOUR;
    if (takesAt !== undefined && takesAt < end) {
      lives.applies(host, suspectKey, takesAt);
      if (random() < (world.bystander ?? 0)) lives.applies(host, key, Math.max(0, takesAt - MINUTE));
      if (random() < world.dies && (world.diesIn ?? country) === country) end = takesAt + 30_000;
    }
    for (let at = -2 * HOUR + random() * 5 * MINUTE; at < 3 * HOUR; at += 5 * MINUTE) {
      const isOut = world.outageAt !== undefined && at > world.outageAt && at < world.outageAt + HOUR;
      const isDead = at > end && !(world.comesBack && at > end + HOUR);
      if (!isOut && !isDead) lives.beat(host.id, Math.floor(at));
    }
  }
  const watch = new Watch(defaultPolicy);
  const times = { occurredAt: START, receivedAt: START };
  watch.absorb({ ...emptyBatch(), updates: [suspect, bystander].map((update) => ({ update, ...times })) });
  for (const { evidence, now } of lives.minutes(-2 * HOUR, 3 * HOUR)) watch.review(evidence, now);
  return watch;
}

const statisticOf = (watch: Watch, key = suspectKey) => measure(watch.updates.get(key)!, defaultPolicy).statistic;

describe('an update after which hosts fall silent', () => {
  const guilty: World = { hosts: 400, takes: 0.5, dies: 0.5, diesAnyway: 0.02 };

  it('is found, by nothing but that, and all figures speak of silence', () => {
    const watch = played(guilty);
    const watched = watch.updates.get(suspectKey)!;
    const measured = measure(watched, defaultPolicy);
    expect(measured.statistic).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(measured.buckets).toMatchObject([{ channel: 'silence', weight: defaultPolicy.weights.silence }]);
    expect(signalOf(measured, alarmLine(defaultPolicy))).toBe('silence');
    expect(guard(watched, measured, defaultPolicy)).toMatchObject({ orgs: 5, hold: true });
    const told = describeEvidence(watch, watched, measured, defaultPolicy);
    expect(told.observed).toBe(watched.silence.treatedSilences().length);
    expect(told).toMatchObject({ firstCrashAt: null, stopCodes: [], silentHosts: told.observed, scope: 'global' });
    expect(told.relativeRisk.low).toBeGreaterThan(3);
  });

  it.each([
    ['global, where it is night in the rest of the world and nobody is due', ['DE', 'US'], undefined, 'global'],
    ['regional, where hosts elsewhere would be missed', ['DE', 'ZA'], 'DE', 'regional'],
  ])('is %s', (_, countries, diesIn, scope) => {
    const watch = played({ ...guilty, countries, ...(diesIn ? { diesIn } : {}) });
    const watched = watch.updates.get(suspectKey)!;
    const told = describeEvidence(watch, watched, measure(watched, defaultPolicy), defaultPolicy);
    expect(told.observed).toBeGreaterThan(20);
    expect(told.scope).toBe(scope);
  });

  it('is held to be one organisation’s trouble where all silent hosts are of one', () => {
    const watch = played({ ...guilty, orgs: 1 });
    const watched = watch.updates.get(suspectKey)!;
    expect(guard(watched, measure(watched, defaultPolicy), defaultPolicy).hold).toBe(false);
  });

  it('is guilty again of hosts that fell silent since, not of those that were only noted since', () => {
    const watch = played({ ...guilty, diesAnyway: 0 });
    const watched = watch.updates.get(suspectKey)!;
    const lastSign = Math.max(...watched.silence.treatedSilences().map(({ lastSignAt }) => lastSignAt));
    const notedSince = watched.silence.treatedSilences().filter(({ notedAt }) => notedAt > lastSign);
    expect(notedSince.length).toBeGreaterThan(5);
    expect(isGuiltyAgain(watched, defaultPolicy, START)).toBe(true);
    expect(isGuiltyAgain(watched, defaultPolicy, lastSign + 1)).toBe(false);
  });

  it('has nothing to answer for once the hosts are back', () => {
    const watch = played({ ...guilty, diesAnyway: 0, comesBack: true });
    expect(statisticOf(watch)).toBeLessThan(0.001);
    expect(watch.updates.get(suspectKey)!.silence.cameBack()).toBeGreaterThan(50);
  });

  it('explains an innocent update that most of the same hosts took, and not the other way round', () => {
    const watch = played({ ...guilty, hosts: 800, bystander: 0.8 });
    const [content, signatures] = [watch.updates.get(suspectKey)!, watch.updates.get(updateKey(bystander))!];
    expect(statisticOf(watch, signatures.key)).toBeGreaterThan(alarmLine(defaultPolicy));
    expect(evidenceWithout(watch, signatures, content)).toBeLessThan(1);
    expect(evidenceWithout(watch, content, signatures)).toBeGreaterThan(alarmLine(defaultPolicy) / 2);
  });
});

describe('an innocent update', () => {
  const innocent: World = { hosts: 600, takes: 0.5, dies: 0 };

  it.each<[string, World]>([
    ['hosts that die anyway', { ...innocent, diesAnyway: 0.2 }],
    ['an outage that cuts off everybody, half way through the rollout', { ...innocent, outageAt: 0.5 * HOUR }],
    ['an outage after it', { ...innocent, outageAt: 1.5 * HOUR }],
  ])('is not held to blame: %s', (_, world) => {
    for (const seed of [1, 2, 3]) expect(statisticOf(played(world, seed))).toBeLessThan(2);
  });
});

it('sums up to the same bits, whether it was asked after every review and return or once', () => {
  const random = seeded(5);
  const rounds = Array.from({ length: 200 }, (_, number) => {
    const notedAt = START + number * MINUTE;
    const silences = Array.from({ length: 1 + Math.floor(random() * 4) }, (__, host): Silence => ({
      hostId: `h${number}-${host}`,
      orgId: 'o',
      country: 'DE',
      osBuild: 'b',
      kind: random() < 0.5 ? 'fast' : 'slow',
      lastSignAt: notedAt - 15 * MINUTE,
      paceMs: 5 * MINUTE,
      notedAt,
      channels: ['content'],
      applied: new Map(random() < 0.5 ? [[suspectKey, notedAt - random() * HOUR]] : []),
      cameBack: false,
    }));
    const exposures = ['slow', 'fast'].map((kind) => ({
      updateKey: suspectKey,
      kind,
      eligible: 100 + Math.floor(random() * 900),
      treated: [10, 30, 50],
      recent: 10,
    }));
    return sortRound({ notedAt, silences, exposures });
  });
  const silent: Silence[] = [];
  const asked = new SilenceEvidence(suspectKey, 'content');
  for (const round of rounds) {
    asked.add(round);
    silent.push(...[...round.ofKind.values()].flat());
    if (random() < 0.3) {
      const [back] = silent.splice(Math.floor(random() * silent.length), 1);
      back!.cameBack = true;
      asked.cameBackNow(back!);
    }
    asked.sums(3);
    asked.totals();
  }
  const told = new SilenceEvidence(suspectKey, 'content');
  for (const round of rounds) told.add(round);
  expect(asked.sums(3)).toEqual(told.sums(3));
  expect(asked.totals()).toEqual(told.totals());
  expect(asked.totals().crashed).toBe(silent.length);
});
