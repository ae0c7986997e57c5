import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { incidentOn, insert, insertIncidents } from './api';

/** The morning of 19 July 2024 on 900 hosts, written straight into the tables: what the pages show is known to the digit. */
export const july = {
  channel: 'channel-file-291',
  version: 'C-00000291-00000000-00000032',
  shippedAt: '2024-07-19T04:09:00.000Z',
  withdrawnAt: '2024-07-19T05:27:00.000Z',
  hosts: 900,
  appliedHosts: 600,
  crashedHosts: 300,
  incidentId: 'inc-july',
};

const second = 1_000;
const minute = 60 * second;
const shipped = Date.parse(july.shippedAt);
const iso = (ms: number) => new Date(ms).toISOString();
const host = (n: number) => ({
  host_id: `host-${String(n).padStart(4, '0')}`,
  org_id: `org-${n % 23}`,
  country: ['US', 'DE', 'GB'][n % 3]!,
  os_build: '10.0.22631.3880',
});
const heard = (ms: number) => ({ occurred_at: iso(ms), received_at: iso(ms + second) });
const content = { update_channel: july.channel, update_version: july.version };

export async function fillWithJuly(db: ClickHouseClient): Promise<void> {
  const { channel } = july;
  await insert(db, 'updates', [
    {
      event_id: 'u1',
      ...heard(shipped - 50 * minute),
      action: 'shipped',
      update_channel: 'windows-update',
      update_version: 'KB5040442',
    },
    { event_id: 'u2', ...heard(shipped), action: 'shipped', ...content, driver: 'csagent.sys' },
    { event_id: 'u3', ...heard(Date.parse(july.withdrawnAt)), action: 'withdrawn', ...content, driver: 'csagent.sys' },
  ]);
  const all = Array.from({ length: july.hosts }, (_, n) => n);
  await insert(
    db,
    'heartbeats',
    all.map((n) => ({
      ...heard(shipped - 90 * minute + n * 10),
      ...host(n),
      booted_at: iso(shipped - 1_000 * minute),
      updates: [{ update_channel: channel, update_version: 'C-00000291-00000000-00000031' }],
    })),
  );
  const applied = all.slice(0, july.appliedHosts);
  const appliedAt = (n: number) => shipped + 30 * second + n * 3 * second;
  await insert(
    db,
    'installs',
    applied.map((n) => ({ event_id: `i${n}`, ...heard(appliedAt(n)), ...host(n), ...content, outcome: 'applied' })),
  );
  const stop = { bugcheck_code: 0x50, driver: 'csagent.sys', driver_version: '7.11.18110.0', ...content };
  const loops = applied.slice(0, july.crashedHosts).flatMap((n) => [0, 1, 2].map((turn) => ({ n, turn })));
  await insert(
    db,
    'bugchecks',
    loops.map(({ n, turn }) => ({
      event_id: `b${n}-${turn}`,
      ...heard(appliedAt(n) + 45 * second + turn * 4 * minute),
      ...host(n),
      ...stop,
    })),
  );
  const quiet = Array.from({ length: 120 }, (_, n) => ({
    event_id: `q${n}`,
    ...heard(shipped - 80 * minute + n * 85 * second),
    ...host(600 + n),
    bugcheck_code: 0xd1,
    driver: ['ntfs.sys', 'storport.sys'][n % 2]!,
    driver_version: '10.0',
  }));
  await insert(db, 'bugchecks', quiet);
  await insert(db, 'arrival_clocks', [
    { topic: 'bugchecks', source_partition: 0, closed_until: iso(shipped + 90 * minute) },
  ]);
}

/** The incident that the detector would have opened, escalated and seen mitigated. */
export async function openJulyIncident(db: ClickHouseClient): Promise<void> {
  const { channel, version, incidentId: incident_id } = july;
  const opened = incidentOn(channel, version, { incident_id });
  const grown = {
    ...opened.evidence,
    crashed_hosts: july.crashedHosts,
    observed: july.crashedHosts,
    exposed_hosts: july.appliedHosts,
  };
  const rival = { ...opened.suspect, update_channel: 'windows-update', update_version: 'KB5040442', confidence: 0.01 };
  await insertIncidents(db, [
    { ...opened, severity: 'sev2' },
    {
      ...opened,
      sequence: 2,
      change: 'mitigated',
      state: 'mitigating',
      detected_at: '2024-07-19T05:27:01.000Z',
      evidence: grown,
      other_suspects: [rival],
    },
  ]);
}

/** What the detector would have noted of hosts that beat no more: every tenth of those that applied it, without a crash. */
export async function noteSilences(db: ClickHouseClient): Promise<void> {
  const all = Array.from({ length: july.hosts }, (_, n) => n);
  const life = { noted_at: iso(shipped + 60 * minute), sample_level: 0, level: 0, beat_at: shipped - 60 * minute };
  await insert(
    db,
    'host_lives',
    all.map((n) => ({ ...life, ...host(n), intervals: [], newest_day: 0, hours: [] })),
  );
  const silent = all.slice(july.crashedHosts, july.appliedHosts).filter((n) => n % 5 === 0);
  await insert(
    db,
    'silences',
    silent.map((n) => {
      const appliedAt = shipped + 30 * second + n * 3 * second;
      return {
        ...host(n),
        noted_at: iso(appliedAt + 16 * minute),
        kind: '',
        last_sign_at: appliedAt + minute,
        pace_ms: 5 * minute,
        channels: [july.channel],
        applied: [{ ...content, applied_at: appliedAt }],
      };
    }),
  );
}

/** What the notifier and ingest would have noted on that morning: one message that arrived late, one that never did, one refused. */
export async function addOperations(db: ClickHouseClient): Promise<void> {
  const now = Date.now(); // the log of deliveries is kept for a time by the wall clock
  const told = { incident_id: july.incidentId, sequence: 1, duration_ms: 120, change: 'opened' };
  await insert(db, 'deliveries', [
    {
      ...told,
      receiver: 'ops-chat',
      attempt: 1,
      outcome: 'retry',
      status: 503,
      detail: 'busy',
      started_at: iso(now - 2 * minute),
    },
    {
      ...told,
      receiver: 'ops-chat',
      attempt: 2,
      outcome: 'delivered',
      status: 200,
      detail: '',
      started_at: iso(now - minute),
    },
    {
      ...told,
      receiver: 'pager',
      attempt: 1,
      outcome: 'rejected',
      status: 404,
      detail: 'no such key',
      started_at: iso(now - 2 * minute),
    },
  ]);
  await insert(db, 'dead_letters', [
    {
      source_topic: 'bugchecks',
      source_partition: 1,
      source_offset: 7,
      source_timestamp: iso(shipped),
      received_at: iso(shipped),
      reason: 'out_of_range',
      field: 'bugcheck_code',
      detail: 'bugcheck_code: wanted 32 unsigned bits, got "0x1000000009F"',
      key_base64: Buffer.from('host-0001').toString('base64'),
      payload_base64: Buffer.from('{"event_id":"e1"}').toString('base64'),
    },
  ]);
}

/** A hundred more updates, and crashes in every minute of the day before, by six drivers. */
export async function addBusyDay(db: ClickHouseClient): Promise<void> {
  const numbers = (size: number) => Array.from({ length: size }, (_, n) => n);
  const end = Date.parse(july.withdrawnAt);
  await insert(
    db,
    'updates',
    numbers(100).map((n) => ({
      event_id: `busy-u${n}`,
      ...heard(end - n * 14 * minute),
      action: 'shipped',
      update_channel: `channel-${n % 25}`,
      update_version: `1.${n}`,
    })),
  );
  await insert(
    db,
    'installs',
    numbers(100).flatMap((n) =>
      numbers(20).map((each) => ({
        event_id: `busy-i${n}-${each}`,
        ...heard(end - n * 14 * minute),
        ...host((n * 7 + each) % july.hosts),
        update_channel: `channel-${n % 25}`,
        update_version: `1.${n}`,
        outcome: 'applied',
      })),
    ),
  );
  await insert(
    db,
    'bugchecks',
    numbers(1_440 * 4).map((n) => ({
      event_id: `busy-b${n}`,
      ...heard(end - Math.floor(n / 4) * minute - 1),
      ...host((n * 13) % july.hosts),
      bugcheck_code: 0xd1,
      driver: `driver-${n % 6}.sys`,
      driver_version: '10.0',
    })),
  );
}
