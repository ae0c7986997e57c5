import type { ClickHouseClient } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { type Platform, startPlatform } from '@ringwatch/platform';
import { decideAll, playScenario, storeRecords } from '../support/replay';
import { freshDatabase } from '../support/tables';

/** Hosts that fall silent, through ClickHouse and the detector. */
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

  it('names the content update of July 2024 by hosts that are not heard of any more', async () => {
    const changes = await decideScenario('july-2024-silent');
    console.log(
      JSON.stringify(
        changes.map(({ detected_at, change, suspect, signal, evidence }) => [
          detected_at,
          change,
          suspect.update_version,
          signal,
          evidence.silent_hosts,
          evidence.exposed_hosts,
        ]),
      ),
    );
    const [opened] = changes;
    expect(opened).toMatchObject({
      change: 'opened',
      signal: 'silence',
      suspect: { update_channel: 'channel-file-291', update_version: 'C-00000291-00000000-00000032' },
    });
  });

  it('alerts nobody when an innocent update is applied at shutdown and hosts are off for the night', async () =>
    expect(await decideScenario('applied-at-shutdown')).toEqual([]));
});
