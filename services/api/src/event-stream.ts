import type { ServerResponse } from 'node:http';

/** What waits in memory for a client that does not read; beyond it the client is cut off, and resumes where it was. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** When a client that lost the stream comes back. */
const RETRY_MS = 3_000;

/** One server-sent event; without an id it moves no client's place. */
export interface StreamEvent {
  id?: string;
  event: string;
  data: unknown;
}

/** Server-sent events to one client, in order. */
export class EventStream {
  constructor(private readonly reply: ServerResponse) {
    // Nothing else comes over a connection that carried a stream; kept alive it would hold up the end of the service.
    reply.shouldKeepAlive = false;
    reply.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
    this.write(`retry: ${RETRY_MS}\n\n`);
  }

  get isOpen(): boolean {
    return !this.reply.destroyed && !this.reply.writableEnded;
  }

  send({ id, event, data }: StreamEvent): void {
    this.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Says nothing; keeps proxies from closing the connection, and finds out who is gone. */
  comment(): void {
    this.write(': still here\n\n');
  }

  end(): void {
    if (this.isOpen) this.reply.end();
  }

  private write(text: string): void {
    if (!this.isOpen) return;
    this.reply.write(text);
    if (this.reply.writableLength > MOST_WAITING_BYTES) this.reply.destroy();
  }
}
