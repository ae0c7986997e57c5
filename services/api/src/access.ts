import type { KeyScope } from '@ringwatch/clickhouse';
import { type ApiRequest, type Caller, anyone, may, nobody } from './caller';
import type { KeyRing } from './key-ring';
import { Problem } from './problem';
import { type Sessions, hasSession } from './sessions';

/** What an address wants of who asks: nothing, or a scope, and whether only keys for all organisations will do. */
export type Requirement = { scope: 'nothing' } | { scope: KeyScope; allOrgs: boolean };

/** Wrong keys that one address may try in a minute. */
const MOST_WRONG = 20;
const MINUTE_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/** Decides who is let in where. */
export class Access {
  private wrong = new Map<string, number>();
  private countedAt = 0;

  /** `wantsKeys`: whether nobody gets in without a key. */
  constructor(
    private readonly keys: KeyRing,
    private readonly sessions: Sessions,
    readonly wantsKeys: boolean,
  ) {}

  /** @throws Problem 401 for no valid key, 403 for one that may not, 429 for too many wrong ones. */
  async admit(request: ApiRequest, needed: Requirement): Promise<Caller> {
    if (needed.scope === 'nothing') return nobody;
    const caller = await this.identify(request);
    if (!may(caller, needed.scope)) {
      const has = [...caller.scopes].join(', ') || 'nothing';
      throw new Problem('forbidden', `this wants a key with the scope ${needed.scope}: yours has ${has}`);
    }
    if (needed.allOrgs && caller.orgs.length > 0)
      throw new Problem('forbidden', 'this is about all organisations: your key is for some alone');
    return caller;
  }

  /** The caller behind a key that was given to sign in with. */
  async holderOf(key: string, address: string): Promise<Caller> {
    const caller = await this.keys.holderOf(key);
    if (caller) return caller;
    this.countWrong(address);
    throw new Problem('unauthorized', 'the key is not known, or it was revoked');
  }

  private async identify(request: ApiRequest): Promise<Caller> {
    const key = keyIn(request.headers.authorization);
    if (key !== undefined) return this.holderOf(key, request.ip ?? '');
    const keyId = this.sessions.keyIdOf(request);
    const caller = keyId === undefined ? undefined : await this.keys.holderOfId(keyId);
    if (caller) return caller;
    if (!this.wantsKeys) return anyone;
    const why = hasSession(request)
      ? 'the session has ended: sign in again'
      : 'wanted a key: Authorization: Bearer rw_...';
    throw new Problem('unauthorized', why);
  }

  /** @throws Problem 429; a right key is let in all the same. */
  private countWrong(address: string): void {
    if (performance.now() - this.countedAt > MINUTE_MS) {
      this.wrong = new Map();
      this.countedAt = performance.now();
    }
    const count = (this.wrong.get(address) ?? 0) + 1;
    if (this.wrong.size < MOST_ADDRESSES) this.wrong.set(address, count);
    if (count > MOST_WRONG)
      throw new Problem('too_many_requests', 'too many wrong keys from your address: wait a minute');
  }
}

/** The key in `Authorization`: as bearer, or as the password of any user, for tools that put it into an address. */
function keyIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme = '', credentials = ''] = authorization.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return '';
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
