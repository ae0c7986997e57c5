import { Notebook } from '@ringwatch/backtest';
import { type ClickHouseClient, storeEvents, storeIncidentChanges, writeArrivalClocks } from '@ringwatch/clickhouse';
import { defaultPolicy } from '@ringwatch/detection';
import { type ActionAnswer, type IncidentAction, type IncidentChange, incidentIdOf } from '@ringwatch/incident';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { Decider, decideAgain } from '@ringwatch/ticks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playScenario, storeRecords } from '../support/replay';
import { seeded } from '../support/rough-world';
import { freshDatabase } from '../support/tables';

const at = (time: string) => Date.parse(`2024-07-19T${time}Z`);
const MINUTE = 60_000;
const incident_id = incidentIdOf({ channel: 'channel-file-291', version: 'C-00000291-00000000-00000032' });

/** Notes the answers too. */
class Register extends Notebook {
  readonly answers: ActionAnswer[] = [];

  answered(answers: readonly ActionAnswer[]): void {
    this.answers.push(...answers);
  }
}

/** July 2024, with people who do something about it. */
describe('the life of the incident of July 2024', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-life-'));
  let clickhouse: ClickHouseServer;
  let db: ClickHouseClient;
  let runs = 0;
  const did: Array<[string, Partial<IncidentAction>]> = [
    ['04:05:00', { action: 'comment', text: 'before anything' }],
    ['04:20:00', { action: 'acknowledge' }],
    ['04:20:00', { action: 'assign', assignee: 'ben' }],
    ['04:30:00', { action: 'mute', muted_until: at('04:50:00') }],
    ['05:00:00', { action: 'comment', text: 'withdrawn soon' }],
    ['05:48:00', { action: 'comment', text: 'after the end' }],
  ];

  // Minutes on a machine that others use.
  beforeAll(async () => {
    clickhouse = await startClickHouse({ folder });
    db = await freshDatabase(clickhouse.url);
    await storeRecords(db, playScenario('july-2024', { seed: '1', fleetSize: 2_000 }));
    const actions = did.map(([time, more], index) => {
      const plain = { assignee: '', muted_until: null, muted_factor: null, text: '' };
      const said = { event_id: `a-${index}`, occurred_at: at(time), incident_id, actor: 'ann', ...plain, ...more };
      const place = { receivedAt: at(time) + 137, partition: 0, offset: BigInt(index) };
      return { event: said as IncidentAction, ...place };
    });
    await storeEvents(db, 'incident-actions', actions);
    // Told again by another batch, which changes nothing.
    await storeEvents(
      db,
      'incident-actions',
      actions.map((each) => ({ ...each, receivedAt: each.receivedAt + 5_000 })),
    );
  }, 10 * MINUTE);
  afterAll(async () => {
    await db?.close();
    await clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** All of it; with `random` in uneven steps, and by a new detector before some of them. */
  async function decide(random?: () => number): Promise<Register> {
    const run = `life-${++runs}`;
    const register = new Register();
    let decider = new Decider(db, register, defaultPolicy, run);
    for (let closed = at('03:40:00'); closed < at('05:52:00');) {
      closed = Math.min(at('05:52:00'), random ? Math.floor(closed + 1_000 * 1_200 ** random()) : Infinity);
      await writeArrivalClocks(db, [{ topic: run, partition: 0, closedUntil: closed }]);
      if (random && random() < 0.2) decider = new Decider(db, register, defaultPolicy, run);
      for (let behind = 1; behind > 0;) behind = (await decider.advance(1))?.behindMs ?? 0;
    }
    return register;
  }

  let whole: Register;
  const change = (kind: IncidentChange['change']) => whole.changes.filter((each) => each.change === kind);

  it('has one opening and one end, within 15 minutes of the last host that was hit', async () => {
    whole = await decide();
    expect([change('opened').length, change('resolved').length, change('reopened').length]).toEqual([1, 1, 0]);
    const [end] = change('resolved');
    const { clearing, recovered_hosts, recovery_hosts } = end!.evidence;
    const last = whole.changes.filter(({ detected_at }) => detected_at < end!.detected_at).at(-1)!;
    expect(Date.parse(end!.detected_at)).toBeGreaterThan(at('05:27:00'));
    // The last host that took it crashes at 05:32:18, and says so at 05:33:30.
    expect(Date.parse(end!.detected_at) - at('05:32:18')).toBeLessThan(15 * MINUTE);
    expect(last.state).toBe('mitigating');
    expect(clearing!.statistic).toBeGreaterThan(clearing!.threshold);
    expect(recovered_hosts).toBeLessThan(recovery_hosts!);
    expect(end!.reason).toContain(`${recovered_hosts} of ${recovery_hosts} hosts came back`);
  });

  it('has what people did, once each, and answers what came too early or too late', () => {
    expect(whole.answers.map(({ outcome }) => outcome)).toEqual([
      'unknown_incident',
      'taken',
      'taken',
      'taken',
      'taken',
      'ended_incident',
    ]);
    expect(change('acknowledged')[0]).toMatchObject({ state: 'acknowledged', detected_at: '2024-07-19T04:20:01.000Z' });
    expect(change('assigned')[0]).toMatchObject({ assignee: 'ben', acknowledged_by: 'ann' });
    const muted = whole.changes.filter((each) => each.muted);
    expect(muted[0]!.change).toBe('muted');
    for (const { detected_at } of muted) expect(Date.parse(detected_at)).toBeLessThan(at('04:50:00'));
    expect(change('commented')).toHaveLength(1);
    expect(whole.changes.map(({ sequence }) => sequence)).toEqual(whole.changes.map((_, index) => index + 1));
  });

  it('says the same to the byte however often the detector starts anew', async () => {
    const lines = ({ changes }: Register) => changes.map((each) => JSON.stringify(each));
    const random = seeded(11);
    expect(lines(await decide(random))).toEqual(lines(whole));
  });

  it('decides each change again from what is stored, as a person may ask later', async () => {
    await storeIncidentChanges(db, whole.changes);
    expect(whole.changes.length).toBeGreaterThan(9);
    for (const { detected_at } of whole.changes) {
      const tick = Date.parse(detected_at);
      const decided = whole.changes.filter((each) => Date.parse(each.detected_at) === tick);
      expect(await decideAgain(db, tick)).toEqual(decided);
    }
  });
});
