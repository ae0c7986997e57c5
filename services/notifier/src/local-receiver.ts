import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { incidentChangeSchema } from '@ringwatch/incident';
import { announce, chatText, toSlackMessage, verify, type SlackMessage } from '@ringwatch/webhook';

/** What came in: a message as it reads in chat, or a request that was turned away and why. */
export type Received =
  { kind: 'slack' | 'webhook'; text: string } | { kind: 'refused'; path: string; status: number; reason: string };

export interface LocalReceiverOptions {
  /** 0 or nothing takes a free one. */
  port?: number;
  /** Where to listen; without it on this machine alone. A container says 0.0.0.0. */
  host?: string;
  /** What requests to /webhook have to be signed with; without it a new one is made. */
  secret?: string;
  onMessage: (received: Received) => void;
}

export interface LocalReceiver {
  url: string;
  port: number;
  secret: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 256 * 1024;

/** What a request comes to: the answer, and the message if there is one to show. */
type Outcome = { status: number; body: string; received?: Received };

/**
 * Stands for Slack (`/slack`) and for a generic webhook (`/webhook`) on this machine, so that an alert can be seen without any
 * account: it is sent over HTTP and checked as a real receiver would. A repeat of a webhook is accepted but not shown again.
 */
export async function startLocalReceiver(options: LocalReceiverOptions): Promise<LocalReceiver> {
  const secret = options.secret ?? `whsec_${randomBytes(32).toString('base64')}`;
  const seen = new Set<string>();
  const server = http.createServer((incoming, outgoing) => {
    void readBody(incoming)
      .then((body) => receive({ incoming, body, secret, seen }))
      .catch(() => ({ status: 400, body: 'the request broke off\n' }) as Outcome)
      .then(({ status, body, received }) => {
        outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(body);
        if (received) options.onMessage(received);
      });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(options.port ?? 0, options.host ?? '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    secret,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

interface Request {
  incoming: http.IncomingMessage;
  body: string | undefined;
  secret: string;
  seen: Set<string>;
}

function receive({ incoming, body, secret, seen }: Request): Outcome {
  const path = incoming.url ?? '';
  const refuse = (status: number, reason: string): Outcome => ({
    status,
    body: `${reason}\n`,
    received: { kind: 'refused', path, status, reason },
  });
  if (path !== '/slack' && path !== '/webhook') return refuse(404, 'only /slack and /webhook are here');
  if (incoming.method !== 'POST') return refuse(405, 'wanted a POST');
  if (body === undefined) return refuse(413, `wanted at most ${MAX_BODY_BYTES} bytes`);
  if (path === '/slack') {
    const text = textOf(() => JSON.parse(body) as SlackMessage);
    return text === undefined
      ? refuse(400, 'invalid_payload')
      : { status: 200, body: 'ok', received: { kind: 'slack', text } };
  }
  const verdict = verify(incoming.headers, body, { secrets: [secret], now: new Date() });
  if (verdict.kind === 'refused') return refuse(401, verdict.reason);
  const text =
    noticeIn(body) ??
    textOf(() => {
      const { data } = JSON.parse(body) as { data: unknown };
      return toSlackMessage(announce(incidentChangeSchema.parse(data)));
    });
  if (text === undefined) return refuse(400, 'wanted a change of an incident, or a notice');
  if (seen.has(verdict.id)) return { status: 200, body: 'ok' };
  seen.add(verdict.id);
  return { status: 200, body: 'ok', received: { kind: 'webhook', text } };
}

/** What a notice says; undefined when it is none. */
function noticeIn(body: string): string | undefined {
  try {
    const { type, data } = JSON.parse(body) as { type: string; data: { title: string; lines: string[] } };
    return type.startsWith('notice.') ? [data.title, ...data.lines].join('\n') : undefined;
  } catch {
    return undefined;
  }
}

/** The message as chat text; undefined when it has not the form of one. */
function textOf(message: () => SlackMessage): string | undefined {
  try {
    return chatText(message());
  } catch {
    return undefined;
  }
}

/** The body as it was sent; undefined when there is too much of it. */
async function readBody(incoming: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}
