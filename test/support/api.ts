import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, markChangedHours } from '@ringwatch/clickhouse';
import { type IncidentChange, incidentChangeSchema } from '@ringwatch/incident';
import { type Service, freePort, startService } from '@ringwatch/platform';
import { type ClickHouseServer, startClickHouse } from './platform';
import { freshDatabase } from './tables';

const entry = join(__dirname, '..', '..', 'services', 'api', 'dist', 'main.js');

/** A ClickHouse of its own with the schema, and the built api over it. */
export interface ApiUnderTest {
  db: ClickHouseClient;
  clickhouse: ClickHouseServer;
  service: Service;
  /** Where the api answers, without a slash at the end. */
  url: string;
  stop(): Promise<void>;
}

/** `query` are settings of ClickHouse for what the api asks, written as its client takes them from the address. */
export async function startApiUnderTest(
  env: Record<string, string> = {},
  query: Record<string, string> = {},
): Promise<ApiUnderTest> {
  if (!existsSync(entry)) throw new Error(`${entry} is not there: run \`npm run build\` first`);
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-api-'));
  const clickhouse = await startClickHouse({ folder: join(folder, 'clickhouse') });
  const db = await freshDatabase(clickhouse.url);
  const [{ name }] = (await rowsOf(db, 'SELECT currentDatabase() AS name')) as [{ name: string }];
  const port = await freePort();
  const service = await startService({
    name: 'api',
    entry,
    port,
    env: { CLICKHOUSE_URL: `${clickhouse.url}?${new URLSearchParams(query)}`, CLICKHOUSE_DATABASE: name, ...env },
    logFile: join(folder, 'api.log'),
  });
  const stop = async () => {
    await service.stop();
    await db.close();
    await clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, clickhouse, service, url: `http://127.0.0.1:${port}`, stop };
}

async function rowsOf(db: ClickHouseClient, query: string): Promise<unknown[]> {
  const answer = await db.query({ query, format: 'JSONEachRow' });
  return answer.json();
}

/** Rows as ingest would store them; the hours of bugchecks are marked as changed. */
export async function insert(db: ClickHouseClient, table: string, values: object[]): Promise<void> {
  await db.insert({ table, values, format: 'JSONEachRow' });
  const crashed = values as Array<{ occurred_at: string }>;
  if (table === 'bugchecks')
    await markChangedHours(
      db,
      crashed.map(({ occurred_at: at }) => Date.parse(at)),
    );
}

export const insertIncidents = (db: ClickHouseClient, changes: IncidentChange[]) =>
  insert(db, 'incidents', changes.map(incidentRow));

function incidentRow(change: IncidentChange): object {
  const { suspect, other_suspects, evidence, ...rest } = change;
  return {
    ...rest,
    update_channel: suspect.update_channel,
    update_version: suspect.update_version,
    driver: suspect.driver,
    suspect: JSON.stringify(suspect),
    other_suspects: JSON.stringify(other_suspects),
    evidence: JSON.stringify(evidence),
    record: JSON.stringify(change),
  };
}

const noEvidence = {
  observed: 110,
  expected: 1.2,
  relative_risk: { estimate: 91.7, low: 40.1, high: 210.5 },
  exposed_hosts: 160,
  eligible_hosts: 240,
  crashed_hosts: 110,
  silent_hosts: 0,
  crash_looping_hosts: 12,
  countries: [{ value: 'US', hosts: 60 }],
  countries_total: 1,
  orgs: [{ value: 'org-1', hosts: 9 }],
  orgs_total: 20,
  os_builds: [{ value: '10.0.22631.3880', hosts: 110 }],
  os_builds_total: 1,
  stop_codes: [{ value: '0x00000050', hosts: 110 }],
  stop_codes_total: 1,
  signatures: [],
  signatures_total: 0,
  fine_signatures: [],
  fine_signatures_total: 0,
  other_stops: [],
  leading_bucket: null,
  statistic: 61.2,
  threshold: 13.8,
  leave_one_org_out: 57.3,
  min_relative_risk: 2,
  learned_from: 0,
  weaker: false,
  note: '',
  terms: [],
};

/** A change of an incident on this update; what is not named has a plain value. */
export function incidentOn(channel: string, version: string, more: Partial<IncidentChange> = {}): IncidentChange {
  const suspect = {
    update_channel: channel,
    update_version: version,
    driver: 'csagent.sys',
    driver_version: '7.11',
    shipped_at: '2024-07-19T04:09:00.000Z',
    confidence: 0.98,
  };
  return incidentChangeSchema.parse({
    incident_id: `inc-${version}`,
    sequence: 1,
    state: 'open',
    change: 'opened',
    severity: 'sev1',
    detected_at: '2024-07-19T04:11:20.000Z',
    opened_at: '2024-07-19T04:11:20.000Z',
    first_crash_at: '2024-07-19T04:10:12.000Z',
    suspect,
    other_suspects: [],
    separable: true,
    superseded_by: null,
    scope: 'global',
    signal: 'crashes',
    evidence: noEvidence,
    recommendation: 'halt',
    ...more,
  });
}
