import { ObjectScanner } from '@ringwatch/message';
import type { UpdateAction } from '@ringwatch/rollout';
import { FractionColumn } from '../native/fraction-column';
import { EventBlock, instantColumn, texts, words } from './event-block';
import { storable } from './field-writer';

/** Rows of the table `updates`. A vendor's actions are few: each is judged by `judgeMessage`. */
export class UpdateBlock extends EventBlock<'updates'> {
  private readonly fractions = new FractionColumn();
  protected readonly columns = {
    event_id: texts(),
    occurred_at: instantColumn(),
    action: words(),
    update_channel: words(),
    update_version: texts(),
    driver: words(),
    replaces: texts(),
    ring: words(),
    target_fraction: this.fractions,
    vendor: words(),
    title: texts(),
    content_sha256: texts(),
  };

  constructor() {
    super('updates', new ObjectScanner(['event_id']));
  }

  protected write(): boolean {
    return false;
  }

  protected append(event: UpdateAction): void {
    const { occurred_at, target_fraction, ...texts } = this.columns;
    occurred_at.push(storable(event.occurred_at));
    target_fraction.push(event.target_fraction);
    for (const name of Object.keys(texts) as Array<keyof typeof texts>) texts[name].pushText(event[name]);
  }
}
