import type { EvidenceBatch } from '@ringwatch/detection';
import { type ArrivedAction, REVIEW_EVERY_MS } from '@ringwatch/incident';

/** The grid of arrival time on which decisions are taken, in milliseconds: the deciding event waits at most so long. */
export const TICK_MS = 1_000;

/** Kinds of evidence upon whose arrival something is decided at once; the others only change what is compared. */
const deciding = ['updates', 'actions', 'crashes', 'hostApplies', 'incidentActions'] as const;
const kinds = [
  'updates',
  'actions',
  'applied',
  'eligible',
  'crashes',
  'hostApplies',
  'hostChannels',
  'incidentActions',
] as const;

/** Evidence that arrived, without what is concluded at ticks; and what people did with incidents. */
export type ArrivedEvidence = Omit<EvidenceBatch, 'awake'> & { incidentActions: ArrivedAction[] };

/** The first tick that takes what arrived at this time: a decision at tick A rests on all that arrived before A. */
function tickAfter(receivedAt: number): number {
  return (Math.floor(receivedAt / TICK_MS) + 1) * TICK_MS;
}

/**
 * Cuts the evidence of a span of arrival time, ticks after `from` up to `until`, into the portions that its ticks take.
 * Ticks at which nothing of weight arrived and no review is due are left out: they could decide nothing.
 */
export function* portions(
  evidence: ArrivedEvidence,
  from: number,
  until: number,
): Generator<{ tick: number; batch: ArrivedEvidence }> {
  const dueAt = (kind: (typeof kinds)[number], receivedAt: number) =>
    kind === 'eligible' ? receivedAt + REVIEW_EVERY_MS : tickAfter(receivedAt);
  const ticks = new Set<number>();
  for (const kind of deciding) {
    for (const { receivedAt } of evidence[kind]) ticks.add(Math.max(from + TICK_MS, tickAfter(receivedAt)));
  }
  for (let review = nextReview(from); review <= until; review += REVIEW_EVERY_MS) ticks.add(review);
  ticks.add(until);
  const positions = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<(typeof kinds)[number], number>;
  const inOrder = Object.fromEntries(
    kinds.map((kind) => [kind, [...evidence[kind]].sort((a, b) => a.receivedAt - b.receivedAt)]),
  ) as unknown as ArrivedEvidence;
  for (const tick of [...ticks].sort((a, b) => a - b)) {
    const batch = Object.fromEntries(
      kinds.map((kind) => {
        const rows = inOrder[kind];
        const start = positions[kind];
        let end = start;
        while (end < rows.length && dueAt(kind, rows[end]!.receivedAt) <= tick) end++;
        positions[kind] = end;
        return [kind, rows.slice(start, end)];
      }),
    ) as unknown as ArrivedEvidence;
    yield { tick, batch };
  }
}

function nextReview(after: number): number {
  return (Math.floor(after / REVIEW_EVERY_MS) + 1) * REVIEW_EVERY_MS;
}
