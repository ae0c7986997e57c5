import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiKey, apiKeys, hashOfKey, keyIdOf } from '@ringwatch/clickhouse';
import type { Caller } from './caller';
import type { Store } from './store';

/** A revoked key opens nothing after this time, and a new one opens at once. */
const FRESH_MS = 2_000;
/** A key that is not known makes the table be read again, this often at most; until then it waits. */
const LOOK_AGAIN_MS = 500;

/** The keys of the api, read from the table again and again. */
export class KeyRing {
  private keys = new Map<string, ApiKey>();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Whose key this is; undefined for one that is not known, revoked or no key at all. Compared in constant time. */
  async holderOf(key: string): Promise<Caller | undefined> {
    const keyId = keyIdOf(key);
    const found = keyId === undefined ? undefined : await this.find(keyId);
    const given = Buffer.from(hashOfKey(key), 'hex');
    const wanted = Buffer.from(found?.secretHash ?? '', 'hex');
    const isRight = given.length === wanted.length && timingSafeEqual(given, wanted);
    return found && isRight ? toCaller(found) : undefined;
  }

  /** Whose key has this id, while it is valid: for sessions that were opened with it. */
  async holderOfId(keyId: string): Promise<Caller | undefined> {
    const found = await this.find(keyId);
    return found && toCaller(found);
  }

  private async find(keyId: string): Promise<ApiKey | undefined> {
    const age = this.clock() - this.readAt;
    if (age > FRESH_MS || !this.keys.has(keyId)) {
      if (age < LOOK_AGAIN_MS) await sleep(LOOK_AGAIN_MS - age);
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      await this.reading;
    }
    const found = this.keys.get(keyId);
    return found?.revokedAt === null ? found : undefined;
  }

  private async read(): Promise<void> {
    const all = await this.store.ask('api-keys', apiKeys);
    this.keys = new Map(all.map((key) => [key.keyId, key]));
    this.readAt = this.clock();
  }
}

function toCaller({ name, keyId, scopes, orgs }: ApiKey): Caller {
  return { name, keyId, scopes: new Set(scopes), orgs };
}
