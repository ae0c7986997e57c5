import { type ApiUnderTest, insert, startApiUnderTest } from '../support/api';

const start = Date.parse('2024-07-19T00:00:00.000Z');
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const told = (minutes: number) => ({ occurred_at: at(minutes), received_at: at(minutes) });
const where = (n: number) => ({
  host_id: `host-${n}`,
  org_id: `org-${n % 3}`,
  country: ['US', 'DE'][n % 2]!,
  os_build: '10.0.22631.3880',
});
const crash = (n: number, minutes: number, more: object = {}) => ({
  event_id: `c-${n}-${minutes}`,
  ...told(minutes),
  ...where(n),
  bugcheck_code: 0x50,
  bugcheck_parameters: ['18446735277616529408', '0', '7', '2'],
  driver: 'csagent.sys',
  driver_version: '7.11',
  update_channel: 'content',
  update_version: '32',
  ...more,
});
const install = (n: number, channel: string, version: string, minutes: number) => ({
  event_id: `i-${n}-${channel}-${version}`,
  ...told(minutes),
  ...where(n),
  update_channel: channel,
  update_version: version,
  outcome: 'applied',
});
const to = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('reads over real ClickHouse', () => {
  let api: ApiUnderTest;
  const json = async <Answer>(path: string): Promise<Answer> => {
    const answer = await fetch(`${api.url}/api/v1/${path}`);
    const body = (await answer.json()) as Answer;
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  /** Reads all pages; before each but the first, `meanwhile` happens. */
  const readAll = async <Row>(path: string, list: string, meanwhile: (page: number) => Promise<void>) => {
    const rows: Row[] = [];
    for (let cursor: string | null = '', page = 0; cursor !== null; page += 1) {
      if (page > 0) await meanwhile(page);
      const answer: Record<string, unknown> = await json(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      rows.push(...(answer[list] as Row[]));
      cursor = answer['next_cursor'] as string | null;
    }
    return rows;
  };

  beforeAll(async () => {
    api = await startApiUnderTest();
    const { db } = api;
    await insert(db, 'installs', [
      ...to(120).map((n) => install(n, 'content', '32', 10)),
      ...to(40).map((n) => install(n, 'content', '31', 1)),
      ...to(10).map((n) => install(n, 'driver:nv.sys', '31.0', 5)),
    ]);
    await insert(db, 'bugchecks', [
      ...[1, 2, 3].map((n) => crash(n, 20)),
      crash(3, 25, { bugcheck_code: 0x50, bugcheck_parameters: ['1', '2', '0', '0'] }), // the same host, otherwise
      crash(4, 5), // before it had it
      crash(500, 30), // never told to have it
      crash(6, 40, {
        update_version: '31',
        bugcheck_code: 0x1000007e,
        bugcheck_parameters: ['3221225477', '0', '0', '0'],
      }),
      crash(7, 41, {
        update_version: '31',
        bugcheck_code: 0x7e,
        bugcheck_parameters: ['18446744072635809797', '9', '0', '0'],
      }),
      crash(7, 42, { update_version: '31', bugcheck_code: 0x7e, bugcheck_parameters: ['3221225477', '9', '0', '0'] }),
      crash(8, 90, { driver: 'nv.sys', driver_version: '31.0', update_channel: '', update_version: '' }),
      crash(9, 90, { driver: 'nv.sys', driver_version: '31.0', update_channel: '', update_version: '' }),
      crash(9, 91, { driver: 'nv.sys', driver_version: '30.0', update_channel: '', update_version: '' }),
    ]);
  });
  afterAll(() => api.stop());

  describe('rates', () => {
    interface Rates {
      rows: Array<Record<string, unknown>>;
    }
    const rate = (exposed: number, crashed: number, per1000: number, low: number, high: number) => ({
      exposed_hosts: exposed,
      crashed_exposed_hosts: crashed,
      crashed_per_1000: per1000,
      crashed_per_1000_low: low,
      crashed_per_1000_high: high,
    });

    it('are hosts that crashed with what they had applied, with the exact interval', async () => {
      const { rows } = await json<Rates>('aggregates?group_by=update_channel,update_version&rates=true');
      const of = (version: string) => rows.find((row) => row['update_version'] === version);
      expect(of('32')).toMatchObject({ hosts: 5, ...rate(120, 3, 25, 5.186, 71.323) });
      expect(of('31')).toMatchObject({ hosts: 2, ...rate(40, 2, 50, 6.114, 169.197) });
      expect(of('')).toMatchObject({ exposed_hosts: 0, crashed_per_1000: null, crashed_per_1000_low: null });
    });

    it('are divided by the hosts of the same country', async () => {
      const { rows } = await json<Rates>(
        'aggregates?group_by=update_channel,update_version,country&update_version=32&rates=true',
      );
      expect(rows.map((row) => [row['country'], row['exposed_hosts'], row['crashed_exposed_hosts']]).sort()).toEqual([
        ['DE', 60, 2],
        ['US', 60, 1],
      ]);
    });

    it('are those of a driver where its build is the update', async () => {
      const { rows } = await json<Rates>('aggregates?group_by=driver,driver_version&driver=nv.sys&rates=true');
      expect(rows.map((row) => [row['driver_version'], row['exposed_hosts'], row['crashed_exposed_hosts']])).toEqual([
        ['31.0', 10, 2],
        ['30.0', 0, 0],
      ]);
      const csv = await fetch(`${api.url}/api/v1/aggregates?group_by=driver,driver_version&rates=true&format=csv`);
      expect((await csv.text()).split('\r\n')[0]).toBe(
        'driver,driver_version,crashes,hosts,exposed_hosts,crashed_exposed_hosts,crashed_per_1000,crashed_per_1000_low,crashed_per_1000_high',
      );
    });

    it('stand beside the curve of an update', async () => {
      const update = await json<{ curve: object[]; crashed_per_1000_low: number }>('updates/content/32?bucket=1h');
      expect(update).toMatchObject({ applied_hosts: 120, crashed_hosts: 7 });
      expect(update.curve).toMatchObject([
        { applied_hosts: 120, crashed_hosts: 5, crashed_per_1000: 41.667 },
        { applied_hosts: 120, crashed_hosts: 2, crashed_per_1000: 16.667 },
      ]);
    });

    it.each(['aggregates?group_by=driver&rates=true', 'aggregates?group_by=driver&others=true'])(
      'cannot be had by %s',
      async (path) => expect((await fetch(`${api.url}/api/v1/${path}`)).status).toBe(400),
    );
  });

  it('puts what is beside the largest together, host by host', async () => {
    const { rows } = await json<{ rows: object[] }>('aggregates?group_by=driver_version&top=1&others=true');
    expect(rows).toEqual([
      { driver_version: '7.11', crashes: 9, hosts: 7 },
      { crashes: 3, hosts: 2, other: true },
    ]);
    const hourly = await json<{ rows: object[] }>('aggregates?group_by=driver_version&top=1&others=true&bucket=1h');
    expect(hourly.rows).toEqual([
      { bucket_start: at(0), driver_version: '7.11', crashes: 9, hosts: 7 },
      { bucket_start: at(60), crashes: 3, hosts: 2, other: true },
    ]);
  });

  describe('signatures', () => {
    it('count crashes and hosts of each, also where one is told in several ways', async () => {
      const { signatures } = await json<{ signatures: Array<Record<string, unknown>> }>('signatures');
      expect(signatures.map((each) => [each['signature'], each['crashes'], each['hosts']])).toEqual([
        ['0x50 PAGE_FAULT_IN_NONPAGED_AREA | csagent.sys | read', 5, 5],
        ['0x50 PAGE_FAULT_IN_NONPAGED_AREA | nv.sys | read', 3, 2],
        ['0x7E SYSTEM_THREAD_EXCEPTION_NOT_HANDLED | csagent.sys | ACCESS_VIOLATION', 3, 2],
        ['0x50 PAGE_FAULT_IN_NONPAGED_AREA | csagent.sys | write', 1, 1],
      ]);
      expect(signatures[2]).toMatchObject({ first_crash_at: at(40), last_crash_at: at(42) });
    });

    it('show what they are made of and where they are seen', async () => {
      const text = '0x7E SYSTEM_THREAD_EXCEPTION_NOT_HANDLED | csagent.sys | ACCESS_VIOLATION';
      const one = await json<Record<string, unknown>>(`signatures/${encodeURIComponent(text)}`);
      expect(one).toMatchObject({
        crashes: 3,
        hosts: 2,
        stop_codes: ['0x0000007E', '0x1000007E'],
        updates: [{ update_channel: 'content', update_version: '31', crashes: 3, hosts: 2 }],
        driver_versions: [{ value: '7.11', crashes: 3, hosts: 2 }],
      });
      expect(one['parts']).toContainEqual({ name: 'driver', value: 'csagent.sys', rule: 'blamed_driver' });
    });

    it.each(['signatures/0x99', 'signatures/nonsense', 'drivers/none.sys'])('say that there is no %s', async (path) =>
      expect((await fetch(`${api.url}/api/v1/${path}`)).status).toBe(404),
    );
  });

  describe('drivers', () => {
    it('are listed, those of most hosts first', async () => {
      const { drivers } = await json<{ drivers: object[] }>('drivers');
      expect(drivers).toMatchObject([
        { driver: 'csagent.sys', crashes: 9, hosts: 7, versions: 1, updates: 2 },
        { driver: 'nv.sys', crashes: 3, hosts: 2, versions: 2, updates: 0, first_crash_at: at(90) },
      ]);
      expect(await json('drivers?limit=1&org_id=org-0')).toMatchObject({ truncated: true });
      expect(await json('drivers?hosts=exact')).toMatchObject({ drivers, hosts_are: 'exact' });
    });

    it('show their versions and what they had loaded, with rates', async () => {
      const nv = await json<Record<string, unknown>>('drivers/NV.sys?bucket=1h');
      expect(nv).toMatchObject({
        by_version: [
          { driver_version: '31.0', crashes: 2, hosts: 2, rate: { exposed_hosts: 10, crashed_per_1000: 200 } },
          { driver_version: '30.0', rate: { crashed_per_1000: null } },
        ],
        by_update: [],
        curve: [
          { bucket_start: at(60), driver_version: '31.0', crashes: 2, hosts: 2 },
          { bucket_start: at(60), driver_version: '30.0', crashes: 1, hosts: 1 },
        ],
      });
      const cs = await json<{ by_update: object[] }>('drivers/csagent.sys');
      expect(cs.by_update).toMatchObject([
        { update_version: '32', rate: { crashed_exposed_hosts: 3 } },
        { update_version: '31', rate: { crashed_exposed_hosts: 2 } },
      ]);
    });
  });

  describe('pages', () => {
    /** The log is kept for 90 days. */
    const today = Date.now() - 86_400_000;
    const recently = (minutes: number) => new Date(today + minutes * 60_000).toISOString();
    const delivery = (n: number, minutes: number) => ({
      receiver: `chat-${n % 2}`,
      incident_id: `inc-${n % 7}`,
      sequence: n,
      attempt: 1,
      outcome: n % 5 === 0 ? 'failed' : 'delivered',
      status: 200,
      detail: '',
      started_at: recently(minutes),
      duration_ms: 5,
    });
    const letter = (n: number, minutes: number) => ({
      source_topic: ['bugchecks', 'installs'][n % 2]!,
      source_partition: n % 4,
      source_offset: n,
      source_timestamp: at(minutes),
      received_at: at(minutes),
      reason: n % 3 === 0 ? 'not_json' : 'out_of_range',
      field: '',
      detail: 'd',
      payload: '{"a":1}',
    });

    beforeAll(async () => {
      // Many of one moment: the position in a page must tell them apart.
      await insert(
        api.db,
        'deliveries',
        to(2_000).map((n) => delivery(n, Math.floor(n / 50))),
      );
      await insert(
        api.db,
        'dead_letters',
        to(900).map((n) => letter(n, Math.floor(n / 30))),
      );
    });

    it('of deliveries neither repeat nor skip while rows arrive', async () => {
      const rows = await readAll<{ sequence: number; started_at: string }>(
        'deliveries?limit=137',
        'deliveries',
        async (page) =>
          insert(
            api.db,
            'deliveries',
            to(10).map((n) => delivery(10_000 + page * 10 + n, 100 + page)),
          ),
      );
      expect(rows.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(to(2_000));
      const times = rows.map(({ started_at }) => started_at);
      expect(times).toEqual([...times].sort().reverse());
      const failed = await json<{ deliveries: object[] }>('deliveries?outcome=failed&incident_id=inc-0&limit=1000');
      expect(failed.deliveries).toHaveLength(to(2_000).filter((n) => n % 35 === 0).length + 4); // and those that came meanwhile
    });

    it('of dead letters neither repeat nor skip while rows arrive, and count the reasons', async () => {
      const first = await json<{ reasons: Array<{ reason: string; letters: number }>; letters: object[] }>(
        'dead-letters?limit=1&until=2024-07-19T00:01:00Z',
      );
      expect(first.reasons.reduce((sum, { letters }) => sum + letters, 0)).toBe(30);
      expect(first.letters).toMatchObject([
        { topic: 'bugchecks', sample: expect.stringContaining('{'), redriven_at: null },
      ]);
      await insert(api.db, 'redriven_letters', [{ source_topic: 'bugchecks', source_partition: 0, source_offset: 0 }]);
      const rows = await readAll<{ offset: number; redriven_at: string | null }>(
        'dead-letters?limit=100',
        'letters',
        async (page) => insert(api.db, 'dead_letters', [letter(10_000 + page, 200 + page)]),
      );
      expect(rows.map(({ offset }) => offset).sort((a, b) => a - b)).toEqual(to(900));
      expect(rows.filter(({ redriven_at }) => redriven_at !== null)).toMatchObject([{ offset: 0 }]);
      const { letters } = await json<{ letters: object[] }>(
        'dead-letters?reason=not_json&topic=installs&limit=1000&until=2024-07-19T01:00:00Z',
      );
      expect(letters).toHaveLength(150);
    });
  });
});
