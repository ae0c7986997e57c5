import { type ClickHouseClient, recoveredHosts } from '@ringwatch/clickhouse';
import { type IncidentChange, isAllClear, withRecovery } from '@ringwatch/incident';

/** How long before an incident opened its crashes may have arrived. */
const BEFORE_OPENING_MS = 24 * 60 * 60 * 1000;

/** Adds to each all clear among the changes of a tick how many of the crashed hosts came back. */
export async function countRecovered(
  db: ClickHouseClient,
  changes: readonly IncidentChange[],
  tick: number,
): Promise<IncidentChange[]> {
  const counted: IncidentChange[] = [];
  for (const change of changes) {
    const { suspect, opened_at } = change;
    if (!isAllClear(change) || suspect.update_channel === '') {
      counted.push(change);
      continue;
    }
    const update = { channel: suspect.update_channel, version: suspect.update_version };
    const since = Date.parse(opened_at) - BEFORE_OPENING_MS;
    counted.push(withRecovery(change, await recoveredHosts(db, update, { since, until: tick })));
  }
  return counted;
}
