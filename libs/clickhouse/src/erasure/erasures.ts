import type { ClickHouseClient } from '@clickhouse/client';
import { decodeMessage } from '@ringwatch/message';
import { ask } from '../ask';
import { namesId } from './id-in-text';

/** What can be erased: one host, or all of one org. */
export interface ErasedId {
  kind: 'host' | 'org';
  id: string;
}

/** A tombstone: what was recorded of it up to `erasedAt` (ms since 1970 UTC) must not be stored again. */
export interface Tombstone extends ErasedId {
  erasedAt: number;
}

/** All tombstones, for the hot path of ingest. Reads a clock, a file or the network never. */
export class Erasures {
  private readonly hosts = new Map<string, number>();
  private readonly orgs = new Map<string, number>();
  private readonly quoted: Array<{ bytes: Buffer; erasedAt: number }> = [];
  /** True without a tombstone: then nothing has to be asked. */
  readonly isEmpty: boolean;

  constructor(readonly tombstones: readonly Tombstone[] = []) {
    for (const { kind, id, erasedAt } of tombstones) {
      (kind === 'host' ? this.hosts : this.orgs).set(id, erasedAt);
      this.quoted.push({ bytes: Buffer.from(JSON.stringify(id)), erasedAt });
    }
    this.isEmpty = tombstones.length === 0;
  }

  /**
   * Must this event not be stored? So it is with what has its id, and with what people wrote that names it: the action is
   * there without that word. `recordTimestamp` is that of its Kafka record, in milliseconds since 1970 UTC.
   */
  covers(event: object, recordTimestamp: number): boolean {
    if (this.isEmpty) return false;
    const { host_id, org_id, text } = event as { host_id?: string; org_id?: string; text?: string };
    if (this.coversIds(host_id, org_id, recordTimestamp)) return true;
    return !!text && this.tombstones.some(({ id, erasedAt }) => recordTimestamp <= erasedAt && namesId(text, id));
  }

  /** The same by the ids alone; an id that the event does not have is undefined. */
  coversIds(hostId: string | undefined, orgId: string | undefined, recordTimestamp: number): boolean {
    const host = hostId === undefined ? undefined : this.hosts.get(hostId);
    if (host !== undefined && recordTimestamp <= host) return true;
    const org = orgId === undefined ? undefined : this.orgs.get(orgId);
    return org !== undefined && recordTimestamp <= org;
  }

  /** The same for a message that is refused: by its key, by what its JSON says, or by a quoted id in its bytes. */
  coversBytes(key: Buffer | null, value: Buffer | null, recordTimestamp: number): boolean {
    if (this.isEmpty) return false;
    if (this.coversIds(key?.toString(), undefined, recordTimestamp)) return true;
    if (value === null) return false;
    if (this.quoted.some(({ bytes, erasedAt }) => recordTimestamp <= erasedAt && value.includes(bytes))) return true;
    const decoded = decodeMessage(value);
    if (decoded.kind === 'refused') return false;
    const text = (name: string) => (typeof decoded.members[name] === 'string' ? decoded.members[name] : undefined);
    return this.coversIds(text('host_id'), text('org_id'), recordTimestamp);
  }
}

/** Reads all tombstones. */
export async function loadErasures(db: ClickHouseClient): Promise<Erasures> {
  const rows = await ask<{ kind: ErasedId['kind']; id: string; erased_at: number }>(db, 'erasure/erasures', {});
  return new Erasures(rows.map(({ kind, id, erased_at }) => ({ kind, id, erasedAt: erased_at })));
}
