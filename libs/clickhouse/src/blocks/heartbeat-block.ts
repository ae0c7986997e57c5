import { ObjectScanner, UNSURE, valueKind } from '@ringwatch/message';
import type { Heartbeat } from '@ringwatch/rollout';
import { ArrayColumn } from '../native/array-column';
import { EventBlock, MessageInBytes, instantColumn, texts, words } from './event-block';
import { FieldWriter, storable } from './field-writer';

const names = ['occurred_at', 'host_id', 'org_id', 'country', 'os_build', 'booted_at', 'updates'];
const runningNames = ['update_channel', 'update_version'];
const UPDATES = 6;

/** Rows of the table `heartbeats`. */
export class HeartbeatBlock extends EventBlock<'heartbeats'> {
  private readonly running = { channel: words(), version: words() };
  protected readonly columns = {
    occurred_at: instantColumn(),
    host_id: texts(),
    org_id: words(),
    country: words(),
    os_build: words(),
    booted_at: instantColumn(),
    updates: new ArrayColumn([this.running.channel, this.running.version], runningNames),
  };
  private readonly items = new FieldWriter(new ObjectScanner(runningNames));

  protected override readonly owners = [1, 2] as const;

  constructor() {
    super('heartbeats', new ObjectScanner(names));
  }

  protected write({ bytes, timestamp }: MessageInBytes): boolean {
    const { fields, columns } = this;
    return (
      fields.eventTime(columns.occurred_at, fields.instantOf(0), timestamp) &&
      fields.text(columns.host_id, 1, 1, 128) &&
      fields.word(columns.org_id, 2, 1, 128) &&
      fields.country(columns.country, 3) &&
      fields.word(columns.os_build, 4, 1, 64) &&
      fields.instant(columns.booted_at, 5) &&
      this.writeUpdates(bytes)
    );
  }

  protected append(event: Heartbeat): void {
    const { columns } = this;
    columns.occurred_at.push(storable(event.occurred_at));
    columns.host_id.pushText(event.host_id);
    for (const name of ['org_id', 'country', 'os_build'] as const) columns[name].pushText(event[name]);
    columns.booted_at.push(storable(event.booted_at));
    for (const update of event.updates) {
      this.running.channel.pushText(update.update_channel);
      this.running.version.pushText(update.update_version);
    }
    columns.updates.push(event.updates.length);
  }

  private writeUpdates(bytes: Uint8Array): boolean {
    const { kinds, starts, ends } = this.fields.scanner;
    const column = this.columns.updates;
    if (kinds[UPDATES] === valueKind.absent) column.push(0);
    else {
      if (kinds[UPDATES] !== valueKind.array) return false;
      const [start, end] = [starts[UPDATES] as number, ends[UPDATES] as number];
      const taken = this.items.writeItems(bytes, start, end, column.elements, this.writeItem);
      if (taken === UNSURE) return false;
      column.push(taken);
    }
    return this.fields.done();
  }

  private readonly writeItem = (): boolean =>
    this.items.channel(this.running.channel, 0, 0) && this.items.word(this.running.version, 1, 0, 64);
}
