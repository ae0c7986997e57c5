import type { ClickHouseClient } from '@clickhouse/client';
import type { InputTopic } from '@ringwatch/inputs';
import { ask } from '../ask';

/** How many different events are stored of each input, copies once. Reads all ids: a question for the end of a run. */
export async function countEvents(db: ClickHouseClient): Promise<Record<InputTopic, number>> {
  const [row] = await ask<Record<InputTopic, number>>(db, 'intake/count-events', {});
  return row ?? { bugchecks: 0, updates: 0, installs: 0, heartbeats: 0, 'incident-actions': 0 };
}
