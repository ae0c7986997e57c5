import type { IncidentChange } from '@ringwatch/incident';
import type { Consumer, Kafka } from 'kafkajs';
import { WebhookReceiver } from '../../support/webhook-receiver';
import { now } from './outbreak';

/** When the opening of each incident was heard first (ms since 1970), by the suspect's channel; and at which tick it was decided. */
export interface Heard {
  inTopic: Map<string, { at: number; tick: number }>;
  byWebhook: Map<string, number>;
}

/** Hears incidents where programs do: in the topic, and by a signed webhook. */
export class Listeners {
  readonly heard: Heard = { inTopic: new Map(), byWebhook: new Map() };
  readonly receiver = new WebhookReceiver((change) => this.hearWebhook(change));
  private readonly consumer: Consumer;

  constructor(kafka: Kafka) {
    this.consumer = kafka.consumer({ groupId: 'bench-incidents', maxWaitTimeInMs: 1_000 });
  }

  /** Resolves when the topic is being read; gives the receiver's address. */
  async start(): Promise<string> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: 'incidents', fromBeginning: true });
    const joined = new Promise((resolve) => this.consumer.on(this.consumer.events.GROUP_JOIN, resolve));
    await this.consumer.run({
      eachMessage: async ({ message }) => this.hear(JSON.parse(String(message.value)) as IncidentChange),
    });
    await joined;
    return this.receiver.listen();
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
    await this.receiver.close();
  }

  private hear({ change, suspect, detected_at }: IncidentChange): void {
    const { inTopic } = this.heard;
    if (change !== 'opened' || inTopic.has(suspect.update_channel)) return;
    inTopic.set(suspect.update_channel, { at: now(), tick: Date.parse(detected_at) });
  }

  private hearWebhook({ change, suspect }: IncidentChange): void {
    const { byWebhook } = this.heard;
    if (change === 'opened' && !byWebhook.has(suspect.update_channel)) byWebhook.set(suspect.update_channel, now());
  }
}
