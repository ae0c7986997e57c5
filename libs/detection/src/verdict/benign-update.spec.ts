import { MINUTE, MadeUp, START, emptyBatch, suspect, suspectKey } from '../made-up.fixture';
import { defaultPolicy } from '../policy';
import { Watch } from '../watch';
import { benignUpdateOf } from './benign-update';

/** Half of 400 hosts took the update; so many of them crashed since, and as many of the others. */
function watched(crashes: number): Watch {
  const madeUp = new MadeUp().update();
  const fleet = madeUp.fleet(400);
  madeUp.rollOut(fleet.slice(0, 200), { lasts: MINUTE });
  for (let index = 0; index < crashes; index++) {
    madeUp.crashes(fleet[index]!, (10 + index) * MINUTE).crashes(fleet[200 + index]!, (10 + index) * MINUTE);
  }
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  return watch;
}

describe('an update that leaves the watch', () => {
  it('teaches the crash rate ratio of its hosts', () => {
    const [expired] = watched(40).expire(START + 60 * MINUTE);
    const benign = benignUpdateOf(expired!, START)!;
    expect(benign).toMatchObject({ update: suspect, notedAt: START });
    expect(benign.relativeRisk).toBeGreaterThan(0.7);
    expect(benign.relativeRisk).toBeLessThan(1.4);
  });

  it('teaches nothing where few of its hosts crashed', () => {
    const [expired] = watched(19).expire(START + 60 * MINUTE);
    expect(benignUpdateOf(expired!, START)).toBeUndefined();
  });

  it('is given once, and only when its time is over', () => {
    const watch = watched(0);
    expect(watch.expire(START)).toEqual([]);
    expect(watch.expire(START + 1).map(({ key }) => key)).toEqual([suspectKey]);
    expect(watch.expire(START + 2)).toEqual([]);
  });
});

it('an update that is heard of after 30 innocent ones may do as much as they did', () => {
  const watch = new Watch(defaultPolicy);
  const early = { channel: 'content', version: 'early' };
  const late = { channel: 'content', version: 'late' };
  const known = (update: typeof late, receivedAt: number) => ({ update, receivedAt, occurredAt: receivedAt });
  watch.absorb({ ...emptyBatch(), updates: [known(early, START)] });
  watch.learn(
    Array.from({ length: 30 }, (_, index) => ({
      update: { channel: 'signatures', version: `${index}` },
      ...{ relativeRisk: 6, notedAt: START + 1_000 },
    })),
  );
  watch.absorb({ ...emptyBatch(), updates: [known(late, START + 1_000)] });
  expect([...watch.updates.values()].map(({ nullRatio }) => nullRatio)).toEqual([
    { ratio: 3, learnedFrom: 0 },
    { ratio: 6, learnedFrom: 30 },
  ]);
});
