import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  type ApiKey,
  type ClickHouseClient,
  type KeyScope,
  apiKeys,
  drawKey,
  keyIdOf,
  keyScopes,
  noteAudit,
  storeApiKey,
} from '@ringwatch/clickhouse';
import type { CommandReader, ExitCode } from './cli';
import { type Output, UsageError, table } from './output';

/** Control characters would make a list of keys say something else than is there. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/** `ringwatch keys create`, `list` and `revoke`. */
export const keysCommand: CommandReader = (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      scope: { type: 'string' },
      org: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, ...rest] = positionals;
  const { json } = values;
  if (action === 'create' && rest.length === 0) {
    const wanted = { name: readName(values.name), scopes: readScopes(values.scope), orgs: readOrgs(values.org) };
    return { needsKafka: false, run: ({ db }, output) => create(db, wanted, { json, output }) };
  }
  if (values.name !== undefined || values.scope !== undefined || values.org.length > 0)
    throw new UsageError('--name, --scope and --org belong to create');
  if (action === 'list' && rest.length === 0)
    return { needsKafka: false, run: ({ db }, output) => list(db, json, output) };
  if (action === 'revoke' && rest.length === 1) {
    const id = rest[0] as string;
    return { needsKafka: false, run: ({ db }, output) => revoke(db, keyIdOf(id) ?? id, output) };
  }
  throw new UsageError(`wanted create, list, or revoke with the id of a key, got "${positionals.join(' ')}"`);
};

function readName(name: string | undefined): string {
  if (name !== undefined && NAME.test(name)) return name;
  throw new UsageError(
    `--name: wanted 1 to 128 characters that say whose key it is, got ${JSON.stringify(name ?? '')}`,
  );
}

function readScopes(text: string | undefined): KeyScope[] {
  const words = (text ?? '').split(',').map((word) => word.trim());
  const scopes = keyScopes.filter((scope) => words.includes(scope));
  if (text !== undefined && scopes.length === new Set(words).size) return scopes;
  throw new UsageError(`--scope: wanted some of ${keyScopes.join(',')}, got "${text ?? ''}"`);
}

function readOrgs(orgs: readonly string[]): string[] {
  if (orgs.every((org) => NAME.test(org))) return [...new Set(orgs)];
  throw new UsageError('--org: wanted 1 to 128 characters');
}

async function create(
  db: ClickHouseClient,
  wanted: Pick<ApiKey, 'name' | 'scopes' | 'orgs'>,
  { json, output }: { json: boolean; output: Output },
): Promise<ExitCode> {
  const taken = (await apiKeys(db)).find(({ name, revokedAt }) => name === wanted.name && revokedAt === null);
  if (taken) {
    output.err(
      `ringwatch keys: key ${taken.keyId} is named "${wanted.name}" already; names stand in the record, so choose another\n`,
    );
    return 1;
  }
  const { key, keyId, secretHash } = drawKey();
  await note(db, 'key.created', keyId, { ...wanted });
  await storeApiKey(db, { ...wanted, keyId, secretHash, createdAt: new Date(), revokedAt: null });
  if (json) output.out(`${JSON.stringify({ key, key_id: keyId, ...wanted })}\n`);
  else output.out(`${key}\n`);
  output.err('This key is shown once and stored nowhere. Send it as: Authorization: Bearer <key>\n');
  if (wanted.scopes.includes('ingest'))
    output.err('The api takes in no events: they go to the Kafka topics, so ingest opens nothing yet.\n');
  return 0;
}

async function list(db: ClickHouseClient, json: boolean, output: Output): Promise<ExitCode> {
  const keys = await apiKeys(db);
  if (json) {
    const shown = keys.map(({ keyId, name, scopes, orgs, createdAt, revokedAt }) => ({
      key_id: keyId,
      name,
      scopes,
      orgs,
      created_at: createdAt,
      revoked_at: revokedAt,
    }));
    output.out(`${JSON.stringify(shown, null, 2)}\n`);
    return 0;
  }
  const day = (at: Date | null) => (at === null ? '' : at.toISOString().slice(0, 19).replace('T', ' '));
  const rows = keys.map((key) => [
    key.keyId,
    key.name,
    key.scopes.join(','),
    key.orgs.join(',') || 'all',
    day(key.createdAt),
    day(key.revokedAt),
  ]);
  output.out(table(['id', 'name', 'scopes', 'orgs', 'created', 'revoked'], rows));
  if (rows.length === 0) output.out('there are no keys\n');
  return 0;
}

async function revoke(db: ClickHouseClient, keyId: string, output: Output): Promise<ExitCode> {
  const found = (await apiKeys(db)).find((key) => key.keyId === keyId);
  if (found === undefined) {
    output.err(`ringwatch keys: there is no key ${keyId}\n`);
    return 1;
  }
  if (found.revokedAt === null) {
    await note(db, 'key.revoked', keyId, { name: found.name });
    await storeApiKey(db, { ...found, revokedAt: new Date() });
  }
  output.out(`key ${keyId} (${found.name}) is revoked: within seconds it opens nothing\n`);
  return 0;
}

async function note(db: ClickHouseClient, action: string, keyId: string, after: object): Promise<void> {
  const entry = { entryId: randomUUID(), at: new Date(), actor: 'ringwatch', keyId: '', action, target: keyId };
  await noteAudit(db, { ...entry, before: null, after });
}
