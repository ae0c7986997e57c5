import type { IncidentAction } from '@ringwatch/incident';
import { ObjectScanner } from '@ringwatch/message';
import { FractionColumn } from '../native/fraction-column';
import { NullableColumn } from '../native/number-columns';
import { EventBlock, instantColumn, texts, words } from './event-block';
import { storable } from './field-writer';

/** Rows of the table `incident_actions`. What people do is little: each is judged by `judgeMessage`. */
export class IncidentActionBlock extends EventBlock<'incident-actions'> {
  private readonly factors = new FractionColumn();
  protected readonly columns = {
    event_id: texts(),
    occurred_at: instantColumn(),
    incident_id: texts(),
    action: words(),
    actor: texts(),
    assignee: texts(),
    muted_until: new NullableColumn(instantColumn()),
    muted_factor: this.factors,
    text: texts(),
  };

  constructor() {
    super('incident-actions', new ObjectScanner(['event_id']));
  }

  protected write(): boolean {
    return false;
  }

  protected append(event: IncidentAction): void {
    const { occurred_at, muted_until, muted_factor, ...texts } = this.columns;
    occurred_at.push(storable(event.occurred_at));
    muted_until.push(event.muted_until === null).push(storable(event.muted_until ?? 0));
    muted_factor.push(event.muted_factor);
    for (const name of Object.keys(texts) as Array<keyof typeof texts>) texts[name].pushText(event[name]);
  }
}
