import { freePort } from '@ringwatch/platform';
import { Compose, hasDocker } from '../support/compose';
import { eventually } from '../support/stack';

if (!hasDocker) process.stdout.write('docker: the test of docker-compose.yml is skipped, there is no engine here\n');

/** Names that July 2024 gave: what was shipped, and the channel of it. */
const suspect = 'C-00000291-00000000-00000032';
const HEALS_WITHIN_MS = 240_000;
const services = ['kafka', 'clickhouse', 'ingest', 'detector', 'notifier', 'api'];

(hasDocker ? describe : describe.skip)('docker compose', () => {
  let compose: Compose;
  let api: string;

  beforeAll(async () => {
    const port = await freePort();
    api = `http://127.0.0.1:${port}`;
    compose = new Compose(`ringwatch-test-${process.pid}`, {
      API_PORT: String(port),
      SIMULATOR_SPEED: '60',
      RINGWATCH_VERSION: '0.1.0',
    });
    await compose.compose('build', 'api');
  });
  afterAll(async () => {
    await compose.compose('down', '--volumes', '--timeout', '5');
  });

  const get = async (path: string) => (await fetch(`${api}${path}`)).json() as Promise<Record<string, unknown>>;
  const healthy = async () => {
    const states = await compose.states();
    return services.filter((name) => !states.some((each) => each.Service === name && each.Health === 'healthy'));
  };
  const incidents = async () =>
    ((await get('/api/v1/incidents').catch(() => ({ incidents: [] })))['incidents'] ?? []) as Array<{
      incident_id: string;
      suspect: { update_version: string } | null;
    }>;

  it('comes from nothing to all healthy', async () => {
    await compose.compose('up', '--wait', '--wait-timeout', '540', ...services);
    expect(await healthy()).toEqual([]);
    expect((await fetch(`${api}/readyz`)).status).toBe(200);
  });

  it('runs our services without root, without rights, on a file system that cannot be written, within limits', async () => {
    for (const service of ['ingest', 'detector', 'notifier', 'api']) {
      const { Config, HostConfig } = await compose.inspect(service);
      expect([service, Config.User]).toEqual([service, 'node']);
      expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] });
      expect(HostConfig.Memory).toBeGreaterThan(0);
      expect(HostConfig.NanoCpus).toBeGreaterThan(0);
    }
  });

  it('publishes the api alone, on loopback', async () => {
    for (const service of services) {
      const { NetworkSettings } = await compose.inspect(service);
      const published = Object.values(NetworkSettings.Ports ?? {}).flatMap((bindings) => bindings ?? []);
      expect([service, published.map(({ HostIp }) => HostIp)]).toEqual([
        service,
        service === 'api' ? ['127.0.0.1'] : [],
      ]);
    }
  });

  it('tells of July 2024, although containers crash meanwhile', async () => {
    await compose.compose('up', '--detach', 'receiver', 'demo-notifier', 'simulator');
    const hosts = async () => Number((await get('/api/v1/status'))['hosts']);
    expect(await eventually(hosts, (count) => count > 0, 120_000)).toBeGreaterThan(0);
    for (const service of ['ingest', 'clickhouse', 'detector', 'kafka', 'api']) {
      const before = (await compose.inspect(service)).RestartCount;
      await compose.crash(service);
      const after = async () => (await compose.inspect(service)).RestartCount;
      expect(await eventually(after, (count) => count > before, 60_000)).toBeGreaterThan(before);
    }
    expect(await eventually(healthy, (missing) => missing.length === 0, HEALS_WITHIN_MS)).toEqual([]);
    const alert = () => compose.compose('logs', '--no-log-prefix', 'receiver');
    expect(await eventually(alert, (text) => text.includes(suspect), HEALS_WITHIN_MS)).toContain(suspect);
  });

  it('is right all the same: one incident for the update, every message stored once', async () => {
    const simulator = async () => (await compose.inspect('simulator')).State.Status;
    expect(await eventually(simulator, (status) => status === 'exited', HEALS_WITHIN_MS)).toBe('exited');
    const lag = async () => (await compose.compose('exec', '-T', 'ingest', 'node', '-e', readLag)).trim();
    expect(await eventually(lag, (waiting) => waiting === '0', HEALS_WITHIN_MS)).toBe('0');
    expect((await incidents()).map((each) => each.suspect?.update_version)).toEqual([suspect]);
    // Ends with 1, and so as an error here, when a message is missing or anything does not follow from the rows.
    await compose.compose('run', '--rm', '--no-deps', '-T', 'ingest', 'services/cli/dist/main.js', 'audit');
  });

  it('keeps the data over down and up', async () => {
    const before = (await incidents()).map((each) => each.incident_id);
    await compose.compose('down', '--timeout', '20');
    await compose.compose('up', '--wait', '--wait-timeout', '540', ...services);
    expect((await incidents()).map((each) => each.incident_id)).toEqual(before);
  });
});

/** What ingest says of what is not stored yet, over all partitions. */
const readLag = `fetch('http://127.0.0.1:8080/metrics').then((answer) => answer.text()).then((text) =>
  console.log([...text.matchAll(/^ringwatch_consumer_lag_messages\\{.*\\} (\\d+)/gm)].reduce((sum, [, lag]) => sum + Number(lag), 0)))`;
