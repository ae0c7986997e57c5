import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

/** How many events a producer sends, and how fast. */
export interface ProducerPlan {
  brokers: string[];
  events: number;
  perSecond: number;
}

const PARTITIONS = 4;
const AT_ONCE = 250;
const HOSTS = 20_000;
const RETRY_AFTER_MS = 200;

/** A producer as a customer would write it: it sends each event until it is acknowledged by two brokers, whatever comes between. */
export class SteadyProducer {
  acknowledged = 0;
  /** Requests that failed and were sent again: their events may stand twice in the log. */
  failed = 0;
  /** The longest time between two acknowledgements. */
  longestPauseMs = 0;
  private lastAt = Date.now();
  private readonly started = Date.now();

  constructor(private readonly plan: ProducerPlan) {}

  async run(): Promise<void> {
    const { brokers, events, perSecond } = this.plan;
    const kafka = new Kafka({ brokers, clientId: 'steady', logLevel: logLevel.NOTHING, retry: { retries: 1 } });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    this.lastAt = Date.now();
    for (let at = 0; at < events; at += AT_ONCE) {
      const due = this.started + (1_000 * at) / perSecond;
      if (Date.now() < due) await sleep(due - Date.now());
      const messages = Array.from({ length: Math.min(AT_ONCE, events - at) }, (_, each) => bugcheck(at + each));
      const partition = (at / AT_ONCE) % PARTITIONS;
      await this.untilAcknowledged(() =>
        producer.send({ topic: 'bugchecks', acks: -1, messages: messages.map((each) => ({ ...each, partition })) }),
      );
      this.acknowledged += messages.length;
    }
    await producer.disconnect();
  }

  private async untilAcknowledged(send: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await send();
        this.longestPauseMs = Math.max(this.longestPauseMs, Date.now() - this.lastAt);
        this.lastAt = Date.now();
        return;
      } catch {
        this.failed++;
        await sleep(RETRY_AFTER_MS);
      }
    }
  }
}

function bugcheck(number: number): { key: string; value: string } {
  const host = `host-${(number * 7919) % HOSTS}`;
  const value = {
    event_id: `steady-${number}`,
    occurred_at: new Date().toISOString(),
    host_id: host,
    org_id: `org-${number % 40}`,
    country: 'DE',
    os_build: '10.0.22631.3880',
    bugcheck_code: '0x50',
    bugcheck_parameters: ['0x9c', 0, '0xfffff80412345678', 0],
    driver: `driver-${number % 50}.sys`,
    driver_version: '1.2.3',
    update_channel: 'steady',
    update_version: '1',
  };
  return { key: host, value: JSON.stringify(value) };
}
