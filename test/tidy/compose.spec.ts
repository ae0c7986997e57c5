import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
if (!hasCompose)
  process.stdout.write('docker compose: its check of docker-compose.yml is skipped, it is not installed\n');

interface Container {
  image: string;
  build?: { args: Record<string, string> };
  profiles?: string[];
  ports?: string[];
  networks?: string[];
  network_mode?: string;
  user?: string;
  read_only?: boolean;
  cap_drop: string[];
  cap_add?: string[];
  security_opt: string[];
  mem_limit: string;
  cpus: number;
  pids_limit: number;
  privileged?: boolean;
  volumes?: string[];
  healthcheck?: { disable?: boolean };
  environment?: Record<string, string>;
}
interface Compose {
  'x-versions': string[];
  services: Record<string, Container>;
  networks: Record<string, { internal?: boolean }>;
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const containers = Object.entries(compose.services);
const ours = containers.filter(([, { image }]) => image.startsWith('ringwatch:'));

describe('docker-compose.yml', () => {
  it('runs Kafka, ClickHouse and all five services, and more on request', () => {
    const named = (profile: string | undefined) =>
      containers.filter(([, { profiles }]) => profiles?.[0] === profile).map(([name]) => name);
    expect(named(undefined).sort()).toEqual(
      ['api', 'clickhouse', 'detector', 'ingest', 'kafka', 'notifier', 'secrets'].sort(),
    );
    expect(named('demo').sort()).toEqual(['demo-notifier', 'receiver', 'simulator']);
    expect(named('observability').sort()).toEqual(['alertmanager', 'grafana', 'prometheus']);
  });

  it('takes its versions from one list, exact ones', () => {
    const versions = compose['x-versions'];
    for (const version of versions) {
      expect(version).toMatch(/[:@]v?\d+\.\d+/);
      expect(text.split(version)).toHaveLength(2);
    }
    const foreign = containers.map(([, { image }]) => image).filter((image) => !image.startsWith('ringwatch:'));
    expect(versions).toEqual(expect.arrayContaining(foreign));
    const [node] = versions;
    expect(read('deploy', 'container', 'Dockerfile')).toContain(`ARG NODE_IMAGE=${node}\n`);
    for (const [, { build }] of ours) expect(build!.args['NODE_IMAGE']).toBe(node);
    expect(read('deploy', 'container', 'Dockerfile')).toContain(
      `ARG RINGWATCH_VERSION=${JSON.parse(read('package.json')).version}\n`,
    );
  });

  it('publishes what a person opens, on loopback: the api, and Grafana where it was asked for', () => {
    const published = containers.filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['api', 'grafana']);
    for (const [, { ports }] of published) for (const port of ports!) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('keeps what has no business outside on a network without a way out', () => {
    expect(compose.networks['backend']).toEqual({ internal: true });
    const open = containers.filter(([, { networks }]) => networks?.includes('outside')).map(([name]) => name);
    expect(open).toEqual(['notifier', 'api', 'alertmanager', 'grafana']);
    for (const [, { networks, network_mode }] of containers) expect(networks ?? network_mode).toBeDefined();
  });

  it.each(containers)('confines %s: no capability, no new privileges, no socket of Docker', (_, container) => {
    expect(container.cap_drop).toEqual(['ALL']);
    expect(container.cap_add).toBeUndefined();
    expect(container.security_opt).toContain('no-new-privileges:true');
    expect(container.pids_limit).toBeGreaterThan(0);
    expect(container.privileged).toBeUndefined();
    expect(container.volumes?.join() ?? '').not.toContain('docker.sock');
  });

  it.each(ours)('runs %s from a file system that cannot be written, as no root', (name, container) => {
    expect(container.read_only).toBe(true);
    // The one that draws the secrets writes to a fresh volume, which is root's; it has no network and ends.
    if (name === 'secrets') expect(container.network_mode).toBe('none');
    else expect(container.user).toBeUndefined();
    expect(read('deploy', 'container', 'Dockerfile')).toMatch(/^USER node$/m);
  });

  it('tells of each container that goes on running whether it is healthy', () => {
    const withCheck = new Set([
      ...ours.map(([name]) => name),
      ...containers.filter(([, c]) => c.healthcheck).map(([n]) => n),
    ]);
    expect(containers.map(([name]) => name).filter((name) => !withCheck.has(name))).toEqual([]);
    expect(ours.filter(([, { healthcheck }]) => healthcheck?.disable).map(([name]) => name)).toEqual(['secrets']);
    expect(read('deploy', 'container', 'Dockerfile')).toMatch(/^HEALTHCHECK .*"health\.mjs"\]$/m);
  });

  it('stays under 4 GB and 2 cores with every profile', () => {
    const megabytes = ({ mem_limit }: Container) => parseFloat(mem_limit) * (mem_limit.endsWith('g') ? 1024 : 1);
    const sum = (figures: number[]) => figures.reduce((all, each) => all + each, 0);
    expect(sum(containers.map(([, container]) => megabytes(container)))).toBeLessThan(4096);
    expect(sum(containers.map(([, { cpus }]) => cpus))).toBeLessThan(2);
  });

  it('gives secrets by files alone', () => {
    for (const [, { environment }] of containers)
      for (const [name, value] of Object.entries(environment ?? {}))
        if (/PASSWORD|SECRET|TOKEN|KEY\b/.test(name)) expect(`${name}=${value}`).toMatch(/_FILE=\/run\//);
  });

  (hasCompose ? it : it.skip)('is what docker compose takes', () => {
    const profiles = ['--profile', 'demo', '--profile', 'observability'];
    const parsed = spawnSync('docker', ['compose', ...profiles, 'config', '--quiet'], { cwd: root, encoding: 'utf8' });
    expect(parsed).toMatchObject({ status: 0, stderr: '' });
  });
});
