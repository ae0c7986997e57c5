import { storeStatus } from '@ringwatch/clickhouse';
import { z } from 'zod';
import type { Store } from './store';

export const statusSchema = z
  .object({
    newest_event_at: z.iso.datetime().nullable().meta({ description: 'event time of the newest event in the store' }),
    closed_until: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'arrival time up to which all is stored: figures are complete up to here' }),
    hosts: z.number().int().meta({ description: 'hosts ever heard of' }),
    crashes: z.number().int(),
    updates: z.number().int(),
  })
  .meta({
    description: 'What the store holds, and up to when. Times are null while nothing has come.',
    examples: [
      {
        newest_event_at: '2024-07-19T05:44:59.000Z',
        closed_until: '2024-07-19T05:44:58.000Z',
        hosts: 2400,
        crashes: 5368,
        updates: 3,
      },
    ],
  });

/** What the store holds, and up to when, as it is answered. */
export async function readStatus(store: Store) {
  const status = await store.ask('store-status', (db) => storeStatus(db, store.orgs));
  return {
    newest_event_at: status.newestEventAt,
    closed_until: status.closedUntil,
    hosts: status.hosts,
    crashes: status.crashes,
    updates: status.updates,
  };
}
