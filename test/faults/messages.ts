import { Seeded } from './seeded';

/** A bugcheck as its row must read, in the order of the oracle's question; times in milliseconds, 64 bits as text. */
export interface ExpectedRow {
  event_id: string;
  occurred_at: number;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  bugcheck_code: number;
  bugcheck_parameters: string[];
  driver: string;
  driver_version: string;
  update_channel: string;
  update_version: string;
  fault_offset: string | null;
  uptime_seconds: string | null;
  recent_updates: string[][];
}

/** One message to send, and what must become of it. */
export interface Message {
  key: Buffer;
  value: Buffer | null;
  verdict: { row: ExpectedRow } | { reason: string };
}

/** Long ago, and the same in every run: the state must not depend on the day. */
const FIRST_DAY = Date.UTC(2024, 6, 19);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const drivers = ['csagent.sys', 'nvlddmkm.sys', 'unknown', 'tcpip.sys'];

/**
 * Makes messages of the topic bugchecks whose verdicts are known by how they are made: nothing of the product judges them.
 * The events lie in three months, so that one insert becomes several parts of the table, each of which can get lost alone.
 */
export class MessageMaker {
  private made = 0;

  constructor(
    private readonly random: Seeded,
    private readonly prefix: string,
  ) {}

  /** A bugcheck that must be stored. */
  event(): Message {
    const { random } = this;
    const number = ++this.made;
    const driver = random.pick(drivers);
    const row: ExpectedRow = {
      event_id: `${this.prefix}-${number}`,
      occurred_at:
        FIRST_DAY + 31 * DAY_MS * (random.chance(0.1) ? random.int(1, 2) : 0) + random.int(0, 2 * HOUR_MS - 1),
      host_id: `host-${random.int(1, 500)}`,
      org_id: `org-${random.int(1, 8)}`,
      country: random.pick(['US', 'DE', 'JP', 'ZZ']),
      os_build: '10.0.22631.3880',
      bugcheck_code: random.pick([0x50, 0x9f, 0xffff_ffff]),
      bugcheck_parameters: ['0', '18446744073709551615', '9007199254740993', String(number)],
      driver,
      driver_version: `7.${random.int(1, 3)}`,
      update_channel: random.pick(['', 'channel-file-291', `driver:${driver}`]),
      update_version: `v${random.int(1, 3)}`,
      fault_offset: random.chance(0.5) ? String(random.int(0, 2 ** 31)) : null,
      uptime_seconds: random.chance(0.5) ? String(random.int(0, 10_000)) : null,
      recent_updates: random.chance(0.3) ? [['channel-file-291', '31', String(FIRST_DAY)]] : [],
    };
    return this.spelled(row);
  }

  /** The same event once more, in one of the spellings that mean the same. */
  again(message: Message): Message {
    return 'row' in message.verdict ? this.spelled(message.verdict.row) : message;
  }

  /** A message that must be refused; no two have the same bytes. */
  bad(): Message {
    const { random } = this;
    const tag = `${this.prefix}-bad-${++this.made}`;
    const whole = JSON.parse(String(this.event().value)) as Record<string, unknown>;
    const [reason, value] = random.pick<[string, Buffer | null]>([
      ['not_json', Buffer.concat([Buffer.from(tag), Buffer.from([0xff, 0x00, 0x80, 0x0a])])],
      ['not_json', Buffer.from(`{"event_id": "${tag}"`)],
      ['not_json', null],
      ['not_object', Buffer.from(JSON.stringify([tag]))],
      ['missing_field', Buffer.from(JSON.stringify({ ...whole, event_id: tag, host_id: undefined }))],
      ['wrong_type', Buffer.from(JSON.stringify({ ...whole, event_id: tag, org_id: 7 }))],
      ['out_of_range', Buffer.from(JSON.stringify({ ...whole, event_id: tag, bugcheck_code: 2 ** 32 }))],
    ]);
    return { key: Buffer.from(tag), value, verdict: { reason } };
  }

  private spelled(row: ExpectedRow): Message {
    const { random } = this;
    const hour = new Date(row.occurred_at + HOUR_MS).toISOString().replace('Z', '+01:00');
    const text = JSON.stringify({
      ...row,
      occurred_at: random.chance(0.5) ? hour : new Date(row.occurred_at).toISOString(),
      bugcheck_code: random.chance(0.5) ? `0x${row.bugcheck_code.toString(16)}` : row.bugcheck_code,
      bugcheck_parameters: row.bugcheck_parameters.map((each) => `0x${BigInt(each).toString(16).toUpperCase()}`),
      driver: random.chance(0.3) ? row.driver.toUpperCase() : row.driver,
      fault_offset: row.fault_offset === null ? undefined : Number(row.fault_offset),
      uptime_seconds: row.uptime_seconds === null ? undefined : Number(row.uptime_seconds),
      recent_updates: row.recent_updates.map(([update_channel, update_version, at]) => ({
        update_channel,
        update_version,
        applied_at: new Date(Number(at)).toISOString(),
      })),
      newer_field: { copy: random.int(0, 2 ** 31) },
    });
    return { key: Buffer.from(row.host_id), value: Buffer.from(text), verdict: { row } };
  }
}
