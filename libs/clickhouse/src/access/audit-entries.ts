import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

/** One thing that somebody did. `target` is what it was done to, `before` and `after` how that stood, as far as it is known. */
export interface AuditEntry {
  entryId: string;
  at: Date;
  actor: string;
  /** Empty where nobody was asked for a key. */
  keyId: string;
  action: string;
  target: string;
  before: object | null;
  after: object | null;
}

/** Which entries; an empty or absent list takes any. */
export interface AuditFilters {
  actors?: readonly string[];
  actions?: readonly string[];
  targets?: readonly string[];
}

/** Where a page of entries ended: the next one begins behind it. */
export type EntryPosition = Pick<AuditEntry, 'at' | 'entryId'>;

interface Row {
  entry_id: string;
  at_ms: number;
  actor: string;
  key_id: string;
  action: string;
  target: string;
  before: string;
  after: string;
}

const latestMs = Date.UTC(2299, 0, 1);

/** Notes what somebody did. The same entry may be noted again. */
export async function noteAudit(db: ClickHouseClient, entry: AuditEntry): Promise<void> {
  const value = {
    entry_id: entry.entryId,
    at: toDateTime64(entry.at.getTime()),
    actor: entry.actor,
    key_id: entry.keyId,
    action: entry.action,
    target: entry.target,
    before: JSON.stringify(entry.before),
    after: JSON.stringify(entry.after),
  };
  await db.insert({ table: 'api_audit', values: [value], format: 'JSONEachRow' });
}

/** Lists what people did, newest first. */
export async function listAudit(
  db: ClickHouseClient,
  page: { filters: AuditFilters; after?: EntryPosition; maxRows: number },
): Promise<AuditEntry[]> {
  const rows = await ask<Row>(db, 'access/list-audit', {
    actors: page.filters.actors ?? [],
    actions: page.filters.actions ?? [],
    targets: page.filters.targets ?? [],
    before_ms: page.after?.at.getTime() ?? latestMs,
    after_entry_id: page.after?.entryId ?? '',
    max_rows: page.maxRows,
  });
  return rows.map((row) => ({
    entryId: row.entry_id,
    at: new Date(row.at_ms),
    actor: row.actor,
    keyId: row.key_id,
    action: row.action,
    target: row.target,
    before: JSON.parse(row.before) as object | null,
    after: JSON.parse(row.after) as object | null,
  }));
}
