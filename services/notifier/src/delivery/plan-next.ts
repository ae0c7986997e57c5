import type { Queue } from './queue';
import type { RateLimit } from './rate-limit';
import type { Waiting } from './waiting';

/** What goes out in one request: the newest state of one incident, or of several. All items of a part are carried by its last. */
export interface Message {
  parts: ReadonlyArray<{ queue: Queue; items: readonly Waiting[] }>;
}

/** What to do next. */
export type Plan = { kind: 'send'; message: Message } | { kind: 'wait'; until: number } | { kind: 'nothing' };

/** How things stand at one receiver. Times are in milliseconds since 1970. */
export interface Outlook {
  now: number;
  queues: Iterable<Queue>;
  limit: RateLimit;
  /** People read it: what they could not follow is put together. Programs and pagers get each change by itself. */
  isChat: boolean;
  /** Openings that are gathered do not go out before. */
  openingsNotBefore: number;
}

/** What is still to be sent in so much time at a receiver's rate, goes by itself; where more waits, it is put together. */
export const WINDOW_MS = 5_000;

/**
 * What goes out next: the oldest of what is due, one at a time for each incident. In chat, when more waits than the receiver
 * takes in five seconds, all that waits about an incident goes out as its last state, and incidents that it has not heard of
 * go out together. Pure: it decides, and changes nothing.
 */
export function planNext({ now, queues, limit, isChat, openingsNotBefore }: Outlook): Plan {
  const open = [...queues].filter(({ isInHand, waiting }) => !isInHand && waiting.length > 0);
  if (open.length === 0) return { kind: 'nothing' };
  const due = open.filter(({ notBefore }) => notBefore <= now);
  const freeAt = limit.freeAt(now);
  if (due.length === 0 || freeAt > now) {
    const first = Math.min(...open.map(({ notBefore }) => notBefore));
    return { kind: 'wait', until: Math.max(first, freeAt) };
  }
  const isCrowded = isChat && messagesIn(due) > limit.roomWithin(WINDOW_MS, now);
  const openings = isChat ? due.filter((queue) => isOpening(queue) && (isCrowded || isGathered(queue))) : [];
  const isHeld = openings.length > 0 && now < openingsNotBefore;
  if (!isHeld && openings.length > 1) return send(openings.map((queue) => ({ queue, items: togetherAtHeadOf(queue) })));
  const oldest = oldestOf(isHeld ? due.filter((queue) => !openings.includes(queue)) : due);
  if (!oldest) return { kind: 'wait', until: openingsNotBefore };
  return send([{ queue: oldest, items: isCrowded ? togetherAtHeadOf(oldest) : oldest.waiting.slice(0, 1) }]);
}

function send(parts: Message['parts']): Plan {
  return { kind: 'send', message: { parts } };
}

function oldestOf(queues: readonly Queue[]): Queue | undefined {
  let oldest = queues[0];
  for (const queue of queues) if (queue.waiting[0]!.since < oldest!.waiting[0]!.since) oldest = queue;
  return oldest;
}

function messagesIn(queues: readonly Queue[]): number {
  return queues.reduce((sum, { waiting }) => sum + waiting.length, 0);
}

/** The receiver has not heard of the incident. */
function isOpening({ isKnown, waiting }: Queue): boolean {
  const { content } = waiting[0]!;
  return !isKnown && content.kind === 'change' && content.requestId === undefined;
}

function isGathered({ waiting }: Queue): boolean {
  return waiting[0]!.groupMs !== undefined;
}

/** What can go out as one state. What a person asked for goes by itself. */
function togetherAtHeadOf({ waiting }: Queue): Waiting[] {
  const [head] = waiting;
  const isAlike = ({ content }: Waiting) =>
    content.kind === head!.content.kind && !(content.kind === 'change' && content.requestId !== undefined);
  const end = waiting.findIndex((item) => !isAlike(item));
  return end < 0 ? [...waiting] : waiting.slice(0, Math.max(1, end));
}
