import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PointName, Watcher } from './points';

const points: Record<string, { before?: PointName; sent?: PointName; acked: PointName }> = {
  bugchecks: { before: 'parsed', sent: 'raw-sent', acked: 'raw-acked' },
  dead_letters: { sent: 'dead-sent', acked: 'dead-acked' },
  changed_hours: { acked: 'marked' },
  crashes_per_5_minutes: { acked: 'rolling' },
};

/** An HTTP proxy between one copy of ingest and ClickHouse that knows which requests insert into which table. */
export class ClickHouseGate {
  /** Inserts whose body ClickHouse got whole and whose answer nobody got: their outcome is unknown. */
  unknownOutcomes = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: 120_000 });
  private readonly server: Server;

  constructor(
    private readonly upstreamPort: number,
    private readonly watcher: Watcher,
  ) {
    this.server = createServer((asked, answer) => {
      this.pass(asked, answer).catch(() => answer.destroy());
    });
    this.server.keepAliveTimeout = 10_000;
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.agent.destroy();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await whole(asked);
    const insert = points[insertedTable(asked.url ?? '', body) ?? ''];
    if (insert?.before && (await this.watcher({ point: insert.before })) === 'drop') return void answer.destroy();
    const reply = await this.forward(asked, answer, body, insert?.sent);
    if (insert && (await this.watcher({ point: insert.acked, status: reply.status })) === 'drop')
      return void answer.destroy();
    if (insert && answer.destroyed) this.unknownOutcomes += 1;
    answer.writeHead(reply.status, reply.headers).end(reply.body);
  }

  private forward(asked: IncomingMessage, answer: ServerResponse, body: Buffer, sent?: PointName) {
    return new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((done, fail) => {
      const headers = { ...asked.headers, 'content-length': String(body.length) };
      delete headers['transfer-encoding'];
      const { method, url: path } = asked;
      const on = request({ host: '127.0.0.1', port: this.upstreamPort, agent: this.agent, method, path, headers });
      let isSent = false;
      const broken = (error: Error) => {
        if (isSent && sent) this.unknownOutcomes += 1;
        fail(error);
      };
      on.on('error', broken);
      on.on('response', (reply) => {
        const kept = Object.entries(reply.headers).filter(
          ([name]) => !['transfer-encoding', 'connection', 'keep-alive', 'content-length'].includes(name),
        );
        whole(reply).then((text) => {
          const length: [string, string] = ['content-length', String(text.length)];
          done({
            status: reply.statusCode ?? 502,
            headers: Object.fromEntries([...kept, length]) as never,
            body: text,
          });
        }, broken);
      });
      answer.on('close', () => answer.writableFinished || on.destroy());
      on.end(body, () => {
        isSent = true;
        if (sent) void this.watcher({ point: sent }).then((verdict) => verdict === 'drop' && answer.destroy());
      });
    });
  }
}

/** The table of an INSERT, whose text stands in the address or at the head of the body, and may be bound to a parameter. */
export function insertedTable(url: string, body: Buffer): string | undefined {
  const { searchParams } = new URL(url, 'http://clickhouse');
  const query = searchParams.get('query') ?? body.toString('latin1', 0, 8_000);
  const [, name, parameter] =
    /^(?:\s|--[^\n]*\n)*INSERT\s+INTO\s+(?:(?:\w+\.)?(\w+)|\{(\w+):\s*Identifier\})/i.exec(query) ?? [];
  return name ?? searchParams.get(`param_${parameter}`) ?? undefined;
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
