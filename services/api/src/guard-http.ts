import helmet from 'helmet';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Problem } from './problem';

type Handler = (request: IncomingMessage, reply: ServerResponse, next: (error?: unknown) => void) => void;

/** A client that dawdles is cut off: no request has a body, so a few seconds are plenty. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Longer than any proxy keeps a connection, so that the proxy closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADERS = 64;

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

/** Only reading exists. @throws Problem 405 for any other method. */
export const onlyReads: Handler = (request, reply, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  reply.setHeader('Allow', 'GET, HEAD');
  return next(new Problem('method_not_allowed', `wanted GET or HEAD, got ${request.method}`));
};

/** Answers are figures of this moment. */
export const noStore: Handler = (request, reply, next) => {
  if (request.url?.startsWith('/api/')) reply.setHeader('Cache-Control', 'no-store');
  next();
};

export function limitConnections(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.maxHeadersCount = MAX_HEADERS;
}
