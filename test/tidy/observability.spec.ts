import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const folder = join(root, 'deploy', 'observability');

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) process.stdout.write('promtool: the check of the alert rules is skipped, it is not installed\n');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}
const { groups } = parse(read('deploy', 'observability', 'prometheus', 'rules.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  id: number;
  title: string;
  description?: string;
  type: string;
  targets?: Array<{ expr?: string; rawSql?: string; datasource: { uid: string } }>;
}
const dashboard = JSON.parse(read('deploy', 'observability', 'grafana', 'dashboards', 'ringwatch.json')) as {
  panels: Panel[];
};
const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);

/** Names of the metrics in our code; a histogram has three series. */
const inCode = new Set(
  ['api', 'detector', 'ingest', 'notifier', 'simulator'].flatMap((service) =>
    [...read('services', service, 'src', 'telemetry.ts').matchAll(/name: '(ringwatch_\w+)'/g)].flatMap(([, name]) => [
      name!,
      `${name}_bucket`,
    ]),
  ),
);
/** Of Prometheus itself, of its client for Node, and of ClickHouse's own page. */
const foreign = /^(up|process_resident_memory_bytes|ClickHouseAsyncMetrics_Disk(Available|Total)_default)$/;
const metricsOf = (expr: string) =>
  [...expr.replace(/"[^"]*"/g, '').matchAll(/\b(up|process_\w+|ClickHouse\w+|ringwatch_\w+)\b/g)].map(
    ([, name]) => name!,
  );

describe('alert rules', () => {
  it('ask for metrics that exist', () => {
    const asked = rules.flatMap(({ expr }) => metricsOf(expr));
    expect(asked.length).toBeGreaterThan(rules.length);
    expect(asked.filter((name) => !inCode.has(name) && !foreign.test(name))).toEqual([]);
  });

  it('tell of lag, a watermark that stands, dead letters and deliveries that fail', () => {
    const asked = new Set(rules.flatMap(({ expr }) => metricsOf(expr)));
    for (const metric of [
      'consumer_lag_messages',
      'watermark_timestamp_seconds',
      'dead_letters_total',
      'deliveries_total',
    ])
      expect([...asked]).toContain(`ringwatch_${metric}`);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s says how urgent it is and what to do',
    (alert, rule) => {
      expect(['page', 'ticket']).toContain(rule.labels.severity);
      const [file, anchor] = rule.annotations.runbook.split('#');
      expect(anchor).toBe(alert.toLowerCase());
      expect(read(file!)).toContain(`\n## ${alert}\n`);
      expect(read('deploy', 'observability', 'prometheus', 'rules.test.yml')).toContain(`alertname: ${alert}\n`);
    },
  );

  (hasPromtool ? it : it.skip)('do what they say, by promtool', () => {
    const promtool = (...args: string[]) =>
      spawnSync('promtool', args, { cwd: join(folder, 'prometheus'), encoding: 'utf8' });
    expect(promtool('check', 'config', 'prometheus.yml')).toMatchObject({ status: 0 });
    expect(promtool('test', 'rules', 'rules.test.yml')).toMatchObject({ status: 0 });
  });
});

describe('the dashboard', () => {
  it('asks for metrics that exist', () => {
    const asked = targets.flatMap(({ expr }) => metricsOf(expr ?? ''));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !inCode.has(name) && !foreign.test(name))).toEqual([]);
  });

  it('asks the data sources that are provisioned', () => {
    const { datasources } = parse(
      read('deploy', 'observability', 'grafana', 'provisioning', 'datasources', 'ringwatch.yml'),
    ) as {
      datasources: Array<{ uid: string }>;
    };
    const provisioned = datasources.map(({ uid }) => uid);
    for (const { datasource } of targets) expect(provisioned).toContain(datasource.uid);
  });

  it('explains each panel, under an id of its own', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    for (const { description } of panels) expect(description).toMatch(/\.$/);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});
