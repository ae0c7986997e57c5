import type { ClickHouseClient } from '@clickhouse/client';
import type { Recovery } from '@ringwatch/incident';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import type { ArrivalWindow } from './read-evidence';

/**
 * How many of the hosts that crashed after they had applied an update have given a sign of life since, as it was known at the
 * end of the window. Heartbeats are kept for 7 days: asked later, hosts count as not seen again.
 */
export async function recoveredHosts(db: ClickHouseClient, update: Update, window: ArrivalWindow): Promise<Recovery> {
  const [row] = await ask<Recovery>(db, 'evidence/recovered-hosts', { ...update, ...window });
  return row ?? { hosts: 0, recovered: 0 };
}
