import { type AuditEntry, type ClickHouseClient, listAudit, noteAudit } from '@ringwatch/clickhouse';
import { z } from 'zod';
import type { AuditQuery } from './access-answers';
import { decodeCursor, pageOf } from './cursor';
import { Problem } from './problem';
import type { Store } from './store';

const position = z.tuple([z.number().int(), z.string()]);

/** What people did by the api. It is written before the thing is done: nothing is done that is not noted. */
export class AuditTrail {
  /** The only client of the api that may write. */
  constructor(private readonly db: ClickHouseClient) {}

  /** @throws Problem 503 when it cannot be noted. */
  async note(entry: AuditEntry): Promise<void> {
    await noteAudit(this.db, entry).catch((cause: unknown) => {
      throw new Problem('store_unavailable', 'it could not be noted who did this, so it was not done; try again', {
        cause,
      });
    });
  }

  /** Nest calls it when the service ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.db.close();
  }
}

/** Lists what people did, newest first. */
export async function readAudit(store: Store, query: AuditQuery) {
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  const filters = { actors: query.actor, actions: query.action, targets: query.target };
  const found = await store.ask('list-audit', (db) => listAudit(db, { filters, after, maxRows: query.limit + 1 }));
  const { page, nextCursor } = pageOf(found, query.limit, (last) => [last.at.getTime(), last.entryId]);
  return {
    entries: page.map(({ entryId, keyId, ...rest }) => ({ id: entryId, key_id: keyId || null, ...rest })),
    next_cursor: nextCursor,
  };
}

function positionOf(cursor: string) {
  const [atMs, entryId] = decodeCursor(cursor, position);
  return { at: new Date(atMs), entryId };
}
