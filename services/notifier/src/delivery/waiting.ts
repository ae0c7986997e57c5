import type { IncidentChange } from '@ringwatch/incident';
import type { MessageBatch } from '@ringwatch/kafka';
import type { Undelivered } from '@ringwatch/routing';
import type { Notice } from '@ringwatch/webhook';

/** What a receiver can be told. */
export type Content =
  /** A change of an incident; `requestId` where a person asked for it to be sent again. */
  | { kind: 'change'; change: IncidentChange; producedAt: number; requestId?: string }
  /** An alert that ends by itself at the receiver unless it is sent again now and then. */
  | { kind: 'refresh'; change: IncidentChange }
  /** That another receiver could not be told of something. */
  | { kind: 'undelivered'; report: Undelivered; requestId: string }
  /** The watchdog, or what became of the road from event to verdict: `subject` is what it is about. */
  | { kind: 'notice'; notice: Notice; subject: string; change: string; isWorthRetrying: boolean };

/** Something that waits to be told to one receiver. */
export interface Waiting {
  content: Content;
  /** When it began to wait, in milliseconds since 1970. */
  since: number;
  /** When it was tried first. */
  triedAt: number | undefined;
  /** For how long openings are gathered before this one goes out. */
  groupMs: number | undefined;
  /** What it came with; where that is read by somebody else, waiting is over. Nothing for what does not come from Kafka. */
  batch: Pick<MessageBatch, 'isCurrent' | 'topic' | 'partition'> | undefined;
  /** Resolves when it is settled: told, refused, given up. Rejects when it is to be read again. */
  settled: Promise<void>;
  settle(): void;
  drop(error: Error): void;
}

/** Something begins to wait. */
export function waitFor(
  content: Content,
  { since, batch, groupMs }: Pick<Waiting, 'since' | 'batch'> & { groupMs?: number | undefined },
): Waiting {
  let settle!: () => void;
  let drop!: (error: Error) => void;
  const settled = new Promise<void>((resolve, reject) => ([settle, drop] = [resolve, reject]));
  // Whoever waits for the whole batch sees it; until then nobody looks.
  settled.catch(() => undefined);
  return { content, since, triedAt: undefined, groupMs, batch, settled, settle, drop };
}

/** What has to be told in order: an incident's changes, or what is said about one subject. */
export function queueOf(content: Content): string {
  switch (content.kind) {
    case 'change':
    case 'refresh':
      return content.change.incident_id;
    case 'undelivered':
      return `undelivered:${content.report.receiver}`;
    case 'notice':
      return content.subject;
  }
}
