import type { IncidentAction } from '@ringwatch/incident';
import type { TopicWriter } from '@ringwatch/kafka';
import { formatInstant } from '@ringwatch/message';
import { Problem } from './problem';

/** Longer than this nobody waits for an answer; Kafka's client itself would try for a minute. */
const GIVE_UP_MS = 10_000;

/** The topic `incident-actions`. Connected when the first action comes: who only reads needs no Kafka. */
export class ActionTopic {
  private connecting: Promise<void> | undefined;

  constructor(
    private readonly writer: TopicWriter,
    private readonly giveUpMs = GIVE_UP_MS,
  ) {}

  /** Resolves when Kafka has the action. @throws Problem 503 when that is not known. */
  async write(action: IncidentAction, timestamp: number): Promise<void> {
    const record = { topic: 'incident-actions', key: action.incident_id, value: messageOf(action), timestamp };
    try {
      await within(
        this.giveUpMs,
        this.connected().then(() => this.writer.write([record])),
      );
    } catch (cause) {
      throw new Problem(
        'broker_unavailable',
        'Kafka did not take the action in time: it may still come through; send it again with the same Idempotency-Key',
        { cause },
      );
    }
  }

  /** Nest calls it when the service ends. */
  async onApplicationShutdown(): Promise<void> {
    if (this.connecting) await this.writer.disconnect();
  }

  private connected(): Promise<void> {
    this.connecting ??= this.writer.connect().catch((error: unknown) => {
      this.connecting = undefined;
      throw error;
    });
    return this.connecting;
  }
}

/** The message of the topic: what was not given is left out. */
function messageOf({ occurred_at, muted_until, muted_factor, assignee, text, ...rest }: IncidentAction): string {
  return JSON.stringify({
    ...rest,
    occurred_at: formatInstant(occurred_at),
    ...(rest.action === 'assign' && { assignee }),
    ...(muted_until !== null && { muted_until: formatInstant(muted_until) }),
    ...(muted_factor !== null && { muted_factor }),
    ...(text !== '' && { text }),
  });
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
