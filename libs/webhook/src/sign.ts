import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The three headers of Standard Webhooks (https://www.standardwebhooks.com), on every request of a generic webhook. */
export interface SignatureHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** What is signed: the key that is the same for every attempt, the moment of this attempt, and the bytes of the body. */
export interface SignedContent {
  id: string;
  at: Date;
  body: string;
}

/** Whether a request is from the one who has the secret, and if not why. */
export type Verdict = { kind: 'genuine'; id: string } | { kind: 'refused'; reason: string };

const PREFIX = 'whsec_';
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;

/** How far the clocks of sender and receiver may differ, in seconds; what is older is taken for a replay. */
const TOLERANCE_S = 300;

/** Signs with every secret given, newest first: while secrets are changed a receiver may know either. */
export function sign(content: SignedContent, secrets: readonly string[]): SignatureHeaders {
  const timestamp = String(Math.floor(content.at.getTime() / 1000));
  const signed = `${content.id}.${timestamp}.${content.body}`;
  return {
    'webhook-id': content.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${hmac(secret, signed).toString('base64')}`).join(' '),
  };
}

/** Checks a request as a receiver must: on the raw body, in constant time, with a look at its age. */
export function verify(
  headers: Record<string, string | string[] | undefined>,
  body: string,
  options: { secrets: readonly string[]; now: Date },
): Verdict {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  ) as [string, string, string];
  if (id === '' || signatures === '') return { kind: 'refused', reason: 'a signature header is missing' };
  if (!/^\d{1,12}$/.test(timestamp)) return { kind: 'refused', reason: 'webhook-timestamp is not in Unix seconds' };
  const age = options.now.getTime() / 1000 - Number(timestamp);
  if (Math.abs(age) > TOLERANCE_S) return { kind: 'refused', reason: 'webhook-timestamp is over 5 minutes away' };
  const given = signatures.split(' ').filter((each) => each.startsWith('v1,'));
  const wanted = options.secrets.map((secret) => hmac(secret, `${id}.${timestamp}.${body}`));
  const genuine = given.some((each) => wanted.some((digest) => isEqual(digest, Buffer.from(each.slice(3), 'base64'))));
  return genuine ? { kind: 'genuine', id } : { kind: 'refused', reason: 'no signature fits' };
}

/** What is wrong with a secret, in words that do not show it; undefined when it can be used. */
export function problemWithSecret(secret: string): string | undefined {
  const wanted = `wanted ${PREFIX} and then ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} random bytes in base64`;
  if (!secret.startsWith(PREFIX)) return `${wanted}, got no ${PREFIX} at its start`;
  const text = secret.slice(PREFIX.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return `${wanted}, got other characters than base64 has`;
  const { length } = Buffer.from(text, 'base64');
  return length < MIN_KEY_BYTES || length > MAX_KEY_BYTES ? `${wanted}, got ${length} bytes` : undefined;
}

/** One key for one change at one receiver, the same on every attempt, so that the receiver collapses repeats. Has no dot. */
export function deliveryKey(receiver: string, change: { incident_id: string; sequence: number }): string {
  const name = JSON.stringify([receiver, change.incident_id, change.sequence]);
  return `msg_${createHash('sha256').update(name).digest('base64url').slice(0, 32)}`;
}

/** The same for what is no change of an incident. */
export function noticeKey(receiver: string, id: string): string {
  return `msg_${createHash('sha256')
    .update(JSON.stringify([receiver, id]))
    .digest('base64url')
    .slice(0, 32)}`;
}

function hmac(secret: string, signed: string): Buffer {
  const problem = problemWithSecret(secret);
  if (problem !== undefined) throw new Error(`webhook secret: ${problem}`);
  return createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(signed)
    .digest();
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
