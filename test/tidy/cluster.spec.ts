import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const root = join(__dirname, '..', '..');
const folder = join(root, 'deploy', 'cluster');
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

interface Labels {
  matchLabels: Record<string, string>;
}
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  spec: {
    replicas?: number;
    selector: Labels & Record<string, string>;
    maxUnavailable?: number;
    scaleTargetRef?: { name: string };
    maxReplicaCount?: number;
    minReplicaCount?: number;
    triggers?: Array<{ type: string; metadata: { consumerGroup: string; topic: string; lagThreshold: string } }>;
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}
interface PodSpec {
  automountServiceAccountToken: boolean;
  securityContext: { runAsNonRoot: boolean };
  containers: Array<{
    args: string[];
    env: Array<{ name: string }>;
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    securityContext: object;
    livenessProbe: { httpGet: { path: string } };
    readinessProbe: { httpGet: { path: string } };
    volumeMounts: Array<{ name: string }>;
  }>;
  volumes: Array<{ name: string }>;
}

const files = readdirSync(join(folder, 'kubernetes')).filter((name) => name !== 'kustomization.yaml');
const manifests = files.flatMap((name) =>
  parseAllDocuments(read('kubernetes', name)).map((each) => each.toJS() as Manifest),
);
const deployments = manifests.filter(({ kind }) => kind === 'Deployment');

describe('deploy/cluster/kubernetes', () => {
  it('lists every file in its kustomization', () => {
    const { resources } = parse(read('kubernetes', 'kustomization.yaml')) as { resources: string[] };
    expect([...resources].sort()).toEqual([...files].sort());
  });

  it('runs each service but the simulator, in two copies or more', () => {
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual(['api', 'detector', 'ingest', 'notifier']);
    for (const { spec } of deployments) expect(spec.replicas).toBeGreaterThanOrEqual(2);
  });

  it.each(deployments.map((each) => [each.metadata.name, each] as const))(
    '%s is confined, probed, limited and may be interrupted',
    (name, { spec }) => {
      const { spec: pod, metadata } = spec.template;
      const [container] = pod.containers;
      expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
      expect(container).toMatchObject({
        args: [`services/${name}/dist/main.js`],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        livenessProbe: { httpGet: { path: '/healthz' } },
        readinessProbe: { httpGet: { path: '/readyz' } },
        resources: { requests: { cpu: expect.anything() }, limits: { memory: expect.anything() } },
      });
      expect(container!.volumeMounts.map((each) => each.name).sort()).toEqual(
        pod.volumes.map((each) => each.name).sort(),
      );
      expect(metadata.labels).toMatchObject(spec.selector.matchLabels);
      const budget = manifests.find(({ kind, metadata: of }) => kind === 'PodDisruptionBudget' && of.name === name);
      expect(budget?.spec).toMatchObject({ maxUnavailable: 1, selector: spec.selector });
    },
  );

  it('gives settings that the services know', () => {
    const known = [
      join(root, 'libs', 'service-kit', 'src', 'config.ts'),
      join(root, 'libs', 'routing', 'src', 'routing-of.ts'),
      ...deployments.map(({ metadata }) => join(root, 'services', metadata.name, 'src', 'config.ts')),
    ]
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const config = manifests.find(({ kind }) => kind === 'ConfigMap');
    const given = [
      ...Object.keys(config!.data!),
      ...deployments.flatMap(({ spec }) =>
        spec.template.spec.containers.flatMap(({ env }) => env.map(({ name }) => name)),
      ),
    ];
    for (const name of given) expect(known).toContain(`  ${name.replace(/_FILE$/, '')}:`);
  });

  it('moves copies of ingest by lag, up to the number of partitions', () => {
    const { spec } = manifests.find(({ kind }) => kind === 'ScaledObject')!;
    expect(spec.scaleTargetRef).toEqual({ name: 'ingest' });
    const topics = readFileSync(join(root, 'libs', 'kafka', 'src', 'topics.ts'), 'utf8');
    for (const { type, metadata } of spec.triggers!) {
      expect({ type, group: metadata.consumerGroup }).toEqual({ type: 'kafka', group: 'ringwatch-ingest' });
      const partitions = new RegExp(`topic: '${metadata.topic}', partitions: (\\d+)`).exec(topics)?.[1];
      expect(spec.maxReplicaCount).toBe(Number(partitions));
    }
  });
});

describe('deploy/cluster/docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as {
    'x-versions': string[];
    services: Record<string, { image: string; environment: Record<string, string>; deploy?: { replicas: number } }>;
  };
  const names = Object.keys(compose.services);

  it('has three brokers, three Keepers, two shards of two replicas, and two copies of each service', () => {
    const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
    expect([count(/^kafka-/), count(/^keeper-/), count(/^clickhouse-\d[ab]$/)]).toEqual([3, 3, 4]);
    for (const name of ['ingest', 'detector', 'notifier', 'api'])
      expect(compose.services[name]!.deploy!.replicas).toBe(2);
  });

  it('runs the versions of the single-machine file', () => {
    const single = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    for (const version of compose['x-versions'].filter((each) => !each.includes('keeper')))
      expect(single).toContain(` ${version}\n`);
    const tags = compose['x-versions']
      .filter((each) => each.startsWith('clickhouse/'))
      .map((each) => each.split(':')[1]);
    expect(new Set(tags).size).toBe(1);
  });

  it('keeps three copies of what Kafka holds and acknowledges two', () => {
    for (const name of names.filter((each) => each.startsWith('kafka-'))) {
      const { environment } = compose.services[name]!;
      expect(environment).toMatchObject({ KAFKA_DEFAULT_REPLICATION_FACTOR: 3, KAFKA_MIN_INSYNC_REPLICAS: 2 });
    }
  });

  it('names the same servers as the cluster that ClickHouse is told of, under the name that the services ask for', () => {
    const config = read('clickhouse', 'cluster.xml');
    const hosts = [...config.matchAll(/<host>(clickhouse-\w+)<\/host>/g)].map(([, host]) => host);
    expect(hosts).toEqual(names.filter((name) => name.startsWith('clickhouse-')));
    const cluster = compose.services['ingest']!.environment['CLICKHOUSE_CLUSTER']!;
    expect(config).toContain(`<${cluster}>`);
  });
});
