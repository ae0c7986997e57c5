import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectClickHouse } from './connect';

describe('a connection to ClickHouse', () => {
  it.each([
    ['the settings', 'http://', 'user:secret'],
    ['the address, which goes before', 'http://other:p%40ss@', 'other:p@ss'],
    ['the address as far as it says', 'http://other@', 'other:secret'],
  ])('is made as the user of %s, without a word on the console', async (_, start, wanted) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    let asked: string | undefined;
    const server = createServer(({ headers }, reply) => {
      asked = headers.authorization;
      reply.end('1\n');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `${start}127.0.0.1:${(server.address() as AddressInfo).port}`;
    const db = connectClickHouse({ url, database: 'd', username: 'user', password: 'secret' });
    await (await db.query({ query: 'SELECT 1', format: 'TabSeparated' })).text();
    await db.close();
    server.close();
    expect(asked).toBe(`Basic ${Buffer.from(wanted).toString('base64')}`);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});
