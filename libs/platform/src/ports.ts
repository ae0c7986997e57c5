import { createServer } from 'node:net';
import { PlatformError } from '../process/requirements.cjs';

/** The only address that anything embedded listens on. */
export const LOOPBACK = '127.0.0.1';

/** Below the range from which systems take the ports of outgoing connections, so that none of those gets in between. */
const FIRST_FREE_PORT = 20_000;
const FREE_PORTS = 12_000;

const handedOut = new Set<number>();

/** A TCP port on 127.0.0.1 that nobody listens on and that this process has not handed out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_FREE_PORT + Math.floor(Math.random() * FREE_PORTS);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
}

/** Throws a PlatformError when somebody listens on the port; `change` says how to use another one. */
export async function requirePort(port: number, what: string, change: string): Promise<void> {
  if (await isFree(port)) return;
  throw new PlatformError({
    what: `Port ${port} is taken`,
    wanted: `${LOOPBACK}:${port} for ${what}`,
    got: 'another process that listens there',
    next: `See which one with "lsof -i :${port}" and stop it, or ${change}.`,
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
