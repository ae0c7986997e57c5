import { deliveriesPage } from '@ringwatch/clickhouse';
import { z } from 'zod';
import { decodeCursor, pageOf } from './cursor';
import type { DeliveriesQuery } from './operation-answers';
import type { Store } from './store';

const position = z.tuple([z.number().int(), z.string(), z.number().int(), z.string(), z.number().int()]);

/** Lists what receivers were told, newest first. */
export async function readDeliveries(store: Store, query: DeliveriesQuery) {
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  const filters = { receivers: query.receiver, incidentIds: query.incident_id, outcomes: query.outcome };
  const found = await store.ask('deliveries-page', (db) =>
    deliveriesPage(db, { filters, after, maxRows: query.limit + 1 }),
  );
  const { page, nextCursor } = pageOf(found, query.limit, (last) => [
    last.startedAt.getTime(),
    last.incidentId,
    last.sequence,
    last.receiver,
    last.attempt,
  ]);
  return {
    deliveries: page.map(({ incidentId, startedAt, durationMs, carriedBy, ...rest }) => ({
      ...rest,
      incident_id: incidentId,
      started_at: startedAt,
      duration_ms: durationMs,
      carried_by: carriedBy || null,
    })),
    next_cursor: nextCursor,
  };
}

function positionOf(cursor: string) {
  const [startedMs, incidentId, sequence, receiver, attempt] = decodeCursor(cursor, position);
  return { startedAt: new Date(startedMs), incidentId, sequence, receiver, attempt };
}
