import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncidentChange } from '@ringwatch/incident';
import { Webhook } from 'standardwebhooks';

/** A generic webhook receiver that lets the reference implementation of Standard Webhooks judge each request. */
export class WebhookReceiver {
  readonly secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  /** What was taken, once per `webhook-id`, in the order of arrival. */
  readonly changes: IncidentChange[] = [];
  readonly refused: string[] = [];
  private readonly seen = new Set<string>();
  private readonly server: Server;

  constructor(onChange: (change: IncidentChange) => void = () => undefined) {
    const judge = new Webhook(this.secret);
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        try {
          const headers = request.headers as Record<string, string>;
          const message = judge.verify(body, headers) as { type: string; data: IncidentChange };
          const id = String(headers['webhook-id']);
          const isChange = message.type.startsWith('incident.');
          if (isChange && !this.seen.has(id)) {
            this.changes.push(message.data);
            onChange(message.data);
          }
          this.seen.add(id);
          response.writeHead(204).end();
        } catch (error) {
          this.refused.push(String(error));
          response.writeHead(401).end();
        }
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
