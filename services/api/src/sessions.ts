import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE = 'ringwatch_session';
/** A working day. */
const LASTS_MS = 12 * 3_600_000;

/**
 * Sessions of people who signed in with a key: a cookie that names the key and until when, with a seal. Nothing is stored; a key that
 * is revoked ends its sessions.
 */
export class Sessions {
  private readonly secret: Buffer;

  /** Without a secret one is drawn, and sessions end with the process. */
  constructor(
    secret: string | undefined,
    private readonly wallClock: () => number = Date.now,
  ) {
    this.secret = secret === undefined ? randomBytes(32) : Buffer.from(secret);
  }

  /** The header `Set-Cookie` that opens a session, and when it ends. Scripts cannot read it, other sites cannot have it sent. */
  open(keyId: string, isSecure: boolean): { cookie: string; expiresAt: Date } {
    const expiresMs = this.wallClock() + LASTS_MS;
    const token = `${keyId}.${expiresMs}`;
    return {
      cookie: cookieOf(`${token}.${this.seal(token)}`, LASTS_MS / 1_000, isSecure),
      expiresAt: new Date(expiresMs),
    };
  }

  /** The header `Set-Cookie` that ends it. */
  close(isSecure: boolean): string {
    return cookieOf('', 0, isSecure);
  }

  /** The id of the key that a session was opened with; undefined without a valid session. */
  keyIdOf(request: IncomingMessage): string | undefined {
    const [keyId = '', expiresMs = '', seal = ''] = cookieIn(request)?.split('.') ?? [];
    const [given, wanted] = [Buffer.from(seal), Buffer.from(this.seal(`${keyId}.${expiresMs}`))];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    return Number(expiresMs) > this.wallClock() ? keyId : undefined;
  }

  private seal(token: string): string {
    return createHmac('sha256', this.secret).update(token).digest('base64url');
  }
}

/** Whether a request brings a session, valid or not. */
export function hasSession(request: IncomingMessage): boolean {
  return cookieIn(request) !== undefined;
}

function cookieIn(request: IncomingMessage): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function cookieOf(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
  return `${COOKIE}=${value}; ${attributes}${isSecure ? '; Secure' : ''}`;
}
