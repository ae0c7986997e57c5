import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
if (!hasCompose)
  process.stdout.write('docker compose: its check of docker-compose.yml is skipped, it is not installed\n');

interface Compose {
  services: Record<
    string,
    { image?: string; ports?: string[]; healthcheck?: object; environment?: Record<string, string> }
  >;
}

describe('docker-compose.yml', () => {
  const text = read('docker-compose.yml');
  const { services } = parse(text, { merge: true }) as Compose;

  it('runs Kafka, ClickHouse and all five services', () => {
    const ours = ['api', 'detector', 'ingest', 'notifier', 'simulator'];
    expect(Object.keys(services).sort()).toEqual([...ours, 'clickhouse', 'kafka', 'password'].sort());
    expect(services['kafka']!.image).toBe('apache/kafka:4.3.1');
    expect(services['clickhouse']!.image).toBe('clickhouse/clickhouse-server:26.7');
    for (const server of ['kafka', 'clickhouse']) expect(services[server]).toHaveProperty('healthcheck');
  });

  it('publishes the api alone, on loopback', () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['api']);
    for (const port of services['api']!.ports!) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  (hasCompose ? it : it.skip)('is what docker compose takes', () => {
    const parsed = spawnSync('docker', ['compose', '--profile', 'demo', 'config', '--quiet'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(parsed).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes no setting that .env.example does not explain, and .env.example explains none that is not used', () => {
    const used = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
    used.delete('RINGWATCH_VERSION');
    const explained = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(explained.sort()).toEqual([...used].sort());
  });

  it('gives a service only settings that it knows', () => {
    const common = read('libs', 'service-kit', 'src', 'config.ts') + read('libs', 'routing', 'src', 'routing-of.ts');
    for (const name of ['api', 'detector', 'ingest', 'notifier', 'simulator']) {
      const known = common + read('services', name, 'src', 'config.ts');
      for (const setting of Object.keys(services[name]!.environment!)) {
        expect(known).toContain(`${setting.replace(/_FILE$/, '')}:`);
      }
    }
  });
});

describe('process.env', () => {
  it('is read in main files alone', () => {
    const readers = ['services', 'libs'].flatMap((folder) =>
      (readdirSync(join(root, folder), { recursive: true }) as string[])
        .filter((file) => /\bsrc\b.*\.ts$/.test(file) && !/node_modules|\.spec\.ts$/.test(file))
        .filter((file) => /process\.env\b/.test(read(folder, file)))
        .map((file) => `${folder}/${file}`),
    );
    expect(readers.filter((file) => !/\/(main|record)\.ts$|^libs\/platform\//.test(file))).toEqual([]);
  });
});
