import { rollChangedHours } from '@ringwatch/clickhouse';
import { z } from 'zod';
import { type ApiUnderTest, incidentOn, insert, insertIncidents, startApiUnderTest } from '../support/api';

type Json = Record<string, never> & { [key: string]: never };
interface Crash {
  event_id: string;
  occurred_at: string;
  received_at: string;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  bugcheck_code: number;
  driver: string;
  driver_version: string;
  update_channel: string;
  update_version: string;
}

const dimensions = [
  'driver',
  'driver_version',
  'update_channel',
  'update_version',
  'bugcheck_code',
  'country',
  'org_id',
  'os_build',
] as const;
const start = Date.parse('2024-07-19T00:00:00.000Z');
const at = (ms: number) => new Date(start + ms).toISOString();
const minutes = (count: number) => count * 60_000;
const days = (count: number) => count * 86_400_000;
const hex = (code: number) => `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;

/** A made-up morning of crashes: the remainders of one counter by primes, so that every pair of values meets. */
const crashes: Crash[] = Array.from({ length: 600 }, (_, n) => ({
  event_id: `crash-${n}`,
  occurred_at: at(((n * 7_919) % 720) * 10_000 + (n % 1_000)),
  received_at: at(minutes(180) + n),
  host_id: `host-${(n * n) % 83}`,
  org_id: `org-${n % 11}`,
  country: ['US', 'DE', 'ZZ'][n % 3]!,
  os_build: ['10.0.22631.3880', '10.0.19045.4651'][n % 2]!,
  bugcheck_code: [0x50, 0x1000007e, 0xd1, 0xdeaddead][n % 4]!,
  driver: ['csagent.sys', 'nvlddmkm.sys', 'unknown', '=cmd.sys', 'ntfs.sys'][n % 5]!,
  driver_version: `1.${n % 7}`,
  update_channel: n % 13 < 4 ? 'channel-file-291' : '',
  update_version: n % 13 < 4 ? `C-${n % 13}` : '',
}));

/** What a person would get by counting lines of the input. */
function countPlainly(rows: Crash[], keyOf: (crash: Crash) => Record<string, unknown>) {
  const groups = new Map<string, { crashes: Set<string>; hosts: Set<string> }>();
  for (const crash of rows) {
    const key = JSON.stringify(keyOf(crash));
    const group = groups.get(key) ?? { crashes: new Set(), hosts: new Set() };
    groups.set(key, group);
    group.crashes.add(crash.event_id);
    group.hosts.add(crash.host_id);
  }
  return [...groups].map(([key, { crashes, hosts }]) => ({
    ...(JSON.parse(key) as object),
    crashes: crashes.size,
    hosts: hosts.size,
  }));
}
const shown = (crash: Crash, name: (typeof dimensions)[number]) =>
  name === 'bugcheck_code' ? hex(crash.bugcheck_code) : crash[name];
const sorted = (rows: object[]) =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

describe('the api over real ClickHouse', () => {
  let api: ApiUnderTest;
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${api.url}${path}`, { headers });
  const json = async <Answer = Json>(path: string): Promise<Answer> => {
    const answer = await get(path);
    const body = (await answer.json()) as Answer;
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const rowsOf = async (query: string) =>
    (await json<{ rows: object[] }>(`/api/v1/aggregates?limit=10000&${query}`)).rows;

  beforeAll(async () => {
    api = await startApiUnderTest();
    await insert(api.db, 'bugchecks', crashes);
    const copies = crashes.filter((_, n) => n % 3 === 0);
    await insert(
      api.db,
      'bugchecks',
      copies.map((crash) => ({ ...crash, received_at: at(days(2)), source_offset: 7 })),
    );
  });
  afterAll(() => api.stop());

  describe('aggregates', () => {
    it('counts crashes and hosts exactly, copies once', async () => {
      expect(await rowsOf('')).toEqual([{ crashes: 600, hosts: new Set(crashes.map((one) => one.host_id)).size }]);
    });

    const pairs = dimensions.flatMap((first, index) => dimensions.slice(index + 1).map((second) => [first, second]));
    it.each(pairs as Array<Array<(typeof dimensions)[number]>>)(
      'groups by %s and %s as a plain count does',
      async (first, second) => {
        const plain = countPlainly(crashes, (one) => ({
          [first!]: shown(one, first!),
          [second!]: shown(one, second!),
        }));
        expect(sorted(await rowsOf(`group_by=${first},${second}`))).toEqual(sorted(plain));
      },
    );

    it('groups by all dimensions and a bucket at once', async () => {
      const plain = countPlainly(crashes, (one) => ({
        bucket_start: new Date(Math.floor(Date.parse(one.occurred_at) / 300_000) * 300_000),
        ...Object.fromEntries(dimensions.map((name) => [name, shown(one, name)])),
      }));
      expect(sorted(await rowsOf(`bucket=5m&${dimensions.map((name) => `group_by=${name}`).join('&')}`))).toEqual(
        sorted(plain),
      );
    });

    it.each([
      ['60s', 60],
      ['5m', 300],
      ['1h', 3_600],
      ['1d', 86_400],
    ])('counts by buckets of %s', async (bucket, seconds) => {
      const plain = countPlainly(crashes, (one) => ({
        bucket_start: new Date(
          Math.floor(start / seconds / 1e3 + (Date.parse(one.occurred_at) - start) / seconds / 1e3) * seconds * 1e3,
        ),
      }));
      const rows = await rowsOf(`bucket=${bucket}`);
      expect(sorted(rows)).toEqual(sorted(plain));
      const starts = rows.map((row) => (row as { bucket_start: string }).bucket_start);
      expect(starts).toEqual([...starts].sort());
    });

    it.each(dimensions)('filters by %s, by any of several values', async (name) => {
      const values = [...new Set(crashes.map((one) => String(shown(one, name))))].slice(0, 2);
      const kept = crashes.filter((one) => values.includes(String(shown(one, name))));
      const query = values.map((value) => `${name}=${encodeURIComponent(value)}`).join('&');
      expect(await rowsOf(query)).toEqual(countPlainly(kept, () => ({})));
    });

    it.each([
      'bugcheck_code=0x50',
      'bugcheck_code=0x00000050',
      'bugcheck_code=80',
      'driver=CSAGENT.SYS&bugcheck_code=80',
    ])('reads %s as one value, whatever its form', async (query) => {
      const kept = crashes.filter(
        (one) => one.bugcheck_code === 0x50 && (!query.includes('driver') || one.driver === 'csagent.sys'),
      );
      expect(await rowsOf(query)).toEqual(countPlainly(kept, () => ({})));
    });

    it('takes since and leaves until, to the millisecond and in any zone', async () => {
      const [first, last] = [crashes[100]!.occurred_at, crashes[200]!.occurred_at].sort() as [string, string];
      const kept = crashes.filter((one) => one.occurred_at >= first && one.occurred_at < last);
      const inIndia = `${new Date(Date.parse(last) + minutes(330)).toISOString().slice(0, -1)}%2B05:30`;
      expect(await rowsOf(`since=${first}&until=${inIndia}`)).toEqual(countPlainly(kept, () => ({})));
    });

    it('answers most crashes first, the same each time, and says when rows are left out', async () => {
      const all = (await rowsOf('group_by=org_id,country')) as Array<{ crashes: number }>;
      expect(all.map((row) => row.crashes)).toEqual(all.map((row) => row.crashes).sort((a, b) => b - a));
      const some = await json<{ rows: object[]; truncated: boolean }>(
        '/api/v1/aggregates?group_by=org_id,country&limit=5',
      );
      expect(some).toMatchObject({ rows: all.slice(0, 5), truncated: true });
      expect(await json('/api/v1/aggregates?group_by=country&limit=3')).toMatchObject({ truncated: false });
    });

    it('keeps to the combinations with the most crashes in the whole range, bucket by bucket', async () => {
      const largest = (await rowsOf('group_by=driver,country&top=3')) as Array<Record<string, unknown>>;
      expect(largest).toEqual((await rowsOf('group_by=driver,country')).slice(0, 3));
      const nameOf = (one: Record<string, unknown>) => `${String(one['driver'])} ${String(one['country'])}`;
      const kept = new Set(largest.map(nameOf));
      const all = (await rowsOf('group_by=driver,country&bucket=10m')) as Array<Record<string, unknown>>;
      expect(await rowsOf('group_by=driver,country&bucket=10m&top=3')).toEqual(
        all.filter((one) => kept.has(nameOf(one))),
      );
    });

    it('says whether hosts are counted or estimated', async () => {
      await rollChangedHours(api.db);
      const hosts = new Set(crashes.map((one) => one.host_id)).size;
      const exact = await json('/api/v1/aggregates?since=2024-07-19T00:00:00Z&until=2024-07-20T00:00:00Z');
      expect(exact).toMatchObject({ hosts_are: 'exact', rows: [{ crashes: 600, hosts }] });
      expect(
        await json('/api/v1/aggregates?hosts=approximate&since=2024-07-19T00:00:00Z&until=2024-07-20T00:00:00Z'),
      ).toMatchObject({ hosts_are: 'approximate', rows: [{ crashes: 600, hosts }] });
      expect(await json('/api/v1/aggregates?hosts=approximate&bucket=1h&group_by=os_build')).toMatchObject({
        hosts_are: 'exact',
      });
    });

    it('answers CSV by parameter and by header, with no formula in it', async () => {
      const byParameter = await get('/api/v1/aggregates?group_by=driver,bugcheck_code&bucket=1d&format=csv');
      const byHeader = await get('/api/v1/aggregates?group_by=driver,bugcheck_code&bucket=1d', { accept: 'text/csv' });
      const text = await byParameter.text();
      expect(await byHeader.text()).toBe(text);
      expect(byHeader.headers.get('content-type')).toMatch(/^text\/csv/);
      const [head, ...lines] = text.trimEnd().split('\r\n');
      expect(head).toBe('bucket_start,driver,bugcheck_code,crashes,hosts');
      expect(lines).toHaveLength(20);
      expect(lines.filter((line) => line.includes("'=cmd.sys"))).toHaveLength(4);
      expect(lines.find((line) => line.includes('csagent.sys,0x00000050'))).toMatch(/^2024-07-19T00:00:00\.000Z,/);
    });

    it('treats a value as a value, whatever is in it', async () => {
      expect(await rowsOf(`driver=${encodeURIComponent("x') OR 1=1 --")}`)).toEqual([]);
      expect(await rowsOf(`org_id=${encodeURIComponent('\\t\'"{}')}`)).toEqual([]);
    });
  });

  describe('updates', () => {
    const install = (channel: string, version: string, hosts: number, shippedMs: number) =>
      Array.from({ length: hosts }, (_, n) => ({
        event_id: `install-${channel}-${version}-${n}`,
        occurred_at: at(shippedMs + n * 1_000),
        received_at: at(shippedMs + n * 1_000 + 500),
        host_id: `u-${n}`,
        org_id: `org-${n % 9}`,
        country: 'DE',
        os_build: '10.0.22631.3880',
        update_channel: channel,
        update_version: version,
        outcome: 'applied',
      }));
    const action = (name: string, channel: string, version: string, ms: number, more = {}) => ({
      ...more,
      event_id: `${name}-${channel}-${version}`,
      occurred_at: at(ms),
      received_at: at(ms + 100),
      action: name,
      update_channel: channel,
      update_version: version,
    });
    const crash = (host: number, ms: number, version = '') => ({
      ...crashes[0]!,
      event_id: `u-crash-${host}-${ms}`,
      occurred_at: at(ms),
      received_at: at(ms + 100),
      host_id: `u-${host}`,
      org_id: `org-${host % 9}`,
      country: 'DE',
      update_channel: version && 'content',
      update_version: version,
    });
    const shipped = days(10);

    beforeAll(async () => {
      const { db } = api;
      await insert(db, 'updates', [
        action('shipped', 'content', 'good', shipped, {
          driver: 'Sensor.sys',
          vendor: 'Falcon',
          title: 'Weekly Größe',
        }),
        action('shipped', 'driver:nv:a/b.sys', '31.0 beta', shipped + 2_000, { vendor: 'Other' }),
        action('shipped', 'content', 'pulled', shipped + 3_000),
        action('withdrawn', 'content', 'pulled', shipped + 9_000),
        action('shipped', 'content', 'bad', shipped + 4_000, { driver: 'sensor.sys', vendor: 'Falcon' }),
        action('shipped', 'content', 'twin', shipped + 5_000),
      ]);
      await insert(db, 'installs', install('content', 'good', 120, shipped));
      await insert(db, 'installs', install('content', 'good', 120, shipped)); // each a second time
      await insert(db, 'installs', install('content', 'bad', 130, shipped + 4_000));
      await insert(db, 'installs', install('content', 'twin', 130, shipped + 5_000));
      await insert(db, 'installs', install('content', 'pulled', 130, shipped + 3_000));
      await insert(db, 'installs', install('driver:nv:a/b.sys', '31.0 beta', 99, shipped + 2_000));
      await insert(db, 'bugchecks', [
        crash(0, shipped - 1), // before it had the update
        crash(1, shipped + 1_000, 'good'), // at the very moment
        crash(1, shipped + minutes(5), 'good'), // the same host again
        crash(2, shipped + days(14) + 1_999), // on the last day, naming nothing
        crash(3, shipped + minutes(7), 'bad'), // naming another update
        crash(4, shipped + days(14) + 4_000), // too late to count for `good`
        crash(5, shipped - 1), // before and too late, and nothing between
        crash(5, shipped + days(14) + 5_000),
      ]);
      await insertIncidents(db, [
        incidentOn('content', 'bad', { opened_at: at(shipped + minutes(1)) }),
        incidentOn('content', 'shared', {
          separable: false,
          other_suspects: [{ ...incidentOn('content', 'twin').suspect, confidence: 0.5 }],
        }),
        incidentOn('content', 'good', { state: 'resolved', change: 'resolved', sequence: 2 }),
      ]);
    });

    it('counts those who applied it and those who crashed within 14 days of it', async () => {
      const update = await json('/api/v1/updates/content/good');
      expect(update).toMatchObject({
        shipped_at: at(shipped),
        applied_hosts: 120,
        crashed_hosts: 3,
        crashed_hosts_naming_it: 1,
        crashed_per_1000: 25,
        eligible_hosts: 130,
        last_action: 'shipped',
      });
    });

    it('draws adoption and crashes on one axis without gaps', async () => {
      const update = await json<{ curve: Array<{ bucket_start: string; applied_hosts: number; crashes: number }> }>(
        '/api/v1/updates/content/good?bucket=1d',
      );
      expect(update.curve).toHaveLength(15);
      expect(update.curve[0]).toMatchObject({
        bucket_start: at(shipped),
        applied_hosts: 120,
        crashes: 3,
        crashed_hosts: 2,
      });
      expect(update.curve[7]).toMatchObject({
        bucket_start: at(shipped + days(7)),
        applied_hosts: 120,
        crashes: 0,
        crashed_hosts: 0,
      });
      expect(update.curve.at(-1)).toMatchObject({ bucket_start: at(shipped + days(14)), crashes: 1 });
      const narrow = await get('/api/v1/updates/content/good?bucket=1s');
      expect(narrow.status).toBe(400);
    });

    it.each([
      ['content/good', 'go', 'no_incident'],
      ['content/bad', 'halt', 'open_incident'],
      ['content/twin', 'hold', 'not_separable'],
      ['content/pulled', 'hold', 'withdrawn'],
      ['driver%3Anv%3Aa%2Fb.sys/31.0%20beta', 'hold', 'insufficient_data'],
      ['never/heard-of', 'hold', 'insufficient_data'],
    ])('judges %s: %s, %s', async (path, verdict, reason) => {
      expect(await json(`/api/v1/updates/${path}/verdict`)).toMatchObject({ verdict, reason });
    });

    interface Listed {
      updates: Array<Record<'update_channel' | 'update_version' | 'verdict', string>>;
      next_cursor: string | null;
    }
    const versionsOf = async (query: string, limit = 1) => {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Listed = await json(`/api/v1/updates?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
        seen.push(...page.updates.map((update) => update.update_version));
        cursor = page.next_cursor;
      }
      return seen;
    };

    it.each([
      ['driver=SENSOR.sys', ['bad', 'good']],
      ['driver=nv:a/b.sys', ['31.0 beta']],
      ['vendor=Falcon', ['bad', 'good']],
      ['vendor=Falcon&vendor=Other', ['bad', '31.0 beta', 'good']],
      ['vendor=falcon', []],
      ['q=fAlCoN+sensor', ['bad', 'good']],
      ['q=GRÖSSE', []],
      ['q=GRÖßE+weekly', ['good']],
      [`q=${encodeURIComponent("%_\\')")}`, []],
      ['q=+', ['twin', 'bad', 'pulled', '31.0 beta', 'good']],
      ['verdict=halt', ['bad']],
      ['verdict=go', ['good']],
      ['verdict=hold', ['twin', 'pulled', '31.0 beta']],
      ['verdict=go&verdict=halt&channel=content&vendor=Falcon&q=sensor', ['bad', 'good']],
      ['verdict=hold&channel=none', []],
    ])('lists those that fit %s, page by page', async (query, versions) => {
      expect(await versionsOf(query)).toEqual(versions);
    });

    it('finds by verdict just what the list says', async () => {
      const { updates } = await json<Listed>('/api/v1/updates');
      for (const verdict of ['go', 'hold', 'halt']) {
        const said = updates.filter((update) => update.verdict === verdict).map((update) => update.update_version);
        expect([verdict, await versionsOf(`verdict=${verdict}`, 2)]).toEqual([verdict, said]);
      }
    });

    it('keeps to the filters from page to page of a CSV', async () => {
      const answer = await get(
        '/api/v1/updates?format=csv&limit=1&vendor=Falcon&verdict=go&verdict=halt&under_way=false',
      );
      const next = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      expect((await (await get(next!)).text()).split('\r\n')[1]).toMatch(/^content,good,/);
    });

    it('lists updates as CSV, page by page', async () => {
      const lines: string[] = [];
      for (let path: string | undefined = '/api/v1/updates?format=csv&limit=2&channel=content'; path;) {
        const answer: Response = await get(path);
        lines.push(...(await answer.text()).trimEnd().split('\r\n'));
        path = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      }
      const heads = lines.filter((line) => line.startsWith('update_channel,update_version,driver,title'));
      expect(heads).toHaveLength(2);
      expect(lines.filter((line) => line.startsWith('content,')).map((line) => line.split(',')[1])).toEqual([
        'twin',
        'bad',
        'pulled',
        'good',
      ]);
      const good = lines.at(-1)!.split(',');
      expect(good[heads[0]!.split(',').indexOf('crashed_hosts')]).toBe('3');
    });

    it('pages through all updates, none twice and none left out, while more arrive', async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      for (let page = 0; cursor !== null; page += 1) {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const answer: { updates: Array<Record<string, string>>; next_cursor: string | null } = await json(
          `/api/v1/updates?limit=2${query}`,
        );
        seen.push(...answer.updates.map((update) => `${update.update_channel} ${update.update_version}`));
        cursor = answer.next_cursor;
        await insert(api.db, 'updates', [action('shipped', 'newer', `v${page}`, shipped + days(20) + page)]);
        await insert(api.db, 'updates', [action('expanded', 'content', 'good', shipped + days(21))]);
      }
      expect(seen).toEqual([
        'content twin',
        'content bad',
        'content pulled',
        'driver:nv:a/b.sys 31.0 beta',
        'content good',
      ]);
    });

    it('tells what is under way: shipped, widened or taken within three days, and not stopped', async () => {
      const lately = shipped + days(30);
      await insert(api.db, 'updates', [
        action('shipped', 'content', 'fresh', lately),
        action('shipped', 'content', 'stopped', lately + 1),
        action('paused', 'content', 'stopped', lately + 2),
        action('shipped', 'content', 'old', lately - days(4)),
        action('expanded', 'content', 'pulled', lately - days(1)), // widened after it was withdrawn
        action('shipped', 'content', 'ahead', shipped + 1),
      ]);
      const [late] = install('content', 'twin', 1, lately - days(2));
      const [ahead] = install('content', 'ahead', 1, shipped + 6_000);
      await insert(api.db, 'installs', [
        { ...late, event_id: 'late', host_id: 'late' },
        { ...ahead, occurred_at: at(lately - days(1)) }, // by a clock that is ahead of its arrival
      ]);
      expect((await versionsOf('under_way=true&channel=content', 2)).sort()).toEqual(['fresh', 'pulled', 'twin']);
      expect(await versionsOf('under_way=true&channel=content&verdict=go')).toEqual(['pulled']);
    });
  });

  describe('incidents', () => {
    const changes = [
      incidentOn('content', 'w1', { opened_at: at(minutes(1)) }),
      incidentOn('content', 'w1', { opened_at: at(minutes(1)), sequence: 2, change: 'escalated', severity: 'sev2' }),
      incidentOn('other', 'w2', { opened_at: at(minutes(2)), state: 'mitigating', severity: 'sev3' }),
      incidentOn('other', 'w3', { opened_at: at(minutes(2)), state: 'resolved' }),
    ];
    const ids = async (query: string) => {
      const { incidents } = await json<{ incidents: Array<{ incident_id: string }> }>(`/api/v1/incidents?${query}`);
      return incidents.map((one) => one.incident_id).filter((id) => id.startsWith('inc-w'));
    };

    beforeAll(() => insertIncidents(api.db, [...changes, changes[0]!]));

    it('shows each incident once, in its latest state', async () => {
      expect(await ids('')).toEqual(['inc-w2', 'inc-w3', 'inc-w1']);
      expect(await ids('severity=sev2&severity=sev3')).toEqual(['inc-w2', 'inc-w1']);
      expect(await ids('state=resolved&channel=other')).toEqual(['inc-w3']);
    });

    it('tells the whole story of one', async () => {
      const { incident, changes: all } = await json<{ incident: object; changes: object[] }>(
        '/api/v1/incidents/inc-w1',
      );
      expect(incident).toEqual(changes[1]);
      expect(all).toEqual(changes.slice(0, 2));
    });

    it('pages through all, none twice and none left out', async () => {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page: { incidents: Array<{ incident_id: string }>; next_cursor: string | null } = await json(
          `/api/v1/incidents?limit=1${query}`,
        );
        seen.push(...page.incidents.map((one) => one.incident_id));
        cursor = page.next_cursor;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(6);
    });

    it('names the hosts that crashed after applying the suspect, page by page as CSV', async () => {
      await insertIncidents(api.db, [incidentOn('content', 'good', { incident_id: 'inc-hosts' })]);
      const lines: string[] = [];
      for (
        let path: string | undefined = '/api/v1/incidents/inc-hosts/hosts?format=csv&limit=2&state=crashing';
        path;
      ) {
        const answer: Response = await get(path);
        lines.push(...(await answer.text()).trimEnd().split('\r\n').slice(1));
        path = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      }
      expect(lines.map((line) => line.split(',').slice(0, 3).join(' '))).toEqual([
        'u-1 crashing org-1',
        'u-2 crashing org-2',
        'u-3 crashing org-3',
      ]);
      const { hosts } = await json<{ hosts: object[] }>('/api/v1/incidents/inc-hosts/hosts');
      expect(hosts[0]).toMatchObject({ host_id: 'u-1', crashes: 2, names_suspect: true, country: 'DE' });
      await insertIncidents(api.db, [
        incidentOn('content', 'good', { incident_id: 'inc-hosts', sequence: 2, state: 'resolved' }),
      ]);
    });
  });

  describe('problems', () => {
    it.each([
      ['/api/v1/aggregates?group_by=driver,colour', 'group_by'],
      ['/api/v1/aggregates?bucket=often', 'bucket'],
      ['/api/v1/aggregates?bucket=367d', 'bucket'],
      ['/api/v1/aggregates?since=yesterday', 'since'],
      ['/api/v1/aggregates?since=2024-07-19T04:00:00', 'since'],
      ['/api/v1/aggregates?since=2024-07-19T04:00:00Z&until=2024-07-19T04:00:00Z', 'until'],
      ['/api/v1/aggregates?bugcheck_code=0x1000000000', 'bugcheck_code'],
      ['/api/v1/aggregates?bugcheck_code=4294967296', 'bugcheck_code'],
      ['/api/v1/aggregates?limit=10001', 'limit'],
      ['/api/v1/aggregates?top=0', 'top'],
      ['/api/v1/aggregates?hosts=about', 'hosts'],
      ['/api/v1/aggregates?limit=1&limit=2', 'limit'],
      ['/api/v1/aggregates?format=xml', 'format'],
      ['/api/v1/aggregates?colour=red', 'colour'],
      ['/api/v1/updates?cursor=bm90aGluZw', 'cursor'],
      ['/api/v1/updates?verdict=maybe', 'verdict'],
      ['/api/v1/updates?under_way=yes', 'under_way'],
      [`/api/v1/updates?q=${'x'.repeat(201)}`, 'q'],
      ['/api/v1/incidents?state=lost', 'state'],
      ['/api/v1/incidents/x?y=1', 'y'],
      ['/api/v1/status?y=1', 'y'],
    ])('refuses %s and names %s', async (path, name) => {
      const answer = await get(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
      const problem = (await answer.json()) as {
        status: number;
        detail: string;
        instance: string;
        errors: Array<{ path: string }>;
      };
      expect(problem).toMatchObject({ status: 400, instance: path });
      expect(problem.errors.map((error) => error.path)).toEqual([name]);
      expect(problem.detail).toContain(name);
    });

    it.each([
      '/api/v1/updates/content/none',
      '/api/v1/incidents/none',
      '/api/v1/incidents/none/hosts',
      '/api/v2',
      '/none',
    ])('says that there is nothing at %s', async (path) => {
      const answer = await get(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      expect(await answer.json()).toMatchObject({ status: 404, instance: path });
    });

    it('only reads, and does not stumble over an address that cannot be decoded', async () => {
      const posted = await fetch(`${api.url}/api/v1/incidents`, { method: 'POST' });
      expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      const got = await get('/api/v1/incidents/inc-w1/resolve');
      expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
      expect((await get('/api/v1/updates/%zz/1')).status).toBe(400);
    });

    it('lets nothing run on its pages but their own files', async () => {
      const policy = (await get('/api/v1/status')).headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
    });
  });

  describe('its description', () => {
    interface Description {
      openapi: string;
      paths: Record<
        string,
        { get?: { responses: Record<string, { content: Record<string, { schema: { $ref: string } }> }> } }
      >;
      components: { schemas: Record<string, { examples?: unknown[] }> };
    }
    const schemaOf = (description: Description, ref: string) => {
      const text = JSON.stringify({ $ref: ref, $defs: description.components.schemas });
      return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
    };

    it('is OpenAPI 3.1, with examples that keep to their schemas', async () => {
      const description = await json<Description>('/api/openapi.json');
      expect(description.openapi).toMatch(/^3\.1\./);
      for (const [name, { examples = [] }] of Object.entries(description.components.schemas))
        for (const example of examples)
          expect([name, schemaOf(description, `#/components/schemas/${name}`).safeParse(example).error]).toEqual([
            name,
            undefined,
          ]);
      for (const methods of Object.values(description.paths))
        for (const operation of Object.values(methods))
          expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '503']));
    });

    it.each([
      ['/api/v1/aggregates', '/api/v1/aggregates?group_by=driver,bugcheck_code&bucket=1h'],
      ['/api/v1/updates', '/api/v1/updates'],
      ['/api/v1/updates/{channel}/{version}', '/api/v1/updates/content/pulled'],
      ['/api/v1/updates/{channel}/{version}/verdict', '/api/v1/updates/content/bad/verdict'],
      ['/api/v1/incidents', '/api/v1/incidents'],
      ['/api/v1/incidents/{id}', '/api/v1/incidents/inc-w1'],
      ['/api/v1/incidents/{id}/hosts', '/api/v1/incidents/inc-hosts/hosts'],
      ['/api/v1/status', '/api/v1/status'],
    ])('is kept by %s', async (path, address) => {
      const description = await json<Description>('/api/openapi.json');
      const { schema } = description.paths[path]!.get!.responses['200']!.content['application/json']!;
      expect(schemaOf(description, schema.$ref).safeParse(await json(address)).error).toBeUndefined();
      const failed = description.paths[path]!.get!.responses['400']!.content['application/problem+json']!;
      const problem: unknown = await (await get(`${address.split('?')[0]}?colour=red`)).json();
      expect(schemaOf(description, failed.schema.$ref).safeParse(problem).error).toBeUndefined();
    });
  });

  it('measures its questions', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/ringwatch_api_query_seconds_count\{question="aggregate-crashes",outcome="answered"\} \d+/);
  });

  it('says 503 and nothing of the inside while the store is away, and comes back with it', async () => {
    await api.clickhouse.kill();
    const answer = await get('/api/v1/aggregates');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    const text = await answer.text();
    expect(text).toContain('store_unavailable');
    expect(text).not.toMatch(/ECONN|127\.0\.0\.1|ClickHouse|stack/);
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
    await api.clickhouse.start();
    expect((await get('/readyz')).status).toBe(200);
    expect(await rowsOf('driver=nobody.sys')).toEqual([]);
  });
});
