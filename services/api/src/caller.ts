import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyScope } from '@ringwatch/clickhouse';
import { Problem } from './problem';

/** Who asks, what they may, and whose data they see. */
export interface Caller {
  /** The name of the key; undefined where nobody was asked for one. */
  name: string | undefined;
  keyId: string;
  scopes: ReadonlySet<KeyScope>;
  /** Only the data of these organisations; empty for all. */
  orgs: readonly string[];
}

/** A request that was let in. */
export type ApiRequest = IncomingMessage & {
  caller: Caller;
  path: string;
  originalUrl: string;
  ip?: string;
  res?: ServerResponse;
};

/** Whoever asks an api that wants no key: the person at this machine. */
export const anyone: Caller = { name: undefined, keyId: '', scopes: new Set(['admin']), orgs: [] };

/** Whoever uses what asks for nothing. */
export const nobody: Caller = { ...anyone, scopes: new Set() };

/** What a scope includes beside itself. */
const includes: Partial<Record<KeyScope, readonly KeyScope[]>> = { admin: ['triage', 'read'], triage: ['read'] };

export function may({ scopes }: Caller, needed: KeyScope): boolean {
  return scopes.has(needed) || [...scopes].some((scope) => includes[scope]?.includes(needed));
}

/**
 * Which organisations a question is about: those asked for, within those that the caller may see. Empty for all.
 * @throws Problem 403 when others are asked for.
 */
export function orgsAskedFor(orgs: readonly string[], asked: readonly string[]): readonly string[] {
  if (orgs.length === 0) return asked;
  if (asked.length === 0) return orgs;
  if (asked.every((each) => orgs.includes(each))) return asked;
  throw new Problem('forbidden', `org_id: this key is for ${orgs.join(', ')} alone`);
}
