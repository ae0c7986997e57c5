import { createHash, randomInt } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

/** What a key may be for. `admin` may all that `triage` may, and that all that `read` may. */
export const keyScopes = ['read', 'triage', 'admin', 'ingest'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** A key as it is stored: its hash, never itself. `orgs`: only the data of these; empty for all. */
export interface ApiKey {
  keyId: string;
  name: string;
  secretHash: string;
  scopes: KeyScope[];
  orgs: string[];
  createdAt: Date;
  revokedAt: Date | null;
}

interface Row {
  key_id: string;
  name: string;
  secret_hash: string;
  scopes: KeyScope[];
  orgs: string[];
  created_ms: number;
  revoked_ms: number | null;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const FORM = /^rw_([A-Za-z0-9]{8})_[A-Za-z0-9]{32}$/;

/** A new key: 8 characters that may be seen, and 32 that are the secret (190 bits). It is shown once and stored as its hash. */
export function drawKey(): { key: string; keyId: string; secretHash: string } {
  const [keyId, secret] = [draw(8), draw(32)];
  const key = `rw_${keyId}_${secret}`;
  return { key, keyId, secretHash: hashOfKey(key) };
}

/** The part of a key that may be seen; undefined for what is no key. */
export function keyIdOf(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

/** SHA-256 in hexadecimal. The secret is random, so that a slow hash would protect nothing. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Lists all keys, revoked ones included, oldest first. */
export async function apiKeys(db: ClickHouseClient): Promise<ApiKey[]> {
  const rows = await ask<Row>(db, 'access/api-keys', {});
  return rows.map((row) => ({
    keyId: row.key_id,
    name: row.name,
    secretHash: row.secret_hash,
    scopes: row.scopes,
    orgs: row.orgs,
    createdAt: new Date(row.created_ms),
    revokedAt: row.revoked_ms === null ? null : new Date(row.revoked_ms),
  }));
}

/** Stores a key, or its newest version. */
export async function storeApiKey(db: ClickHouseClient, key: ApiKey): Promise<void> {
  const value = {
    key_id: key.keyId,
    name: key.name,
    secret_hash: key.secretHash,
    scopes: key.scopes,
    orgs: key.orgs,
    created_at: toDateTime64(key.createdAt.getTime()),
    revoked_at: key.revokedAt === null ? null : toDateTime64(key.revokedAt.getTime()),
  };
  await db.insert({ table: 'api_keys', values: [value], format: 'JSONEachRow' });
}

function draw(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
