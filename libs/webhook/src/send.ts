import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Answer, Lost, Reply } from './answer';
import { classify } from './receiver';
import type { DeliveryRequest } from './receiver-definition';
import { checkTarget, resolveHost, type HostAddress, type Resolve, type TargetPolicy } from './target';

/** How to send; the defaults are what services use. */
export interface SendOptions {
  policy: TargetPolicy;
  /** From the first look at the name to the last byte of the answer. */
  timeoutMs?: number;
  resolve?: Resolve;
  now?: () => Date;
}

const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 64 * 1024;

/** What was known of an answer when it broke off. */
type Exchange = { reply: Reply; whole: boolean } | { failure: string };

/**
 * Makes one attempt. It never throws for what the network or the receiver does: that is an answer too. It connects only to
 * an address that was checked, follows no redirect, uses no proxy and reads no more than 64 kB. Where the message that is to
 * be followed is gone, what stands ready in its place is sent within the same time.
 */
export async function send(request: DeliveryRequest, options: SendOptions): Promise<Answer> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const answer = await attempt(request, options, deadline);
  if (answer.kind !== 'lost') return answer;
  const { status, detail } = answer;
  const again = request.instead && (await attempt(request.instead, options, deadline));
  return again === undefined || again.kind === 'lost' ? { kind: 'rejected', status, detail } : again;
}

async function attempt(request: DeliveryRequest, options: SendOptions, deadline: AbortSignal): Promise<Answer | Lost> {
  const { policy, resolve = resolveHost, now = () => new Date() } = options;
  const retry = (detail: string): Answer => ({ kind: 'retry', status: null, detail, retryAfterMs: null });
  let addresses: HostAddress[];
  try {
    const target = await before(deadline, checkTarget(new URL(request.url), policy, resolve));
    if (target.kind === 'refused') return { kind: 'rejected', status: null, detail: `not sent: ${target.reason}` };
    ({ addresses } = target);
  } catch (error) {
    return retry(`its name could not be resolved (${codeOf(error)})`);
  }
  const exchange = await exchangeWith(request, addresses, deadline);
  if ('failure' in exchange) return retry(exchange.failure);
  const answer = classify(request, exchange.reply, now());
  // An `ok` that was cut off may still have been one: better twice than not at all.
  if (answer.kind === 'rejected' && !exchange.whole && exchange.reply.status < 300)
    return { kind: 'retry', status: answer.status, detail: 'its answer broke off', retryAfterMs: null };
  return answer;
}

function exchangeWith(request: DeliveryRequest, addresses: HostAddress[], deadline: AbortSignal): Promise<Exchange> {
  const url = new URL(request.url);
  const { request: open } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const outgoing = open(url, {
      method: request.method ?? 'POST',
      headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body) },
      agent: false,
      lookup: only(addresses),
      signal: deadline,
    });
    const fail = (error: Error) => resolve({ failure: `no answer (${codeOf(error)})` });
    outgoing.on('error', fail);
    // Such as after `101 Switching Protocols`, of which Node says nothing else.
    const broken = () => resolve({ failure: 'no answer (connection closed)' });
    outgoing.on('close', broken);
    outgoing.on('response', (incoming) => {
      outgoing
        .off('close', broken)
        .off('error', fail)
        .on('error', () => undefined);
      void readReply(incoming).then(resolve);
    });
    outgoing.end(request.body);
  });
}

/** The status counts from the moment it is there; a body that is too long, too slow or cut off changes nothing about it. */
async function readReply(incoming: http.IncomingMessage): Promise<Exchange> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let whole = true;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_BODY_BYTES) break;
    }
  } catch {
    whole = false;
  }
  incoming.destroy();
  const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
  const reply = { status: incoming.statusCode ?? 0, retryAfter: incoming.headers['retry-after'], body };
  return { reply, whole };
}

/** Answers every question for an address with those that were checked. */
function only(addresses: HostAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    if (all) callback(null, addresses);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
}

function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (deadline.aborted) return reject(deadline.reason as Error);
    deadline.addEventListener('abort', () => reject(deadline.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

/** An error's code; its message may hold the address. */
function codeOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: { name?: string } };
  if (name === 'TimeoutError' || cause?.name === 'TimeoutError' || name === 'AbortError') return 'timed out';
  return typeof code === 'string' ? code : 'failed';
}
