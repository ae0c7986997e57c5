import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refused, type StandInAnswer, type StandInRequest, type Target } from './target';

/** What the stand-in does with a request instead of what its target would do. */
export type Trick =
  | { do: 'answer'; status: number; body?: string; headers?: Record<string, string> }
  /** As the target says that it is asked too often. */
  | { do: 'limit'; seconds: number }
  /** Takes it, but answers only after a while. */
  | { do: 'delay'; ms: number }
  /** 200 and a body without end. */
  | { do: 'endless' }
  /** Breaks the connection before an answer. */
  | { do: 'break' }
  /** Never answers. */
  | { do: 'hang' };

/** A request with what was answered. */
export interface Exchange {
  at: number;
  request: StandInRequest;
  answer: StandInAnswer;
}

/** Stands for a target on 127.0.0.1. Tricks are played one a request, in their order; then it behaves like its target. */
export class StandIn {
  readonly taken: Exchange[] = [];
  readonly refused: Exchange[] = [];
  private readonly tricks: Trick[] = [];
  private server: http.Server | undefined;
  private port = 0;

  constructor(readonly target: Target) {}

  /** Starts; on the same port again after a `close`. */
  async listen(): Promise<this> {
    this.server = http.createServer((incoming, outgoing) => void this.handle(incoming, outgoing));
    await new Promise<void>((listening) => this.server!.listen(this.port, '127.0.0.1', listening));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((closed) => (this.server ? this.server.close(closed) : closed(undefined)));
    this.server = undefined;
  }

  /** The address as it stands in the receivers file. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.target.path}`;
  }

  play(...tricks: Trick[]): this {
    this.tricks.push(...tricks);
    return this;
  }

  /** The bodies of what was taken. */
  get bodies(): unknown[] {
    return this.taken.map(({ request }) => JSON.parse(request.body) as unknown);
  }

  private async handle(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const request = await read(incoming);
    const trick = this.tricks.shift();
    switch (trick?.do) {
      case undefined:
        return respond(outgoing, this.judge(request));
      case 'delay':
        return void setTimeout(() => respond(outgoing, this.judge(request)), trick.ms).unref();
      case 'answer':
        return respond(outgoing, this.note(request, trick));
      case 'limit':
        return respond(outgoing, this.note(request, this.target.limited(trick.seconds)));
      case 'break':
        return void incoming.socket.destroy();
      case 'hang':
        return;
      case 'endless': {
        const more = () => void (outgoing.writable && outgoing.write('x'.repeat(16_384), more));
        return more();
      }
    }
  }

  private judge(request: StandInRequest): StandInAnswer {
    try {
      return this.note(request, this.target.answer(request));
    } catch (error) {
      if (error instanceof Refused) return this.note(request, error.answer);
      if (error instanceof SyntaxError) return this.note(request, { status: 400, body: 'invalid_payload' });
      throw error;
    }
  }

  private note(request: StandInRequest, answer: StandInAnswer): StandInAnswer {
    const isTaken = answer.status >= 200 && answer.status < 300 && answer.unseen === undefined;
    (isTaken ? this.taken : this.refused).push({ at: Date.now(), request, answer });
    return answer;
  }
}

async function read(incoming: http.IncomingMessage): Promise<StandInRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', 'http://127.0.0.1'),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function respond(outgoing: http.ServerResponse, { status, body = '', headers = {} }: StandInAnswer): void {
  const isText = typeof body === 'string';
  const type = { 'content-type': isText ? 'text/plain' : 'application/json' };
  outgoing.writeHead(status, { ...type, ...headers }).end(isText ? body : JSON.stringify(body));
}
