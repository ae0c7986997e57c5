import type { Bugcheck, RecentUpdate } from '@ringwatch/bugcheck';
import * as message from '@ringwatch/message';
import { ObjectScanner, UnsignedAt } from '@ringwatch/message';
import { ArrayColumn } from '../native/array-column';
import { NullableColumn, Uint32Column, Wide64Column } from '../native/number-columns';
import { EventBlock, MessageInBytes, instantColumn, texts, words } from './event-block';
import { FieldWriter, storable } from './field-writer';

/** Local, as in FieldWriter. */
const { UNSURE, skipSpace, valueKind } = message;
const names = [
  'event_id',
  'occurred_at',
  'host_id',
  'org_id',
  'country',
  'os_build',
  'bugcheck_code',
  'bugcheck_parameters',
  'driver',
  'driver_version',
  'update_channel',
  'update_version',
  'fault_offset',
  'uptime_seconds',
  'recent_updates',
];
const recentNames = ['update_channel', 'update_version', 'applied_at'];
const PARAMETERS = 7;
const RECENT_UPDATES = 14;
const MOST_RECENT_UPDATES = 32;
const HOUR_MS = 3_600_000;

/** Rows of the table `bugchecks`. */
export class BugcheckBlock extends EventBlock<'bugchecks'> {
  private readonly parameters = new Wide64Column('UInt64');
  private readonly recent = { channel: words(), version: words(), appliedAt: instantColumn() };
  protected readonly columns = {
    event_id: texts(),
    occurred_at: instantColumn(),
    host_id: texts(),
    org_id: words(),
    country: words(),
    os_build: words(),
    bugcheck_code: new Uint32Column(),
    bugcheck_parameters: new ArrayColumn([this.parameters]),
    driver: words(),
    driver_version: words(),
    update_channel: words(),
    update_version: words(),
    fault_offset: new NullableColumn(new Wide64Column('UInt64')),
    uptime_seconds: new NullableColumn(new Wide64Column('UInt64')),
    recent_updates: new ArrayColumn([this.recent.channel, this.recent.version, this.recent.appliedAt], recentNames),
  };
  private readonly items = new FieldWriter(new ObjectScanner(recentNames));
  private readonly unsigned = new UnsignedAt();
  private readonly hours = new Set<number>();
  private lastHour = -1;

  protected override readonly owners = [2, 3] as const;

  constructor() {
    super('bugchecks', new ObjectScanner(names));
  }

  override changedHours(): number[] {
    return [...this.hours].map((hour) => hour * HOUR_MS);
  }

  override clear(): void {
    super.clear();
    this.hours.clear();
    this.lastHour = -1;
  }

  protected write({ bytes, timestamp }: MessageInBytes): boolean {
    const { fields, columns } = this;
    const occurredAt = fields.instantOf(1);
    return (
      fields.eventId(columns.event_id, 0) &&
      fields.eventTime(columns.occurred_at, occurredAt, timestamp) &&
      fields.text(columns.host_id, 2, 1, 128) &&
      fields.word(columns.org_id, 3, 1, 128) &&
      fields.country(columns.country, 4) &&
      fields.word(columns.os_build, 5, 1, 64) &&
      fields.unsigned32(columns.bugcheck_code, 6) &&
      this.writeParameters(bytes) &&
      fields.image(columns.driver, 8, 1, 128) &&
      fields.word(columns.driver_version, 9, 0, 64) &&
      fields.channel(columns.update_channel, 10, 0) &&
      fields.word(columns.update_version, 11, 0, 64) &&
      fields.optionalUnsigned(columns.fault_offset, 12, true) &&
      fields.optionalUnsigned(columns.uptime_seconds, 13, false) &&
      this.writeRecentUpdates(bytes) &&
      this.noteHour(occurredAt)
    );
  }

  protected append(event: Bugcheck): void {
    const { columns } = this;
    columns.event_id.pushText(event.event_id);
    columns.occurred_at.push(storable(event.occurred_at));
    columns.host_id.pushText(event.host_id);
    for (const name of [
      'org_id',
      'country',
      'os_build',
      'driver',
      'driver_version',
      'update_channel',
      'update_version',
    ] as const)
      columns[name].pushText(event[name]);
    columns.bugcheck_code.push(event.bugcheck_code);
    for (const parameter of event.bugcheck_parameters) this.parameters.pushBigint(parameter);
    columns.bugcheck_parameters.push(event.bugcheck_parameters.length);
    columns.fault_offset.push(event.fault_offset === null).pushBigint(event.fault_offset ?? 0n);
    columns.uptime_seconds.push(event.uptime_seconds === null).pushBigint(event.uptime_seconds ?? 0n);
    for (const update of event.recent_updates) this.appendRecentUpdate(update);
    columns.recent_updates.push(event.recent_updates.length);
    this.noteHour(event.occurred_at);
  }

  private appendRecentUpdate(update: RecentUpdate): void {
    this.recent.channel.pushText(update.update_channel);
    this.recent.version.pushText(update.update_version);
    this.recent.appliedAt.push(storable(update.applied_at));
  }

  /** Exactly four numbers: `["0x1", 2, …]`. */
  private writeParameters(bytes: Uint8Array): boolean {
    const { kinds, starts, ends } = this.fields.scanner;
    if (kinds[PARAMETERS] !== valueKind.array) return false;
    const end = (ends[PARAMETERS] as number) - 1;
    let at = skipSpace(bytes, (starts[PARAMETERS] as number) + 1, end);
    for (let taken = 0; taken < 4; taken++) {
      const next = this.parameter(bytes, at, end);
      if (next === UNSURE) {
        this.parameters.drop(taken);
        return false;
      }
      this.parameters.pushHalves(this.unsigned.high, this.unsigned.low);
      at = skipSpace(bytes, next, end);
      if (taken < 3 && at < end) at = skipSpace(bytes, at + 1, end);
    }
    if (at !== end) {
      this.parameters.drop(4);
      return false;
    }
    this.columns.bugcheck_parameters.push(4);
    return this.fields.done();
  }

  /** Reads the number at `at`, of an array that is known to be JSON; the index after it, or `UNSURE`. */
  private parameter(bytes: Uint8Array, at: number, end: number): number {
    const isText = bytes[at] === 0x22;
    const start = isText ? at + 1 : at;
    let last = start;
    while (last < end && bytes[last] !== 0x22 && bytes[last] !== 0x2c && (bytes[last] as number) > 0x20) last++;
    if (!isText) return this.unsigned.decimal(bytes, start, last) ? last : UNSURE;
    return bytes[last] === 0x22 && this.unsigned.hexadecimal(bytes, start, last) ? last + 1 : UNSURE;
  }

  private writeRecentUpdates(bytes: Uint8Array): boolean {
    const { kinds, starts, ends } = this.fields.scanner;
    const column = this.columns.recent_updates;
    if (kinds[RECENT_UPDATES] === valueKind.absent) column.push(0);
    else {
      if (kinds[RECENT_UPDATES] !== valueKind.array) return false;
      const [start, end] = [starts[RECENT_UPDATES] as number, ends[RECENT_UPDATES] as number];
      const taken = this.items.writeItems(bytes, start, end, column.elements, this.writeItem);
      if (taken === UNSURE) return false;
      column.push(taken);
      if (taken > MOST_RECENT_UPDATES) {
        column.drop();
        return false;
      }
    }
    return this.fields.done();
  }

  private readonly writeItem = (): boolean =>
    this.items.channel(this.recent.channel, 0, 0) &&
    this.items.word(this.recent.version, 1, 0, 64) &&
    this.items.instant(this.recent.appliedAt, 2);

  private noteHour(occurredAt: number): true {
    const hour = Math.floor(storable(occurredAt) / HOUR_MS);
    if (hour !== this.lastHour) this.hours.add((this.lastHour = hour));
    return true;
  }
}
