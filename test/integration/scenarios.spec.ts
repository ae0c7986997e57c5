import { type ClickHouseClient, latestJudgements } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { type Platform, startPlatform } from '../support/platform';
import { decideAll, playScenario, storeRecords } from '../support/replay';
import { freshDatabase } from '../support/tables';

/** Each shipped scenario through ClickHouse and the detector; the simulator knows the truth. */
describe('the detector', () => {
  let platform: Platform;
  let db: ClickHouseClient;

  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  beforeEach(async () => {
    db = await freshDatabase(platform.clickhouseUrl);
  });
  afterEach(() => db.close());

  async function decideScenario(name: string, fleetSize?: number): Promise<IncidentChange[]> {
    await storeRecords(db, playScenario(name, { seed: '1', ...(fleetSize ? { fleetSize } : {}) }));
    return decideAll(db);
  }

  const minutesFrom = (start: string, { detected_at }: IncidentChange) =>
    (Date.parse(detected_at) - Date.parse(start)) / 60_000;

  it('names the content update of July 2024 within four minutes, and not the driver', async () => {
    const changes = await decideScenario('july-2024');
    const [opened] = changes;
    expect(opened).toMatchObject({
      change: 'opened',
      severity: 'sev1',
      scope: 'global',
      recommendation: 'halt',
      suspect: {
        update_channel: 'channel-file-291',
        update_version: 'C-00000291-00000000-00000032',
        driver: 'csagent.sys',
        shipped_at: '2024-07-19T04:09:00.000Z',
      },
      evidence: { stop_codes: [{ value: '0x00000050' }] },
    });
    expect(minutesFrom('2024-07-19T04:09:00Z', opened!)).toBeLessThan(4);
    expect(opened!.evidence.exposed_hosts).toBeLessThan(0.05 * opened!.evidence.eligible_hosts);
    expect(new Set(changes.map(({ incident_id }) => incident_id)).size).toBe(1);
    const mitigated = changes.find(({ change }) => change === 'mitigated')!;
    expect(mitigated).toMatchObject({ recommendation: 'roll_back', mitigation: { cause: 'withdrawn' } });
    expect(minutesFrom('2024-07-19T05:27:00Z', mitigated)).toBeLessThan(1);
    const end = changes.at(-1)!;
    expect(end).toMatchObject({ change: 'resolved', state: 'resolved', recommendation: 'none' });
    // Withdrawn at 05:27; the last host that took it crashes five minutes later.
    expect(minutesFrom('2024-07-19T05:27:00Z', end)).toBeLessThan(20);
    const { recovered_hosts, recovery_hosts } = end.evidence;
    expect(recovered_hosts).toBeGreaterThan(0);
    expect(recovered_hosts).toBeLessThan(recovery_hosts!);
    const { update_channel: channel, update_version: version } = end.suspect;
    const [judgement] = await latestJudgements(db, [{ channel, version }], 'backtest');
    expect(judgement).toMatchObject({ standing: 'alarm', observed: expect.any(Number) as number });
    expect(judgement!.statistic).toBeGreaterThan(judgement!.threshold);
    expect(judgement!.relativeRisk!.low).toBeGreaterThan(judgement!.minRelativeRisk);
  });

  it('alerts nobody in a quiet week', async () => expect(await decideScenario('quiet-week', 1_000)).toEqual([]));

  it('alerts nobody on Patch Tuesday', async () => expect(await decideScenario('patch-tuesday')).toEqual([]));

  it('blames the guilty one of two updates that ship within minutes', async () => {
    const changes = await decideScenario('two-updates-one-guilty');
    expect(changes[0]).toMatchObject({
      change: 'opened',
      separable: true,
      suspect: { update_channel: 'channel-file-291' },
    });
    expect(new Set(changes.map(({ incident_id }) => incident_id)).size).toBe(1);
    expect(changes[0]!.suspect.confidence).toBeGreaterThan(0.99);
  });

  it('finds a bad driver inside its early ring, among the hosts that have the device', async () => {
    const [opened] = await decideScenario('bad-driver-staged');
    expect(opened).toMatchObject({
      change: 'opened',
      suspect: { update_channel: 'driver:nvlddmkm.sys', update_version: '31.0.15.6000', driver: 'nvlddmkm.sys' },
    });
    expect(opened!.evidence.exposed_hosts).toBeLessThan(0.12 * opened!.evidence.eligible_hosts);
  });
});
