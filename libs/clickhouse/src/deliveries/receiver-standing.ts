import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** Under this name in place of an incident stands that a receiver is to be spoken to again. */
export const RESUMED = 'receiver';

/** The last that was said of a receiver's being there at all, and its settings at that time as a fingerprint. */
export interface ReceiverStanding {
  outcome: 'gone' | 'resumed';
  settings: string;
}

/** Whether a receiver was last found to be gone; undefined where it never was. */
export async function receiverStanding(db: ClickHouseClient, receiver: string): Promise<ReceiverStanding | undefined> {
  const [row] = await ask<ReceiverStanding>(db, 'deliveries/receiver-standing', { receiver });
  return row;
}

/** What a receiver was told last of a subject that is no incident. */
export interface LastNotice {
  change: string;
  outcome: string;
  /** Milliseconds since 1970 UTC. */
  startedAt: number;
}

/** The newest row of a subject; undefined where there is none. */
export async function lastNotice(
  db: ClickHouseClient,
  receiver: string,
  subject: string,
): Promise<LastNotice | undefined> {
  const [row] = await ask<{ change: string; outcome: string; started_ms: number }>(db, 'deliveries/last-notice', {
    receiver,
    subject,
  });
  return row && { change: row.change, outcome: row.outcome, startedAt: row.started_ms };
}
