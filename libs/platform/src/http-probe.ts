import { get } from 'node:http';
import { LOOPBACK } from './ports';

const TIMEOUT_MS = 2_000;

/** Whether GET on 127.0.0.1 gives status 200; every failure is a no, since it is asked until it is a yes. */
export function saysOk(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    // agent: false, since a server that stops would wait for a connection that is kept alive
    const request = get({ port, host: LOOPBACK, path, agent: false, timeout: TIMEOUT_MS });
    request.on('response', (answer) => resolve(answer.resume().statusCode === 200));
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false));
  });
}
