import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

const services = ['api', 'detector', 'ingest', 'notifier', 'simulator'];
const settingNames = (source: string) => [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name!);

/**
 * Settings that compose gives by itself or that are not for somebody who runs compose, with the reason. What is neither here
 * nor in .env.example fails the test: a new setting is explained, or it is said why not.
 */
const notForUsers: Record<string, string> = {
  KAFKA_BROKERS: 'the broker of the compose file',
  CLICKHOUSE_URL: 'the server of the compose file',
  CLICKHOUSE_CLUSTER: 'one server in this compose file; deploy/cluster sets it',
  CLICKHOUSE_DATABASE: 'the database that the server makes at its first start',
  CLICKHOUSE_USER: 'drawn with its password',
  CLICKHOUSE_PASSWORD: 'drawn, a file',
  API_SESSION_SECRET: 'drawn, a file',
  HTTP_HOST: 'the container’s own',
  HTTP_PORT: 'the container’s own; API_PORT publishes it',
  INGEST_GROUP_ID: 'one group in one compose file',
  NOTIFIER_CONFIG: 'a file: NOTIFIER_CONFIG_PATH',
  NOTIFIER_RECEIVERS: 'in the file of NOTIFIER_CONFIG_PATH',
  NOTIFIER_SLACK_URL: 'a secret: in the file of receivers',
  NOTIFIER_WEBHOOK_URL: 'in the file of receivers',
  NOTIFIER_WEBHOOK_SECRET: 'a secret: in the file of receivers',
  SIMULATOR_DATES: 'original dates are for recorded files',
  SIMULATOR_RUN: 'for tests',
};

/** Of docker compose alone: which files and ports, which image. */
const ofCompose = [
  'ALERTMANAGER_CONFIG_PATH',
  'API_PORT',
  'GRAFANA_PORT',
  'NOTIFIER_CONFIG_PATH',
  'NPM_CA_FILE',
  'RINGWATCH_VERSION',
];

describe('settings of docker compose', () => {
  const text = read('docker-compose.yml');
  const example = read('.env.example');
  const compose = parse(text, { merge: true }) as {
    services: Record<string, { environment?: Record<string, string>; image: string }>;
  };
  const common = settingNames(read('libs', 'service-kit', 'src', 'config.ts'));
  const known = new Set([...common, ...services.flatMap((name) => settingNames(configOf(name)))]);
  const explained = [...example.matchAll(/^([A-Z][A-Z_]+)=/gm)].map(([, name]) => name!);

  function configOf(name: string): string {
    const own = read('services', name, 'src', 'config.ts');
    return name === 'notifier' ? own + read('libs', 'routing', 'src', 'routing-of.ts') : own;
  }

  it('finds the settings of the services', () => {
    expect(known.size).toBeGreaterThan(20);
    expect([...known]).toEqual(expect.arrayContaining(['KAFKA_BROKERS', 'NOTIFIER_MAX_AGE', 'SIMULATOR_SPEED']));
  });

  it('are explained, all that a user may set, and nothing else is', () => {
    const forUsers = [...known].filter((name) => !(name in notForUsers));
    expect([...explained].sort()).toEqual([...forUsers, ...ofCompose].sort());
    for (const name of Object.keys(notForUsers)) expect([...known]).toContain(name);
  });

  it('are used by the compose file, each that .env.example explains, and no other', () => {
    const used = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
    expect([...used].sort()).toEqual([...explained].sort());
  });

  it('have a comment above them', () => {
    const lines = example.split('\n');
    for (const name of explained) {
      const at = lines.findIndex((line) => line.startsWith(`${name}=`));
      const above = lines.slice(0, at).reverse();
      expect(above.find((line) => !/^[A-Z_]+=/.test(line))).toMatch(/^#/);
    }
  });

  it('stand in .env.example with the default that the service has', () => {
    const source = services.map(configOf).join('\n') + read('libs', 'service-kit', 'src', 'config.ts');
    for (const name of explained.filter((each) => known.has(each))) {
      const definition = new RegExp(`^ {2}${name}: ([^]*?)\\n(?: {2}[A-Z]|})`, 'm').exec(source)?.[1] ?? '';
      const inCode = /(?:\.default|duration)\('?([^')]*)'?\)/.exec(definition)?.[1]?.replaceAll('_', '');
      const inCompose = new RegExp(`\\$\\{${name}:-([^}]+)\\}`).exec(text)?.[1];
      const shown = new RegExp(`^${name}=(.*)$`, 'm').exec(example)![1];
      expect([name, shown]).toEqual([name, inCompose ?? inCode ?? '']);
    }
  });

  it('reach only services that know them', () => {
    for (const name of services) {
      const mine = new Set([...common, ...settingNames(configOf(name))]);
      for (const setting of Object.keys(compose.services[name]!.environment!))
        expect([...mine]).toContain(setting.replace(/_FILE$/, ''));
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
