import { createHash } from 'node:crypto';
import type { DeliveryRecord } from '@ringwatch/clickhouse';
import type { Undelivered } from '@ringwatch/routing';
import { announce, plain, type Answer } from '@ringwatch/webhook';
import type { Message } from './plan-next';
import { GIVE_UP_AFTER_MS } from './schedule';
import type { Content, Waiting } from './waiting';

/** What came of a change at a receiver. The first four end an attempt, the others stand without one of their own. */
export type Outcome = 'delivered' | 'retry' | 'rejected' | 'gone' | 'gave_up' | 'expired' | 'joined' | 'grouped';

/** What an attempt comes to. */
export interface Conclusion {
  outcome: Outcome;
  /** The row of the attempt, then a row for each change that it settles beside its own. */
  records: DeliveryRecord[];
  /** What need not wait any more. */
  settled: Waiting[];
  /** What is to be told to somebody else, as this receiver will not hear of it. */
  undelivered: Undelivered[];
}

/** Who was spoken to, and when (ms since 1970). */
export interface AttemptFrame {
  receiver: string;
  settings: string;
  startedAt: number;
  endedAt: number;
}

/**
 * What an answer means for all that the message carried: each change gets a row that says whose message carried it. Attempts
 * are counted in the queue of the incident.
 */
export function conclude(message: Message, answer: Answer, frame: AttemptFrame): Conclusion {
  const parts = message.parts.map((part) => ({ ...part, lead: part.items.at(-1)! }));
  const outcome = outcomeOf(answer, parts[0]!.lead, frame.endedAt);
  const digest = parts.length > 1 ? digestId(message) : undefined;
  const main = { ...rowOf(frame), outcome, status: answer.status, detail: answer.detail };
  const messageId = answer.kind === 'delivered' ? answer.messageId : undefined;
  const records: DeliveryRecord[] = [];
  if (digest !== undefined) {
    const attempt = parts[0]!.queue.nextAttempt(-1);
    records.push({ ...main, incidentId: digest, sequence: 0, change: 'digest', attempt });
  } else {
    const [{ queue, lead }] = parts as [(typeof parts)[number]];
    const { sequence, ...named } = namesOf(lead.content);
    const attempt = queue.nextAttempt(sequence);
    records.push({ ...main, ...named, sequence, attempt, ...(messageId === undefined ? {} : { messageId }) });
  }
  if (outcome === 'retry') return { outcome, records, settled: [], undelivered: [] };
  for (const { items, lead } of parts)
    for (const item of items)
      if (digest !== undefined || item !== lead) records.push(carried(item, { ...main, attempt: 0 }, { lead, digest }));
  const isTold = outcome === 'delivered';
  return {
    outcome,
    records,
    settled: parts.flatMap(({ items }) => items),
    undelivered: isTold ? [] : parts.flatMap(({ lead }) => reportOf(lead.content, { ...frame, ...answer, outcome })),
  };
}

/** The topic may have a change twice: of those the last stands for all. */
export function withoutRepeats(items: readonly Waiting[]): Waiting[] {
  const isRepeat = (item: Waiting, later: readonly Waiting[]) =>
    item.content.kind === 'change' &&
    later.some(({ content }) => namesOf(content).sequence === namesOf(item.content).sequence);
  return items.filter((item, i) => !isRepeat(item, items.slice(i + 1)));
}

/** The row, and the report to somebody else, of what is settled without an attempt. */
export function settleUntried(
  item: Waiting,
  { outcome, detail, ...frame }: AttemptFrame & { outcome: Outcome; detail: string },
): Conclusion {
  const row = { ...rowOf(frame), ...namesOf(item.content), attempt: 0, outcome, status: null, detail };
  const undelivered = outcome === 'expired' ? [] : reportOf(item.content, { ...frame, outcome, detail });
  return { outcome, records: [row], settled: [item], undelivered };
}

/** One name for one set of changes, so that a repeat of the message can be collapsed. */
export function digestId({ parts }: Message): string {
  const names = parts
    .map(({ items }) => namesOf(items.at(-1)!.content))
    .map((each) => [each.incidentId, each.sequence]);
  return `digest-${createHash('sha256').update(JSON.stringify(names.sort())).digest('base64url').slice(0, 16)}`;
}

function outcomeOf(answer: Answer, { content, triedAt }: Waiting, now: number): Outcome {
  if (answer.kind !== 'retry') return answer.kind;
  const isEnough = content.kind === 'refresh' || (content.kind === 'notice' && !content.isWorthRetrying);
  return isEnough || now - (triedAt ?? now) >= GIVE_UP_AFTER_MS ? 'gave_up' : 'retry';
}

function rowOf({ receiver, settings, startedAt, endedAt }: AttemptFrame) {
  return { receiver, settings, startedAt: new Date(startedAt), durationMs: endedAt - startedAt };
}

/** The row of a change that another message carried; where that failed, it failed alike. */
function carried(
  item: Waiting,
  main: ReturnType<typeof rowOf> & Pick<DeliveryRecord, 'attempt' | 'outcome' | 'status' | 'detail'>,
  { lead, digest }: { lead: Waiting; digest: string | undefined },
): DeliveryRecord {
  const by = namesOf(lead.content).sequence;
  const isTold = main.outcome === 'delivered';
  const inDigest = digest === undefined ? {} : { digest };
  const names = namesOf(item.content);
  if (item === lead) return { ...main, ...names, ...inDigest, ...(isTold ? { outcome: 'grouped', status: null } : {}) };
  const told = isTold ? { outcome: 'joined', status: null, detail: `told with change ${by}` } : {};
  return { ...main, ...names, ...inDigest, ...told, carriedBy: by };
}

/** Under which name something stands in the delivery log. */
function namesOf(content: Content): Pick<DeliveryRecord, 'incidentId' | 'sequence' | 'change' | 'requestId'> {
  switch (content.kind) {
    case 'change': {
      const { incident_id: incidentId, sequence, change } = content.change;
      const { requestId } = content;
      return { incidentId, sequence, change, ...(requestId === undefined ? {} : { requestId }) };
    }
    case 'refresh':
      return { incidentId: content.change.incident_id, sequence: content.change.sequence, change: 'refresh' };
    case 'undelivered': {
      const { report, requestId } = content;
      return { incidentId: report.incident_id, sequence: 0, change: 'undelivered', requestId };
    }
    case 'notice':
      return { incidentId: content.subject, sequence: 0, change: content.change };
  }
}

function reportOf(
  content: Content,
  { receiver, outcome, detail }: { receiver: string; outcome: Outcome; detail: string },
): Undelivered[] {
  const named = { receiver, outcome, detail };
  switch (content.kind) {
    case 'change': {
      const { incident_id, sequence, change, severity } = content.change;
      return [{ ...named, incident_id, sequence, change, severity, title: plain(announce(content.change).title) }];
    }
    case 'notice': {
      if (!content.isWorthRetrying) return [];
      const { subject: incident_id, change, notice } = content;
      return [{ ...named, incident_id, sequence: 0, change, severity: 'sev1', title: plain(notice.title) }];
    }
    case 'refresh':
    case 'undelivered':
      return [];
  }
}
