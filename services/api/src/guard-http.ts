import helmet from 'helmet';
import { type IncomingMessage, STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { operationPaths } from './operation-paths';
import { Problem, problemDetails } from './problem';

type Handler = (request: IncomingMessage, reply: ServerResponse, next: (error?: unknown) => void) => void;

/** A client that dawdles is cut off: bodies are small, so a few seconds are plenty. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** Node looks every 30 s by itself, so that a client could dawdle that long. */
const LOOK_EVERY_MS = 1_000;
/** A connection on which nothing moves, in either direction; streams say something every 15 s. */
const IDLE_TIMEOUT_MS = 120_000;
const MAX_CONNECTIONS = 2_000;
/** Longer than any proxy keeps a connection, so that the proxy closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADERS = 64;
/** With the address: filters may be many. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Nothing but our own files runs on our pages, and nobody may frame them. */
export const secureHeaders: Handler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
});

/** Which methods an address of the api takes: known once its routes are. What is not named is a page or a file, and only read. */
export class Methods {
  private readonly addresses: Array<{ form: RegExp; methods: string[] }> = [];

  /** `path` is written as OpenAPI does, such as `/api/v1/incidents/{id}/mute`. */
  add(path: string, methods: readonly string[]): void {
    const form = new RegExp(`^${path.replaceAll(/\{[^}]*\}/g, '[^/]+')}/?$`);
    const named = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    this.addresses.push({ form, methods: named });
  }

  /** @throws Problem 405 for a method that the address does not take. */
  readonly check: Handler = (request, reply, next) => {
    const path = (request.url ?? '').split('?')[0]!;
    const allowed = this.addresses.find(({ form }) => form.test(path))?.methods ?? ['GET', 'HEAD'];
    if (allowed.includes(request.method ?? '')) return next();
    reply.setHeader('Allow', allowed.join(', '));
    return next(new Problem('method_not_allowed', `wanted ${allowed.join(' or ')}, got ${request.method}`));
  };
}

/** A body is JSON and says so: then no page of another site can send it unasked. @throws Problem 415 for any other. */
export const onlyJson: Handler = (request, _reply, next) => {
  const { 'content-length': length = '0', 'transfer-encoding': chunked, 'content-type': type = '' } = request.headers;
  if (length === '0' && chunked === undefined) {
    (request as { body?: unknown }).body = {};
    return next();
  }
  if (/^application\/json\s*(;|$)/i.test(type)) return next();
  return next(
    new Problem('unsupported_media_type', `content-type: wanted application/json, got "${type.slice(0, 80)}"`),
  );
};

/** An address or a name of this machine, with or without brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/**
 * Where nobody is asked for a key, only this machine's own names are answered: a page of another site could else point a name of
 * its own here, and its scripts would be let in. @throws Problem 421
 */
export const onlyOwnNames: Handler = (request, _reply, next) => {
  const host = request.headers.host ?? '';
  const path = (request.url ?? '').split('?')[0]!;
  if (operationPaths.has(path) || isLoopback(host.replace(/:\d+$/, ''))) return next();
  const detail = `Host: wanted localhost or 127.0.0.1, got "${host.slice(0, 80)}": other names need API_ACCESS=keys`;
  return next(new Problem('misdirected', detail));
};

/** What changes something comes from our own pages or from no page at all. @throws Problem 403 for the pages of others. */
export const notFromOtherSites: Handler = (request, _reply, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  const { origin, host, 'sec-fetch-site': site = 'none', 'x-forwarded-host': forwarded } = request.headers;
  const ownHosts = [host, forwarded].flat();
  const isOwn = origin === undefined || ownHosts.includes(URL.canParse(origin) ? new URL(origin).host : '');
  if (isOwn && (site === 'none' || site === 'same-origin')) return next();
  return next(new Problem('forbidden', 'a page of another site may change nothing here'));
};

/** Answers are figures of this moment. */
export const noStore: Handler = (request, reply, next) => {
  if (request.url?.startsWith('/api/')) reply.setHeader('Cache-Control', 'no-store');
  next();
};

/** Has to come before the server listens. */
export function limitConnections(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  (server as { connectionsCheckingInterval?: number }).connectionsCheckingInterval = LOOK_EVERY_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.timeout = IDLE_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.maxHeadersCount = MAX_HEADERS;
  (server as { maxHeaderSize?: number }).maxHeaderSize = MAX_HEADER_BYTES;
  server.on('clientError', refuseUnreadable);
}

/** What is wrong before there is a request: it is told as a problem too, and the connection closed. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('headers_too_large', `wanted an address and headers of at most ${MAX_HEADER_BYTES} bytes`)
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Problem('too_slow', 'the request did not come in time')
        : new Problem('invalid_request', 'the request cannot be read');
  const body = JSON.stringify(problemDetails(problem, ''));
  const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: application/problem+json`;
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
