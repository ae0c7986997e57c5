import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClickHouseClient,
  type CrashSelection,
  aggregateCrashes,
  countAgain,
  finishRoll,
  hourStates,
  listDrivers,
  markChangedHours,
  nextRolls,
  rollChangedHours,
  rollupDifferences,
  startRoll,
  storeStatus,
} from '@ringwatch/clickhouse';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import fc from 'fast-check';
import { insert } from '../support/api';
import { freshDatabase } from '../support/tables';

interface Crash {
  event_id: string;
  occurred_at: string;
  received_at: string;
  host_id: string;
  driver: string;
  driver_version: string;
  update_channel: string;
  update_version: string;
}

const start = Date.UTC(2026, 10, 20, 22);
const HOUR = 3_600_000;
const MINUTE = 60_000;
const HOURS = 6;
const rolled = ['driver', 'driver_version', 'update_channel', 'update_version'] as const;
type Rolled = (typeof rolled)[number];

/** Few values of each dimension and few hosts, so that groups overlap: no count of hosts is a sum of others by chance. */
const crash = (n: number, more: Partial<Crash> = {}): Crash => ({
  event_id: `crash-${n}`,
  occurred_at: new Date(start + ((n * 7_919_003) % (HOURS * HOUR))).toISOString(),
  received_at: new Date(start + 12 * HOUR + n).toISOString(),
  host_id: `host-${(n * n) % 41}`,
  driver: `d${n % 4}.sys`,
  driver_version: `1.${n % 3}`,
  update_channel: n % 5 < 3 ? `channel-${n % 2}` : '',
  update_version: n % 5 < 3 ? `v${n % 7}` : '',
  ...more,
});
const crashes = Array.from({ length: 3_000 }, (_, n) => crash(n));

function groupsOf<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** What a person would get by counting lines: the answer's order, too. */
function countPlainly(events: readonly Crash[], selection: CrashSelection) {
  const { groupBy, filters, since, until, bucketSeconds, top, maxRows } = selection;
  const bucketMs = (bucketSeconds ?? 0) * 1_000;
  const kept = events.filter(
    (one) =>
      (!since || Date.parse(one.occurred_at) >= since.getTime()) &&
      (!until || Date.parse(one.occurred_at) < until.getTime()) &&
      rolled.every((name) => !filters[name]?.length || filters[name].includes(one[name])),
  );
  const combinationOf = (one: Crash) => JSON.stringify((groupBy as Rolled[]).map((name) => one[name]));
  const most = (list: readonly Crash[]) =>
    [...groupsOf(list, combinationOf)].sort(([a, x], [b, y]) => y.length - x.length || (key(a) < key(b) ? -1 : 1));
  const chosen = new Set(
    most(kept)
      .slice(0, top ?? Infinity)
      .map(([name]) => name),
  );
  const bucketOf = (one: Crash) => (bucketMs ? Math.floor(Date.parse(one.occurred_at) / bucketMs) * bucketMs : 0);
  return [
    ...groupsOf(
      kept.filter((one) => chosen.has(combinationOf(one))),
      bucketOf,
    ),
  ]
    .sort(([a], [b]) => a - b)
    .flatMap(([bucket, list]) =>
      most(list).map(([name, ones]) => ({
        ...(bucketMs && { bucketStart: new Date(bucket) }),
        values: Object.fromEntries(groupBy.map((each, index) => [each, (JSON.parse(name) as string[])[index]])),
        crashes: ones.length,
        hosts: new Set(ones.map(({ host_id }) => host_id)).size,
        hostsEstimated: false,
      })),
    )
    .slice(0, maxRows);
}

function listPlainly(events: readonly Crash[], { filters, since, until }: CrashSelection) {
  const counted = countPlainly(events, { groupBy: ['driver'], filters, since, until, maxRows: 100 });
  const kept = (one: Crash) =>
    rolled.every((name) => !filters[name]?.length || filters[name].includes(one[name])) &&
    !(since && Date.parse(one.occurred_at) < since.getTime()) &&
    !(until && Date.parse(one.occurred_at) >= until.getTime());
  return counted
    .sort(
      (a, b) =>
        b.hosts - a.hosts || b.crashes - a.crashes || (String(a.values.driver) < String(b.values.driver) ? -1 : 1),
    )
    .map(({ values, ...counts }) => {
      const own = events.filter((one) => one.driver === values.driver && kept(one));
      const times = own.map(({ occurred_at }) => occurred_at).sort();
      return {
        driver: values.driver,
        crashes: counts.crashes,
        hosts: counts.hosts,
        hostsEstimated: false,
        versions: new Set(own.map(({ driver_version }) => driver_version)).size,
        updates: new Set(
          own
            .filter(({ update_channel }) => update_channel)
            .map((one) => `${one.update_channel} ${one.update_version}`),
        ).size,
        firstCrashAt: new Date(times[0]!),
        lastCrashAt: new Date(times.at(-1)!),
      };
    });
}
const key = (name: string) => (JSON.parse(name) as string[]).join('\0');

const anyOf = <Value>(...values: Value[]) => fc.subarray(values, { minLength: 0 });
const instant = fc.oneof(
  fc.integer({ min: -1, max: HOURS + 1 }).map((n) => start + n * HOUR),
  fc.integer({ min: 0, max: HOURS * 12 }).map((n) => start + n * 5 * MINUTE),
  fc.integer({ min: 0, max: HOURS * HOUR }).map((ms) => start + ms),
);
const question: fc.Arbitrary<CrashSelection> = fc
  .record({
    groupBy: anyOf(...rolled),
    bucketSeconds: fc.constantFrom(undefined, 60, 300, 600, 3_600, 5_400, 86_400),
    filters: fc.record({ driver: anyOf('d0.sys', 'd1.sys'), update_version: anyOf('v1', '') }, { requiredKeys: [] }),
    range: fc.option(fc.tuple(instant, instant)),
    top: fc.constantFrom(undefined, undefined, 1, 3),
    maxRows: fc.constantFrom(10_000, 10_000, 7),
  })
  .map(({ range, ...rest }) => ({
    ...rest,
    ...(range && { since: new Date(Math.min(...range)), until: new Date(Math.max(...range) + 1) }),
  }));

describe('counts of crashes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-rollups-'));
  let server: ClickHouseServer;
  let db: ClickHouseClient;

  beforeAll(async () => {
    server = await startClickHouse({ folder });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    db = await freshDatabase(server.url);
  });
  afterEach(() => db.close());

  const all: CrashSelection = { groupBy: rolled, bucketSeconds: 300, filters: {}, maxRows: 100_000 };
  const expectAnswers = async (events: readonly Crash[], selection = all) =>
    expect(await aggregateCrashes(db, selection)).toEqual(countPlainly(events, selection));
  const dirtyHours = async () =>
    (await hourStates(db, start - HOUR, start + 99 * HOUR))
      .filter(({ rolledUs }) => rolledUs === undefined)
      .map(({ startMs }) => (startMs - start) / HOUR);
  const deleteEvents = (condition: string) =>
    db.command({
      query: `DELETE FROM bugchecks WHERE ${condition}`,
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    });
  const first = crashes.filter(({ occurred_at }) => Date.parse(occurred_at) < start + HOUR);

  it('answer any question as a plain count does, whichever hours are dirty', async () => {
    await insert(db, 'bugchecks', crashes);
    await insert(
      db,
      'bugchecks',
      crashes.filter((_, n) => n % 3 === 0),
    ); // copies
    await rollChangedHours(db);
    expect(await rollupDifferences(db)).toEqual([]);
    const rounds = fc.asyncProperty(
      anyOf(0, 1, 2, 3, 4, 5),
      fc.array(question, { minLength: 8, maxLength: 8 }),
      async (hours, questions) => {
        await markChangedHours(
          db,
          hours.map((n) => start + n * HOUR + 5),
        );
        expect(await dirtyHours()).toEqual(hours);
        for (const selection of questions) {
          await expectAnswers(crashes, selection);
          const { filters, since, until } = selection;
          const drivers = await listDrivers(db, { filters, since, until, maxRows: 100 });
          expect(drivers).toEqual(listPlainly(crashes, selection));
        }
        await rollChangedHours(db);
        expect(await dirtyHours()).toEqual([]);
      },
    );
    await fc.assert(rounds, { numRuns: 10 });
    expect(await storeStatus(db)).toMatchObject({ crashes: crashes.length });
  });

  it('are read where they are clean, and from the raw rows where they are dirty', async () => {
    await insert(db, 'bugchecks', first);
    await rollChangedHours(db);
    await deleteEvents('1'); // behind the back of the counts: what is answered now comes from them
    await expectAnswers(first);
    await markChangedHours(db, [start]);
    await expectAnswers([]);
  });

  it('take late events and copies in, roll after roll', async () => {
    for (const part of [0, 1, 2]) {
      await insert(
        db,
        'bugchecks',
        crashes.filter((_, n) => n % 3 <= part),
      );
      expect(await dirtyHours()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await rollChangedHours(db)).toHaveLength(6);
      await expectAnswers(crashes.filter((_, n) => n % 3 <= part));
    }
    expect(await rollChangedHours(db)).toEqual([]);
    expect(await rollupDifferences(db)).toEqual([]);
  });

  it('forget groups that vanished', async () => {
    await insert(db, 'bugchecks', first);
    await rollChangedHours(db);
    await deleteEvents("driver = 'd1.sys'");
    await markChangedHours(db, [start]);
    await rollChangedHours(db);
    await expectAnswers(first.filter(({ driver }) => driver !== 'd1.sys'));
    expect(await rollupDifferences(db)).toEqual([]);
    await db.command({ query: 'OPTIMIZE TABLE crashes_per_hour FINAL' });
    const left = await db.query({
      query: `SELECT sum(crashes) AS crashes, sum(hosts) AS hosts FROM crashes_per_hour FINAL WHERE driver = 'd1.sys'`,
      format: 'JSONEachRow',
    });
    expect(await left.json()).toEqual([{ crashes: 0, hosts: 0 }]);
  });

  it('stay right when a roll is killed between any two steps', async () => {
    await insert(db, 'bugchecks', first.slice(0, 100));
    await rollChangedHours(db);
    await insert(db, 'bugchecks', first);
    for (const steps of [[startRoll], [startRoll, countAgain]]) {
      const [roll] = await nextRolls(db, { limit: 1 });
      for (const step of steps) await step(db, roll!);
      expect(await dirtyHours()).toEqual([0]);
      await expectAnswers(first);
    }
    await rollChangedHours(db);
    expect(await dirtyHours()).toEqual([]);
    await expectAnswers(first);
  });

  it('leave an hour dirty that changed after the roll had read it', async () => {
    await insert(db, 'bugchecks', first.slice(0, 100));
    const [roll] = await nextRolls(db, { limit: 1 });
    await startRoll(db, roll!);
    await countAgain(db, roll!);
    await insert(db, 'bugchecks', first);
    await finishRoll(db, roll!);
    expect(await dirtyHours()).toEqual([0]);
    await expectAnswers(first);
  });

  it('miss no change when the clock was set back while a roll was under way', async () => {
    await insert(db, 'bugchecks', first.slice(0, 100));
    const [roll] = await nextRolls(db, { limit: 1 });
    const ahead = { ...roll!, startUs: roll!.startUs + 3_600_000_000 };
    for (const step of [startRoll, countAgain]) await step(db, ahead);
    await insert(db, 'bugchecks', first);
    await finishRoll(db, ahead);
    await expectAnswers(first);
    await rollChangedHours(db);
    expect(await dirtyHours()).toEqual([]);
    await expectAnswers(first);
  });

  it('are those of the later roll, when an older one writes after it', async () => {
    await insert(db, 'bugchecks', first);
    const [older] = await nextRolls(db, { limit: 1 });
    await startRoll(db, older!);
    // What the older one has read and will write late: a group that is gone by then.
    await countAgain(db, older!);
    const counted = await db.query({ query: 'SELECT * FROM crashes_per_5_minutes', format: 'JSONEachRow' });
    const late = await counted.json<object>();
    await db.command({ query: 'TRUNCATE TABLE crashes_per_5_minutes' });
    await deleteEvents("driver = 'd1.sys'");
    await markChangedHours(db, [start]);
    await rollChangedHours(db);
    await db.insert({ table: 'crashes_per_5_minutes', values: late, format: 'JSONEachRow' });
    await finishRoll(db, older!);
    expect(await dirtyHours()).toEqual([]);
    await expectAnswers(first.filter(({ driver }) => driver !== 'd1.sys'));
  });

  it('stay right with several rollers while events come in', async () => {
    const roll = async () => {
      for (let turn = 0; turn < 6; turn += 1) await rollChangedHours(db);
    };
    const feed = async () => {
      for (let part = 0; part < 12; part += 1) {
        await insert(
          db,
          'bugchecks',
          crashes.filter((_, n) => n % 12 === part),
        );
        await expectAnswers(
          crashes.filter((_, n) => n % 12 <= part),
          { ...all, bucketSeconds: undefined },
        );
      }
    };
    await Promise.all([feed(), roll(), roll(), roll()]);
    await rollChangedHours(db);
    expect(await dirtyHours()).toEqual([]);
    expect(await rollupDifferences(db)).toEqual([]);
    await expectAnswers(crashes);
  });

  it('are compared with the raw rows, and repaired by marking the hour', async () => {
    await insert(db, 'bugchecks', crashes);
    await rollChangedHours(db);
    await db.command({
      query: `INSERT INTO crashes_per_5_minutes SELECT * REPLACE (crashes + 3 AS crashes) FROM crashes_per_5_minutes
        WHERE toStartOfHour(bucket) = toDateTime(${(start + 2 * HOUR) / 1_000}, 'UTC') ORDER BY crashes DESC LIMIT 1`,
    });
    const [found, ...others] = await rollupDifferences(db);
    expect(others).toEqual([]);
    expect(found!.rolled.crashes - found!.stored.crashes).toBe(3);
    expect(Math.floor((found!.bucket.getTime() - start) / HOUR)).toBe(2);
    expect(await rollupDifferences(db, { hours: [start] })).toEqual([]);
    await markChangedHours(db, [found!.bucket.getTime()]);
    await rollChangedHours(db);
    expect(await rollupDifferences(db)).toEqual([]);
  });

  it('estimate hosts within 1 % where that is asked for, and say so', async () => {
    const hosts = 60_000;
    const crowd = Array.from({ length: hosts }, (_, n) =>
      crash(n, { driver: 'd.sys', driver_version: '', update_channel: '', update_version: '', host_id: `host-${n}` }),
    );
    await insert(db, 'bugchecks', crowd);
    await rollChangedHours(db);
    await markChangedHours(db, [start + 3 * HOUR]);
    const selection: CrashSelection = { groupBy: ['driver'], filters: {}, maxRows: 10, hosts: 'approximate' };
    const [estimate] = await aggregateCrashes(db, selection);
    expect(estimate).toMatchObject({ crashes: hosts, hostsEstimated: true });
    expect(Math.abs(estimate!.hosts / hosts - 1)).toBeLessThan(0.01);
    const [exact] = await aggregateCrashes(db, { ...selection, hosts: 'exact' });
    expect(exact).toMatchObject({ crashes: hosts, hosts, hostsEstimated: false });
  });
});
