import { RESUMED, type DeliveryRecord } from '@ringwatch/clickhouse';
import type { Receiver } from '@ringwatch/webhook';
import type { Clock } from '../clock';
import type { Telemetry } from '../telemetry';
import type { DeliveryLog } from './delivery-log';
import { settingsFingerprint } from './settings-fingerprint';

/**
 * Whether a receiver is spoken to at all. One that said it is gone for good (410) is not, over restarts too, until its settings
 * change or a person says so.
 */
export class Standing {
  readonly settings: string;
  private off = false;

  constructor(
    private readonly receiver: Receiver,
    private readonly parts: { log: DeliveryLog; clock: Clock; telemetry: Telemetry },
  ) {
    this.settings = settingsFingerprint(receiver);
  }

  get isOff(): boolean {
    return this.off;
  }

  /** Looks up how it was left. */
  async recall(): Promise<void> {
    const last = await this.parts.log.standing(this.receiver.name);
    if (last?.outcome === 'gone' && last.settings === this.settings) this.switch(true);
  }

  switchOff(): void {
    this.switch(true);
  }

  /** A person says that it is to be spoken to again. */
  async resume(requestId: string): Promise<void> {
    this.switch(false);
    const detail = 'to be spoken to again';
    await this.parts.log.record([
      this.note({ incidentId: RESUMED, sequence: 0, requestId, outcome: 'resumed', detail }),
    ]);
  }

  /** A row of the delivery log for what is no attempt. */
  note(
    what: Pick<DeliveryRecord, 'incidentId' | 'sequence' | 'outcome' | 'detail'> & { requestId: string },
  ): DeliveryRecord {
    const startedAt = new Date(this.parts.clock.now());
    const { settings, receiver } = this;
    return {
      ...what,
      receiver: receiver.name,
      settings,
      change: '',
      attempt: 0,
      status: null,
      startedAt,
      durationMs: 0,
    };
  }

  private switch(isOff: boolean): void {
    this.off = isOff;
    this.parts.telemetry.standing(this.receiver.name, isOff);
  }
}
