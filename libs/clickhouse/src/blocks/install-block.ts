import { ObjectScanner } from '@ringwatch/message';
import { type Install, installOutcomes } from '@ringwatch/rollout';
import { EventBlock, MessageInBytes, instantColumn, texts, words } from './event-block';
import { storable } from './field-writer';

const names = [
  'event_id',
  'occurred_at',
  'host_id',
  'org_id',
  'country',
  'os_build',
  'update_channel',
  'update_version',
  'outcome',
  'driver',
  'driver_version',
];
const outcomes = installOutcomes.map((word) => Buffer.from(word));

/** Rows of the table `installs`. */
export class InstallBlock extends EventBlock<'installs'> {
  protected readonly columns = {
    event_id: texts(),
    occurred_at: instantColumn(),
    host_id: texts(),
    org_id: words(),
    country: words(),
    os_build: words(),
    update_channel: words(),
    update_version: words(),
    outcome: words(),
    driver: words(),
    driver_version: words(),
  };

  protected override readonly owners = [2, 3] as const;

  constructor() {
    super('installs', new ObjectScanner(names));
  }

  protected write({ timestamp }: MessageInBytes): boolean {
    const { fields, columns } = this;
    return (
      fields.eventId(columns.event_id, 0) &&
      fields.eventTime(columns.occurred_at, fields.instantOf(1), timestamp) &&
      fields.text(columns.host_id, 2, 1, 128) &&
      fields.word(columns.org_id, 3, 1, 128) &&
      fields.country(columns.country, 4) &&
      fields.word(columns.os_build, 5, 1, 64) &&
      fields.channel(columns.update_channel, 6, 1) &&
      fields.word(columns.update_version, 7, 1, 64) &&
      fields.oneOf(columns.outcome, 8, outcomes) &&
      fields.optionalImage(columns.driver, 9, 128) &&
      fields.optionalWord(columns.driver_version, 10, 64)
    );
  }

  protected append(event: Install): void {
    const { event_id, occurred_at, host_id, ...texts } = this.columns;
    event_id.pushText(event.event_id);
    occurred_at.push(storable(event.occurred_at));
    host_id.pushText(event.host_id);
    for (const name of Object.keys(texts) as Array<keyof typeof texts>) texts[name].pushText(event[name]);
  }
}
