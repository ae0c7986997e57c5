import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a link does to the bytes that pass; an empty object is a healthy one. */
export interface Trouble {
  /** Added to each piece of data, each way. */
  latencyMs?: number;
  /** Each way and connection. */
  bytesPerSecond?: number;
  /** A connection that has carried so many bytes in this direction is reset. */
  cutAfter?: { direction: 'there' | 'back'; bytes: number };
  /** Bytes wait until the trouble is over, as on a network that drops packets and comes back. */
  hold?: boolean;
  /** Bytes vanish and nothing is said: what connected during the trouble stays dead for ever. */
  swallow?: boolean;
}

/** Looks at what passes in one direction of one connection; what it returns passes on, later or not at all. */
export type Tap = (chunk: Buffer) => Promise<Buffer>;
/** Makes the taps of a connection: one there (client to server), one back. */
export type TapMaker = () => { there: Tap; back: Tap };

const untouched: TapMaker = () => ({ there: async (chunk) => chunk, back: async (chunk) => chunk });

/** A TCP proxy on 127.0.0.1 that can be made slow, deaf or rude. It counts what it did, so that a row can prove it. */
export class Link {
  trouble: Trouble = {};
  /** Connections that were reset by `cutAfter` or `cut()`. */
  cuts = 0;
  /** Pieces of data that were delayed, held or swallowed. */
  troubled = 0;
  private readonly server: Server;
  private readonly pairs = new Set<Socket[]>();

  constructor(
    private readonly upstreamPort: () => number,
    private readonly makeTaps: TapMaker = untouched,
  ) {
    this.server = createServer((client) => this.accept(client));
  }

  /** Listens on the port, or on a free one. Returns the port. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
    return (this.server.address() as AddressInfo).port;
  }

  /** Resets every connection of now. */
  cut(): void {
    for (const pair of [...this.pairs]) this.reset(pair);
  }

  async close(): Promise<void> {
    this.trouble = {};
    for (const pair of [...this.pairs]) this.drop(pair);
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private accept(client: Socket): void {
    const upstream = connect({ port: this.upstreamPort(), host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const pair = [client, upstream];
    // Nobody there is nobody here: as near to a refused connection as a proxy can come.
    upstream.once('error', () => client.resetAndDestroy());
    this.pairs.add(pair);
    const taps = this.makeTaps();
    this.pump(pair, client, upstream, 'there', taps.there);
    this.pump(pair, upstream, client, 'back', taps.back);
  }

  private pump(pair: Socket[], from: Socket, to: Socket, direction: 'there' | 'back', tap: Tap): void {
    let carried = 0;
    let chain = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      from.pause();
      chain = chain.then(async () => {
        await this.suffer(chunk);
        if (this.trouble.swallow || !this.pairs.has(pair)) return void (this.troubled += 1);
        const out = await tap(chunk);
        carried += out.length;
        const { cutAfter } = this.trouble;
        if (cutAfter?.direction === direction && carried > cutAfter.bytes) return this.reset(pair);
        if (out.length > 0 && to.writable && !to.write(out))
          await new Promise((done) => to.once('drain', done).once('close', done));
        from.resume();
      });
      chain.catch(() => this.drop(pair));
    });
    // A half-closed or broken connection ends on both sides, after what is still on its way.
    from.on('end', () => void chain.then(() => this.trouble.swallow || to.end()));
    from.on('error', () => undefined).on('close', () => void chain.then(() => this.trouble.swallow || this.drop(pair)));
  }

  private async suffer(chunk: Buffer): Promise<void> {
    const { latencyMs = 0, bytesPerSecond } = this.trouble;
    const ms = latencyMs + (bytesPerSecond ? (chunk.length / bytesPerSecond) * 1_000 : 0);
    if (ms > 0 || this.trouble.hold) this.troubled += 1;
    if (ms > 0) await sleep(ms);
    while (this.trouble.hold) await sleep(20);
  }

  private reset(pair: Socket[]): void {
    this.cuts += 1;
    this.pairs.delete(pair);
    for (const socket of pair) socket.resetAndDestroy();
  }

  private drop(pair: Socket[]): void {
    this.pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }
}
