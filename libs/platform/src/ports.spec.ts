import { createServer, type Server } from 'node:net';
import { freePort, requirePort } from './ports';

let other: Server;
let taken: number;

beforeAll(async () => {
  taken = await freePort();
  other = createServer();
  await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
});
afterAll(() => other.close());

it('says which port is taken, what for, and how to take another one', async () => {
  await expect(requirePort(taken, 'Kafka', 'use --free-ports')).rejects.toMatchObject({
    what: `Port ${taken} is taken`,
    wanted: `127.0.0.1:${taken} for Kafka`,
    next: expect.stringContaining('use --free-ports'),
  });
});

it('never gives the same free port twice, nor a taken one', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(new Set([...ports, taken]).size).toBe(51);
  await Promise.all(ports.map((port) => requirePort(port, 'a test', 'wait')));
});
