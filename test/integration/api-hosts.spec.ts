import { countIncidentHosts } from '@ringwatch/clickhouse';
import { type ApiUnderTest, incidentOn, insert, insertIncidents, startApiUnderTest } from '../support/api';

const start = Date.parse('2024-07-19T04:00:00.000Z');
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const update = { update_channel: 'content', update_version: 'bad' };
const now = 240;

/** What becomes of a host: heartbeats at these minutes, the update at this one, another update and crashes at these. */
interface Life {
  host: string;
  beats: number[];
  applied?: number;
  other?: number;
  crashes?: number[];
  state: 'crashing' | 'silent' | 'back' | undefined;
}
const everyMinute = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

const lives: Life[] = [
  { host: 'a-loops', beats: everyMinute(0, 60), applied: 60, crashes: [61, 64, 68, 239], state: 'crashing' },
  {
    host: 'b-loops-and-beats',
    beats: [...everyMinute(0, 60), 237.5],
    applied: 60,
    crashes: [61, 237],
    state: 'crashing',
  },
  { host: 'c-crashed-once', beats: everyMinute(0, 60), applied: 60, crashes: [61], state: 'crashing' },
  {
    host: 'd-repaired',
    beats: [...everyMinute(0, 60), ...everyMinute(150, now)],
    applied: 60,
    crashes: [61, 140],
    state: 'back',
  },
  { host: 'e-never-reported', beats: everyMinute(0, 60), applied: 60, state: 'silent' },
  { host: 'f-healthy', beats: everyMinute(0, now), applied: 60, state: undefined },
  { host: 'g-slow-but-well', beats: [0, 120], applied: 60, state: undefined },
  { host: 'h-without', beats: everyMinute(0, 60), crashes: [70], state: undefined },
  { host: 'i-crashed-before', beats: everyMinute(0, now), applied: 60, crashes: [50], state: undefined },
  { host: 'j-does-not-beat', beats: [], applied: 60, state: undefined },
  {
    host: 'k-was-silent',
    beats: [...everyMinute(0, 60), ...everyMinute(150, now)],
    applied: 60,
    state: 'back',
  },
  { host: 'l-beat-once', beats: [...everyMinute(0, 60), 150], applied: 60, state: 'silent' },
  { host: 'm-restarted', beats: [...everyMinute(0, 60), ...everyMinute(74, now)], applied: 60, state: undefined },
  { host: 'n-slow-and-late', beats: [0, 60, 151], applied: 62, state: undefined },
  { host: 'o-slow-and-silent', beats: [0, 60, 153], applied: 62, state: 'back' },
  {
    host: 'p-took-another',
    beats: [...everyMinute(0, 60), ...everyMinute(88, now)],
    applied: 60,
    other: 74,
    state: undefined,
  },
  {
    host: 'q-slept-before',
    beats: [...everyMinute(0, 20), ...everyMinute(50, 60), ...everyMinute(90, now)],
    applied: 60,
    state: undefined,
  },
];
const where = (host: string) => ({
  host_id: host,
  org_id: `org-${host[0]}`,
  country: host < 'c' ? 'DE' : 'US',
  os_build: '10.0',
});

describe('who is down', () => {
  let api: ApiUnderTest;
  const get = async <Answer>(query: string) => {
    const answer = await fetch(`${api.url}/api/v1/incidents/inc-bad/hosts?${query}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Answer;
  };
  interface Hosts {
    hosts: Array<Record<string, unknown> & { host_id: string; state: string }>;
    counts: Record<string, number> | null;
    as_of: string;
    returns_from: string;
    next_cursor: string | null;
  }
  const told = (minutes: number) => ({ occurred_at: at(minutes), received_at: at(minutes) });

  beforeAll(async () => {
    api = await startApiUnderTest();
    const beats = lives.flatMap(({ host, beats }) =>
      beats.map((minute) => ({ ...told(minute), ...where(host), booted_at: at(-60), updates: [] })),
    );
    await insert(api.db, 'heartbeats', [...beats, { ...told(now), ...where('z'), booted_at: at(-60), updates: [] }]);
    const applied = lives.filter((life) => life.applied !== undefined);
    await insert(
      api.db,
      'installs',
      applied.map(({ host, applied }) => ({
        event_id: `i-${host}`,
        ...told(applied!),
        ...where(host),
        ...update,
        outcome: 'applied',
      })),
    );
    await insert(
      api.db,
      'installs',
      lives
        .filter(({ other }) => other !== undefined)
        .map(({ host, other }) => ({
          event_id: `o-${host}`,
          ...told(other!),
          ...where(host),
          update_channel: 'other',
          update_version: '1',
          outcome: 'applied',
        })),
    );
    const crashes = lives.flatMap(({ host, crashes = [] }) => crashes.map((minute) => ({ host, minute })));
    await insert(
      api.db,
      'bugchecks',
      crashes.map(({ host, minute }) => ({
        event_id: `${host}-${minute}`,
        ...told(minute),
        ...where(host),
        bugcheck_code: 0x50,
        driver: 'csagent.sys',
        driver_version: '7.11',
        ...(minute === 64 ? {} : update),
      })),
    );
    await insertIncidents(api.db, [incidentOn('content', 'bad')]);
  });
  afterAll(() => api.stop());

  it('tells each host its state, and leaves out who is well', async () => {
    const { hosts, counts, as_of, returns_from } = await get<Hosts>('');
    const wanted = lives.filter(({ state }) => state !== undefined).map(({ host, state }) => [host, state]);
    expect(hosts.map(({ host_id, state }) => [host_id, state])).toEqual(wanted);
    expect([counts, as_of, returns_from]).toEqual([{ crashing: 3, silent: 2, back: 3 }, at(now), 'heartbeats']);
    expect(hosts[0]).toMatchObject({
      org_id: 'org-a',
      country: 'DE',
      applied_at: at(60),
      first_crash_at: at(61),
      last_crash_at: at(239),
      crashes: 4,
      names_suspect: true,
      last_sign_at: at(60),
      last_seen_at: at(239),
    });
    const without = { crashes: 0, first_crash_at: null, last_crash_at: null };
    expect(hosts.find(({ host_id: id }) => id === 'e-never-reported')).toMatchObject({
      ...without,
      last_seen_at: at(60),
    });
    expect(hosts.find(({ host_id: id }) => id === 'k-was-silent')).toMatchObject({
      ...without,
      last_seen_at: at(now - 1),
    });
  });

  it.each([
    [
      'state=silent&state=back',
      ['d-repaired', 'e-never-reported', 'k-was-silent', 'l-beat-once', 'o-slow-and-silent'],
      { crashing: 3, silent: 2, back: 3 },
    ],
    ['org_id=org-a&org_id=org-e', ['a-loops', 'e-never-reported'], { crashing: 1, silent: 1, back: 0 }],
    ['country=de', ['a-loops', 'b-loops-and-beats'], { crashing: 2, silent: 0, back: 0 }],
    ['os_build=11', [], { crashing: 0, silent: 0, back: 0 }],
  ])('keeps to %s, and counts under the same filters', async (query, hosts, counts) => {
    const answer = await get<Hosts>(query);
    expect([answer.hosts.map(({ host_id }) => host_id), answer.counts]).toEqual([hosts, counts]);
  });

  it('tells of those that are back what the detector noted of its sample, where there are too many heartbeats', async () => {
    const asOf = new Date(start + now * 60_000);
    const count = () =>
      countIncidentHosts(api.db, { channel: 'content', version: 'bad' }, { asOf, returns: 'detector' });
    expect(await count()).toEqual({ crashing: 3, silent: 2, back: 2 });
    const note = (version: string) => ({
      ...where('k-was-silent'),
      noted_at: at(76),
      kind: '',
      last_sign_at: start + 60 * 60_000,
      pace_ms: 60_000,
      channels: ['content'],
      applied: [{ update_channel: 'content', update_version: version, applied_at: start + 60 * 60_000 }],
    });
    await insert(api.db, 'silences', [note('other')]);
    expect(await count()).toEqual({ crashing: 3, silent: 2, back: 2 });
    await insert(api.db, 'silences', [{ ...note('bad'), noted_at: at(77) }]);
    expect(await count()).toEqual({ crashing: 3, silent: 2, back: 3 });
  });

  it('goes on page by page, as JSON and as CSV, with the filters kept', async () => {
    const first = await get<Hosts>('limit=2&state=crashing');
    const second = await get<Hosts>(`limit=2&state=crashing&cursor=${first.next_cursor}`);
    expect([...first.hosts, ...second.hosts].map(({ host_id }) => host_id[0])).toEqual(['a', 'b', 'c']);
    expect([second.counts, second.next_cursor]).toEqual([null, null]);
    const lines: string[] = [];
    for (let path: string | undefined = '/api/v1/incidents/inc-bad/hosts?format=csv&limit=1&state=crashing'; path;) {
      const answer: Response = await fetch(`${api.url}${path}`);
      lines.push(...(await answer.text()).trimEnd().split('\r\n').slice(1));
      path = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(lines.map((line) => line.split(',').slice(0, 3).join(' '))).toEqual([
      'a-loops crashing org-a',
      'b-loops-and-beats crashing org-b',
      'c-crashed-once crashing org-c',
    ]);
  });

  it('draws how many of the sample fell silent after the update, once each, on the axis of its crashes', async () => {
    const note = (host: string, more: object = {}) => ({
      ...where(host),
      noted_at: at(180),
      sample_level: 0,
      level: 0,
      beat_at: start,
      intervals: [],
      newest_day: 0,
      hours: [],
      ...more,
    });
    const sample = lives.map(({ host }) => host).filter((host) => host !== 'f-healthy');
    await insert(api.db, 'host_lives', [
      ...sample.map((host) => note(host, host === 'j-does-not-beat' ? { beat_at: null } : {})),
      note('f-healthy', { noted_at: at(120) }), // in an older, larger sample
    ]);
    const silence = (host: string, minute: number, version = 'bad') => ({
      ...where(host),
      noted_at: at(minute + 15),
      kind: '',
      last_sign_at: start + minute * 60_000,
      pace_ms: 60_000,
      channels: ['content'],
      applied: [{ update_channel: 'content', update_version: version, applied_at: start + 60 * 60_000 }],
    });
    await insert(api.db, 'silences', [
      silence('e-never-reported', 60),
      silence('e-never-reported', 180),
      silence('f-healthy', 61),
      silence('g-slow-but-well', 62, 'other'),
      silence('m-restarted', 200),
      silence('q-slept-before', 60 + 15 * 1_440),
    ]);
    const answer = await fetch(`${api.url}/api/v1/updates/content/bad?bucket=1m`);
    const { curve } = (await answer.json()) as { curve: Array<Record<string, string | number>> };
    const points = [60, 62, 199, 200, 239].map((minute) => {
      const point = curve.find(({ bucket_start: from }) => from === at(minute))!;
      return [minute, point['applied_hosts'], point['sampled_hosts'], point['silent_hosts'], point['silent_per_1000']];
    });
    // k-was-silent was noted above.
    expect(points).toEqual([
      [60, 14, 12, 2, 2_000 / 12],
      [62, 16, 14, 2, 2_000 / 14],
      [199, 16, 14, 2, 2_000 / 14],
      [200, 16, 14, 3, 3_000 / 14],
      [239, 16, 14, 3, 3_000 / 14],
    ]);
    const other = await fetch(`${api.url}/api/v1/updates/other/1`);
    expect(await other.json()).toMatchObject({ curve: [{ sampled_hosts: 1, silent_hosts: 0, silent_per_1000: 0 }] });
  });
});
