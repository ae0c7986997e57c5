import { Watch } from '../watch';
import { levelOf } from './buckets';
import { MINUTE, MadeUp, SECOND, START, emptyBatch, suspect, suspectKey } from '../made-up.fixture';
import { defaultPolicy } from '../policy';

/** Hosts counted against the update by now, for each bucket of these levels: `[treated, control]`. */
function counted(watch: Watch, levels = ['any', 'driver']): Record<string, [number, number]> {
  const counts: Record<string, [number, number]> = {};
  for (const [bucket, cells] of watch.updates.get(suspectKey)!.cells()) {
    const { crashed, treated } = cells.totals();
    if (crashed > 0 && levels.includes(levelOf(bucket))) counts[bucket] = [treated, crashed - treated];
  }
  return counts;
}

function watching(madeUp: MadeUp): Watch {
  const watch = new Watch(defaultPolicy);
  watch.absorb(madeUp.batch);
  return watch;
}

describe('what a host adds', () => {
  it('counts once per bucket, however often it crashes', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    madeUp.applies(host!, MINUTE);
    for (let crash = 0; crash < 40; crash++) madeUp.crashes(host!, 2 * MINUTE + crash * SECOND);
    madeUp.crashes(host!, 9 * MINUTE, { driver: 'other.sys' });
    expect(counted(watching(madeUp))).toEqual({ '*': [1, 0], 'content.sys': [1, 0], 'other.sys': [1, 0] });
  });

  it('counts once per failure signature: sub-types are apart, twins, other addresses and offsets are not', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    madeUp.applies(host!, MINUTE);
    const read = [0x9cn, 0n, 0xfffff80671511000n, 2n];
    madeUp.crashes(host!, 2 * MINUTE, { parameters: read });
    madeUp.crashes(host!, 3 * MINUTE, { parameters: [0x1cn, 0n, 0xfffff80271511000n, 2n], offset: 0x2222n });
    madeUp.crashes(host!, 4 * MINUTE, { parameters: read, stopCode: 0x10000050 });
    madeUp.crashes(host!, 5 * MINUTE, { parameters: [0x9cn, 2n, 0xfffff80671511000n, 2n] });
    expect(counted(watching(madeUp), ['signature'])).toEqual({
      '0x50 PAGE_FAULT_IN_NONPAGED_AREA | content.sys | read': [1, 0],
      '0x50 PAGE_FAULT_IN_NONPAGED_AREA | content.sys | write': [1, 0],
    });
  });

  it('stands on the side on which its first crash found it, so that a machine that always crashes is no fresh one after it applied', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    madeUp
      .crashes(host!, 1 * MINUTE)
      .applies(host!, 2 * MINUTE)
      .crashes(host!, 3 * MINUTE);
    expect(counted(watching(madeUp))).toEqual({ '*': [0, 1], 'content.sys': [0, 1] });
  });

  it('turns from a control into a treated host when its install is told late', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    const watch = watching(madeUp.crashes(host!, 5 * MINUTE));
    expect(counted(watch)).toEqual({ '*': [0, 1], 'content.sys': [0, 1] });
    const late = new MadeUp().applies(host!, 4 * MINUTE, suspect, 30 * MINUTE);
    expect(watch.absorb(late.batch).map(({ key }) => key)).toEqual([suspectKey]);
    expect(counted(watch)).toEqual({ '*': [1, 0], 'content.sys': [1, 0] });
  });

  it('adds nothing while it is not known to run the channel, nor later by another crash', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1, {}, ['another-channel']);
    madeUp
      .crashes(host!, MINUTE)
      .runs(host!, suspect.channel, 2 * MINUTE)
      .crashes(host!, 3 * MINUTE);
    expect(counted(watching(madeUp))).toEqual({});
  });

  it('adds nothing for a crash before it ran the channel, even if the crash was told after that was known', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1, {}, []);
    madeUp.runs(host!, suspect.channel, 2 * MINUTE).crashes(host!, MINUTE, { told: 9 * MINUTE });
    expect(counted(watching(madeUp))).toEqual({});
  });

  it('adds a crash by another driver once it is known to run the channel', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1, {}, []);
    madeUp.crashes(host!, MINUTE).runs(host!, suspect.channel, 2 * MINUTE);
    madeUp.crashes(host!, 3 * MINUTE, { driver: 'other.sys' });
    expect(counted(watching(madeUp))).toEqual({ 'other.sys': [0, 1] });
  });

  it('counts as treated where its first sign of life was the crash and its install came after', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1, {}, []);
    madeUp.crashes(host!, 5 * MINUTE).applies(host!, 4 * MINUTE, suspect, 6 * MINUTE);
    expect(counted(watching(madeUp))).toEqual({ '*': [1, 0], 'content.sys': [1, 0] });
  });

  it('counts crashes from the start of the update on, as the host tells them and as they arrive', () => {
    const madeUp = new MadeUp().update(suspect, { at: 0, told: 5 * MINUTE });
    const [before, after, slowClock] = madeUp.fleet(3);
    madeUp.crashes(before!, -1).crashes(after!, 0);
    madeUp.crashes(slowClock!, MINUTE, { told: -61 * MINUTE });
    expect(counted(watching(madeUp))).toEqual({ '*': [0, 1], 'content.sys': [0, 1] });
  });

  it.each([
    ['a person pressed the keys', 0xe2],
    ['a long press of the power button', 0x1c8],
    ['a debugger', 0xdeaddead],
    ['a live dump', 0x193],
    ['the hardware', 0x124],
    ['the hardware, twin code', 0x10000124],
  ])('adds nothing when it was %s', (_, stopCode) => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    expect(counted(watching(madeUp.applies(host!, 0).crashes(host!, MINUTE, { stopCode })))).toEqual({});
  });

  it('counts an event once, however often it is delivered, and of two with one id the first to arrive', () => {
    const madeUp = new MadeUp().update();
    const [host] = madeUp.fleet(1);
    madeUp.crashes(host!, 2 * MINUTE, { eventId: 'same', driver: 'late.sys', told: 9 * MINUTE });
    madeUp.crashes(host!, MINUTE, { eventId: 'same', driver: 'first.sys' });
    const watch = watching(madeUp);
    expect(counted(watch)).toEqual({ '*': [0, 1], 'first.sys': [0, 1] });
    expect(watch.absorb({ ...emptyBatch(), crashes: madeUp.batch.crashes })).toEqual([]);
    expect(counted(watch)).toEqual({ '*': [0, 1], 'first.sys': [0, 1] });
  });
});

describe('the drivers that load an update', () => {
  const ownersOf = (watch: Watch, key = suspectKey) => [...watch.updates.get(key)!.owners].sort();

  it('is the driver itself where the driver is the update', () => {
    const update = { channel: 'driver:nvlddmkm.sys', version: '31' };
    const watch = watching(new MadeUp().update(update));
    expect([...[...watch.updates.values()][0]!.owners]).toEqual(['nvlddmkm.sys']);
  });

  it('is learned from the vendor, and from crash reports that name the channel, before and after the update is known', () => {
    const madeUp = new MadeUp();
    const [host] = madeUp.fleet(1);
    madeUp.crashes(host!, MINUTE, { driver: 'early.sys', channel: suspect.channel });
    const watch = watching(madeUp);
    const later = new MadeUp()
      .update(suspect, { at: 0, told: 5 * MINUTE })
      .action('shipped', 0, suspect, { driver: 'told.sys' });
    later.crashes(host!, 6 * MINUTE, { driver: 'late.sys', channel: suspect.channel, eventId: 'x' });
    later.crashes(host!, 6 * MINUTE, { driver: 'unknown', channel: suspect.channel, eventId: 'y' });
    later.crashes(host!, -90 * MINUTE, { driver: 'long-ago.sys', channel: suspect.channel, eventId: 'z' });
    watch.absorb(later.batch);
    expect(ownersOf(watch)).toEqual(['early.sys', 'late.sys', 'told.sys']);
  });
});

describe('what the vendor says', () => {
  it('is kept when it comes before anything else is heard of the update, for a day', () => {
    const watch = watching(new MadeUp().action('withdrawn', -60 * MINUTE).action('paused', -25 * 60 * MINUTE));
    watch.absorb(new MadeUp().update().batch);
    expect(watch.updates.get(suspectKey)!.lastAction?.action).toBe('withdrawn');
    const later = watching(new MadeUp().action('paused', -25 * 60 * MINUTE).update());
    expect(later.updates.get(suspectKey)!.lastAction).toBeUndefined();
  });

  it('counts by event time: the last word is the latest, whatever arrived last', () => {
    const madeUp = new MadeUp().update().action('withdrawn', 50 * MINUTE);
    madeUp.action('shipped', 0, suspect, { told: 60 * MINUTE }).action('shipped', 7 * MINUTE);
    const watched = watching(madeUp).updates.get(suspectKey)!;
    expect([watched.lastAction?.action, watched.shippedAt]).toEqual(['withdrawn', START]);
  });
});
