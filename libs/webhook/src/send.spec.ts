import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { DeliveryRequest } from './receiver-definition';
import { send } from './send';
import type { Resolve } from './target';

const policy = { allowedHosts: ['127.0.0.1', 'receiver.test'] };
const toLoopback: Resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

const open = new Set<http.Server>();
afterEach(async () => {
  for (const server of open) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
  open.clear();
});

/** A receiver on a free port that answers as told. */
async function receiver(answer: http.RequestListener): Promise<number> {
  const server = http.createServer(answer);
  open.add(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

function request(port: number, more: Partial<DeliveryRequest> = {}): DeliveryRequest {
  const url = `http://127.0.0.1:${port}/services/hunter2`;
  return { kind: 'webhook', url, headers: { 'content-type': 'application/json' }, body: '{"ä":1}', ...more };
}

it('posts the body and the headers as they are', async () => {
  const seen: Array<[string | undefined, string | undefined, string]> = [];
  const port = await receiver((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      seen.push([incoming.method, incoming.headers['content-type'], body]);
      outgoing.end('ok');
    });
  });
  expect(await send(request(port, { kind: 'slack' }), { policy })).toMatchObject({ kind: 'delivered', status: 200 });
  expect(seen).toEqual([['POST', 'application/json', '{"ä":1}']]);
});

const bomb = gzipSync(Buffer.alloc(8_000_000));

/** `isLate`: the answer does not come, or not to its end, in time. */
it.each<{ name: string; answer: http.RequestListener; isLate?: true; webhook: object; slack: object }>([
  {
    name: '429 with Retry-After',
    answer: (_, outgoing) => outgoing.writeHead(429, { 'retry-after': '7' }).end(),
    webhook: { kind: 'retry', status: 429, retryAfterMs: 7_000 },
    slack: { kind: 'retry', status: 429, retryAfterMs: 7_000 },
  },
  {
    name: 'a redirect',
    answer: (_, outgoing) => outgoing.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    webhook: { kind: 'rejected', status: 307 },
    slack: { kind: 'rejected', status: 307 },
  },
  {
    name: 'nothing at all',
    isLate: true,
    answer: () => undefined,
    webhook: { kind: 'retry', status: null, detail: 'no answer (timed out)' },
    slack: { kind: 'retry', status: null },
  },
  {
    name: 'a body without end',
    answer: (_, outgoing) => {
      const more = () => void (outgoing.writable && outgoing.write('x'.repeat(16_384), more));
      more();
    },
    webhook: { kind: 'delivered', status: 200 },
    slack: { kind: 'rejected', status: 200 },
  },
  {
    name: 'a body that drips',
    isLate: true,
    answer: (_, outgoing) => void outgoing.write('o'),
    webhook: { kind: 'delivered', status: 200 },
    slack: { kind: 'retry', status: 200, detail: 'its answer broke off' },
  },
  {
    name: 'a connection that breaks before the answer',
    answer: (incoming) => incoming.socket.destroy(),
    webhook: { kind: 'retry', status: null, detail: 'no answer (ECONNRESET)' },
    slack: { kind: 'retry', status: null },
  },
  {
    name: 'a connection that breaks within the answer',
    answer: (incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('ok', () => incoming.socket.destroy());
    },
    webhook: { kind: 'delivered', status: 200 },
    slack: { kind: 'delivered', status: 200 },
  },
  {
    name: 'another protocol',
    answer: (incoming) =>
      void incoming.socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    webhook: { kind: 'retry', status: null, detail: 'no answer (connection closed)' },
    slack: { kind: 'retry', status: null },
  },
  {
    name: 'news without an answer',
    isLate: true,
    answer: (incoming) => {
      const more = () =>
        void (
          incoming.socket.writable &&
          incoming.socket.write('HTTP/1.1 103 Early Hints\r\n\r\n', () => setTimeout(more, 5))
        );
      more();
    },
    webhook: { kind: 'retry', status: null, detail: 'no answer (timed out)' },
    slack: { kind: 'retry', status: null },
  },
  {
    name: 'a zipped bomb',
    answer: (_, outgoing) => outgoing.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    webhook: { kind: 'delivered', status: 200 },
    slack: { kind: 'rejected', status: 200 },
  },
  {
    name: 'something that is not HTTP',
    answer: (incoming) => void incoming.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    webhook: { kind: 'retry', status: null, detail: 'no answer (HPE_INVALID_CONSTANT)' },
    slack: { kind: 'retry', status: null },
  },
])('$name', async ({ answer, isLate, webhook, slack }) => {
  const port = await receiver(answer);
  const options = { policy, timeoutMs: isLate ? 300 : 4_000 };
  const [generic, chat] = [await send(request(port), options), await send(request(port, { kind: 'slack' }), options)];
  expect(generic).toMatchObject(webhook);
  expect(chat).toMatchObject(slack);
  expect(JSON.stringify([generic, chat])).not.toContain('hunter2');
});

it('reads no more than 64 kB', async () => {
  let sent = 0;
  const port = await receiver((_, outgoing) => {
    const more = () => {
      sent += 65_536;
      if (outgoing.writable && sent < 64 * 1024 * 1024) outgoing.write(Buffer.alloc(65_536), more);
    };
    more();
  });
  await send(request(port), { policy });
  expect(sent).toBeLessThan(8 * 1024 * 1024);
});

it('gives what stands ready for a lost message no more time than there was for both', async () => {
  let requests = 0;
  const port = await receiver((_, outgoing) => {
    requests++;
    if (requests === 1) setTimeout(() => outgoing.writeHead(404).end('{"code":10008}'), 500);
  });
  const posted = request(port, { kind: 'discord' });
  const startedAt = Date.now();
  const edit = { ...posted, method: 'PATCH', follows: '1', instead: posted } as const;
  expect(await send(edit, { policy, timeoutMs: 800 })).toMatchObject({ kind: 'retry', status: null });
  expect(requests).toBe(2);
  expect(Date.now() - startedAt).toBeLessThan(1_250);
});

it('tries again where nobody listens', async () => {
  const port = await receiver(() => undefined);
  for (const server of open) await new Promise((closed) => server.close(closed));
  open.clear();
  expect(await send(request(port), { policy })).toMatchObject({ kind: 'retry', detail: 'no answer (ECONNREFUSED)' });
});

describe('connects only where it was checked', () => {
  it('to the address that the name stood for at the check', async () => {
    const port = await receiver((_, outgoing) => outgoing.end());
    let asked = 0;
    const resolve: Resolve = (host) => {
      asked++;
      return toLoopback(host);
    };
    const answer = await send(request(port, { url: `http://receiver.test:${port}/` }), { policy, resolve });
    expect([answer.kind, asked]).toEqual(['delivered', 1]);
  });

  it('not at all when a name stands for a closed address', async () => {
    let requests = 0;
    const port = await receiver((_, outgoing) => {
      requests++;
      outgoing.end();
    });
    const url = `https://rebound.test:${port}/services/hunter2`;
    const answer = await send(request(port, { url }), { policy, resolve: toLoopback });
    expect(answer).toEqual({
      kind: 'rejected',
      status: null,
      detail: 'not sent: its name stands for an address that is not public and not allowed',
    });
    expect(requests).toBe(0);
  });

  it('and tries again later when the name service fails or hangs', async () => {
    const url = 'https://receiver.test/services/hunter2';
    const failing: Resolve = () => Promise.reject(Object.assign(new Error('hunter2'), { code: 'EAI_AGAIN' }));
    const hanging: Resolve = () => new Promise(() => undefined);
    const options = { policy, timeoutMs: 50 };
    expect(await send(request(0, { url }), { ...options, resolve: failing })).toMatchObject({
      kind: 'retry',
      detail: 'its name could not be resolved (EAI_AGAIN)',
    });
    expect(await send(request(0, { url }), { ...options, resolve: hanging })).toMatchObject({
      kind: 'retry',
      detail: 'its name could not be resolved (timed out)',
    });
  });
});
