import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saysOk } from './http-probe';
import { freePort } from './ports';
import { type Service, type ServiceOptions, startService } from './service';

const entry = join(__dirname, '..', 'fixtures', 'service.cjs');
let folder: string;
let service: Service | undefined;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ringwatch-service-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => service?.stop());

async function start(more: Partial<ServiceOptions> = {}): Promise<{ service: Service; port: number }> {
  const port = await freePort();
  service = await startService({ name: 'service', entry, port, logFile: join(folder, 'service.log'), ...more });
  return { service, port };
}

it('is ready when it has started, and gone when it was stopped', async () => {
  const lines: string[] = [];
  const { service, port } = await start({ onLine: (line) => lines.push(line) });
  expect(lines).toEqual([`listening as ${service.pid}`]);
  await service.stop();
  expect(await service.exited).toEqual({ code: 0, signal: null });
  expect(service.pid).toBeUndefined();
  expect(await saysOk(port, '/readyz')).toBe(false);
});

it('stays dead after kill -9 until it is started again', async () => {
  const { service, port } = await start();
  const before = service.pid;
  await service.kill();
  expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await service.restart();
  expect(service.pid).not.toBe(before);
  expect(await saysOk(port, '/readyz')).toBe(true);
});

it('comes back after a crash when that is wanted, and says so', async () => {
  const said: string[] = [];
  const { port } = await start({ restartOnCrash: true, onProgress: (line) => said.push(line) });
  await saysOk(port, '/crash');
  while (!(await saysOk(port, '/readyz')));
  expect(said).toContainEqual(expect.stringContaining('service: ended with code 1; starting again in 0.5 s'));
});

it('gives up on a service that only crashes', async () => {
  const said: string[] = [];
  const failing = { env: { FAIL: '1' }, restartOnCrash: true, onProgress: (line: string) => said.push(line) };
  await expect(start(failing)).rejects.toMatchObject({ got: expect.stringContaining('no such setting') });
  expect(said).toHaveLength(3);
});

it('fails with what the service said when it ends instead of getting ready', async () => {
  await expect(start({ env: { FAIL: '1' } })).rejects.toMatchObject({
    what: 'The service service did not get ready',
    got: 'ended with code 1; it said: Error: no such setting',
  });
});
