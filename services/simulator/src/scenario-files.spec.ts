import { parseBugcheck } from '@ringwatch/bugcheck';
import { play, type FleetRecord } from '@ringwatch/fleet';
import { decodeMessage } from '@ringwatch/message';
import { parseHeartbeat, parseInstall, parseUpdateAction } from '@ringwatch/rollout';
import { knownScenarios, loadScenario } from './scenario-files';

// Pure computation, but a lot of it: a machine that does other things needs its time.
jest.setTimeout(60_000);

const read = {
  bugchecks: parseBugcheck,
  updates: parseUpdateAction,
  installs: parseInstall,
  heartbeats: parseHeartbeat,
};

/** A shipped scenario with fewer hosts. */
function playSmall(name: string, fleetSize: number): FleetRecord[] {
  return [...play(loadScenario(name), { seed: 7, fleetSize })];
}

function hostsThatCrashed(records: FleetRecord[], version: string): number {
  const values = records.flatMap((record) => (record.topic === 'bugchecks' ? [record.value] : []));
  return new Set(values.filter((value) => value.update_version === version).map((value) => value.host_id)).size;
}

describe('the shipped scenarios', () => {
  it('are seven', () => {
    expect(knownScenarios()).toEqual([
      'applied-at-shutdown',
      'bad-driver-staged',
      'july-2024',
      'july-2024-silent',
      'patch-tuesday',
      'quiet-week',
      'two-updates-one-guilty',
    ]);
  });

  it.each(knownScenarios())('%s: every message is one that the contract takes', (name) => {
    const refused = playSmall(name, 200).flatMap(({ topic, value, arrivesAtMs }) => {
      const decoded = decodeMessage(Buffer.from(JSON.stringify(value)));
      const verdict = decoded.kind === 'refused' ? decoded : read[topic](decoded.members, arrivesAtMs);
      return 'kind' in verdict && verdict.kind === 'refused' ? [{ topic, value, verdict }] : [];
    });
    expect(refused).toEqual([]);
  });

  it('july-2024: shipped 04:09, withdrawn 05:27; a fifth of the victims reports, most hosts fall silent', () => {
    const records = playSmall('july-2024', 1500);
    const news = records.flatMap((record) => (record.topic === 'updates' ? [record.value] : []));
    const bad = news.filter((value) => value.update_version === 'C-00000291-00000000-00000032');
    expect(bad.map(({ action, occurred_at }) => [action, occurred_at])).toEqual([
      ['shipped', '2024-07-19T04:09:00.000Z'],
      ['withdrawn', '2024-07-19T05:27:00.000Z'],
    ]);
    const installs = records.flatMap((record) => (record.topic === 'installs' ? [record.value] : []));
    const applied = new Set(
      installs.filter((value) => value.update_version === bad[0]!.update_version).map((value) => value.host_id),
    );
    const share = hostsThatCrashed(records, bad[0]!.update_version) / applied.size;
    expect(share).toBeGreaterThan(0.13);
    expect(share).toBeLessThan(0.22);
    const beatsFrom = (time: string) => {
      const sinceMs = Date.parse(time);
      const isInside = ({ topic, key, arrivesAtMs }: FleetRecord) =>
        topic === 'heartbeats' && applied.has(key) && arrivesAtMs >= sinceMs && arrivesAtMs < sinceMs + 15 * 60_000;
      return records.filter(isInside).length;
    };
    expect(beatsFrom('2024-07-19T05:30:00Z') / beatsFrom('2024-07-19T03:50:00Z')).toBeLessThan(0.25);
  });

  it.each([
    ['two-updates-one-guilty', 'C-00000291-00000000-00000032', '1.415.124.0', 10],
    ['bad-driver-staged', '31.0.15.6000', '22.260.0.4', 1],
  ])('%s: the guilty update crashes hosts, the innocent one hardly any', (name, guilty, innocent, atLeast) => {
    const records = playSmall(name, 1500);
    expect(hostsThatCrashed(records, guilty)).toBeGreaterThanOrEqual(atLeast);
    expect(hostsThatCrashed(records, innocent)).toBeLessThanOrEqual(2);
  });
});

describe('a scenario that cannot be had', () => {
  it('lists the known ones when the name is unknown', () => {
    expect(() => loadScenario('june-2024')).toThrow(
      'unknown scenario "june-2024": wanted a path, or applied-at-shutdown, bad-driver-staged, july-2024',
    );
  });

  it('names the file when it cannot be read', () => {
    expect(() => loadScenario('./nowhere.yaml')).toThrow('scenario file cannot be read: ./nowhere.yaml');
  });
});
