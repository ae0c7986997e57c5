import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** When each change was first heard of by each receiver, in ms since 1970. Receivers are told apart by their path. */
export class Arrivals {
  private readonly seenAt = new Map<string, number>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((incoming, outgoing) => {
      // The head of a request comes with its first bytes.
      const at = performance.timeOrigin + performance.now();
      let body = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      incoming.on('end', () => {
        const { data } = JSON.parse(body) as { data?: { incident_id?: string; sequence?: number } };
        const name = `${incoming.url} ${data?.incident_id} ${data?.sequence}`;
        if (data?.incident_id !== undefined && !this.seenAt.has(name)) this.seenAt.set(name, at);
        outgoing.writeHead(200).end('ok');
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get count(): number {
    return this.seenAt.size;
  }

  /** When the receiver at this path heard of a change first; undefined while it has not. */
  at(path: string, incidentId: string, sequence: number): number | undefined {
    return this.seenAt.get(`${path} ${incidentId} ${sequence}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
