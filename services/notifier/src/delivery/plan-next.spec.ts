import type { IncidentChange } from '@ringwatch/incident';
import { planNext, WINDOW_MS } from './plan-next';
import { Queue } from './queue';
import { RateLimit } from './rate-limit';
import { waitFor } from './waiting';

/** A queue of an incident with so many changes that began to wait then. */
function queueWith(
  name: string,
  changes: number,
  more: { since?: number; isKnown?: boolean; groupMs?: number } = {},
): Queue {
  const { since = 0, isKnown = false, groupMs } = more;
  const queue = new Queue(name);
  queue.isKnown = isKnown;
  for (let sequence = 1; sequence <= changes; sequence++) {
    const change = { incident_id: name, sequence, change: 'opened' } as IncidentChange;
    queue.waiting.push(waitFor({ kind: 'change', change, producedAt: since }, { since, batch: undefined, groupMs }));
  }
  return queue;
}

/** `a1` for one change of incident a, `a1-3` for three of them in one message, `a1+b1` for a digest. */
function planned(queues: Queue[], more: Partial<Parameters<typeof planNext>[0]> = {}): string {
  const limit = new RateLimit({ perSecond: 1, burst: 1 });
  const plan = planNext({ now: 0, queues, limit, isChat: true, openingsNotBefore: 0, ...more });
  if (plan.kind !== 'send') return plan.kind === 'wait' ? `wait ${plan.until}` : plan.kind;
  const partOf = ({ queue, items }: (typeof plan.message.parts)[number]) =>
    items.length > 1 ? `${queue.name}1-${items.length}` : `${queue.name}1`;
  return plan.message.parts.map(partOf).join('+');
}

it('has nothing to do where nothing waits', () => {
  expect(planned([])).toBe('nothing');
  expect(planned([queueWith('a', 0)])).toBe('nothing');
});

it('takes what waits longest, one change at a time', () =>
  expect(planned([queueWith('a', 2, { since: 5 }), queueWith('b', 2, { since: 4 })])).toBe('b1'));

it('leaves an incident alone of which a message is on its way', () => {
  const queue = queueWith('a', 1);
  queue.isInHand = true;
  expect(planned([queue])).toBe('nothing');
});

it('waits for the rate, and for what is to be tried again later', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 });
  limit.take(0);
  expect(planned([queueWith('a', 1)], { limit })).toBe('wait 1000');
  const later = queueWith('a', 1);
  later.notBefore = 7_000;
  expect(planned([later])).toBe('wait 7000');
});

describe('when more waits than the receiver takes in the window', () => {
  const many = 1 + WINDOW_MS / 1000;

  it('sends one by one up to there', () => expect(planned([queueWith('a', many, { isKnown: true })])).toBe('a1'));

  it('joins what waits about an incident beyond', () =>
    expect(planned([queueWith('a', many + 1, { isKnown: true })])).toBe(`a1-${many + 1}`));

  it('tells of incidents together that it has not heard of', () => {
    const openings = Array.from({ length: many + 1 }, (_, i) => queueWith(`q${i}`, i === 0 ? 2 : 1));
    expect(planned(openings)).toBe(['q01-2', ...openings.slice(1).map(({ name }) => `${name}1`)].join('+'));
  });

  it('holds those back for a while after the last such message, and goes on with what is known', () => {
    const openings = Array.from({ length: many + 1 }, (_, i) => queueWith(`q${i}`, 1));
    expect(planned(openings, { openingsNotBefore: 5_000 })).toBe('wait 5000');
    expect(planned([...openings, queueWith('k', 2, { isKnown: true, since: 9 })], { openingsNotBefore: 5_000 })).toBe(
      'k1-2',
    );
  });

  it('puts nothing together for programs and pagers', () =>
    expect(planned([queueWith('a', 50)], { isChat: false })).toBe('a1'));

  it('sends by itself what a person asked for', () => {
    const queue = queueWith('a', 10, { isKnown: true });
    Object.assign(queue.waiting[0]!.content, { requestId: 'r1' });
    expect(planned([queue])).toBe('a1');
  });
});

describe('where a route gathers openings', () => {
  const gathered = (name: string) => queueWith(name, 1, { groupMs: 30_000 });

  it('sends the first by itself', () => expect(planned([gathered('a')])).toBe('a1'));
  it('holds the next ones', () => expect(planned([gathered('a')], { openingsNotBefore: 30_000 })).toBe('wait 30000'));
  it('sends them together', () =>
    expect(planned([gathered('a'), gathered('b')], { now: 30_000, openingsNotBefore: 30_000 })).toBe('a1+b1'));
  it('does not hold what is known', () =>
    expect(
      planned([gathered('a'), queueWith('k', 1, { isKnown: true, since: 9 })], { openingsNotBefore: 30_000 }),
    ).toBe('k1'));
});
