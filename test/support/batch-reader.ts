import { connectKafka, type IncomingMessage, KafkaBatchServer, type MessageBatch } from '@ringwatch/kafka';

type Options = ConstructorParameters<typeof KafkaBatchServer>[0];

/** A KafkaBatchServer without Nest around it, and what it was given and told. */
export class BatchReader {
  readonly messages: Array<{ partition: number; offset: number; value: string }> = [];
  readonly told = {
    gaps: [] as unknown[],
    retries: [] as unknown[],
    assigned: [] as unknown[],
    crashes: [] as string[],
  };
  readonly slow: string[] = [];
  private readonly server: KafkaBatchServer;

  /** `store` is the handler: until it resolves, a batch is not committed. */
  constructor(
    brokers: string[],
    private readonly topic: string,
    private readonly store: (batch: MessageBatch) => Promise<void> = async () => undefined,
    more: Partial<Options> = {},
  ) {
    this.server = new KafkaBatchServer({
      kafka: connectKafka({ brokers, clientId: 'batch-reader' }),
      groupId: `readers-of-${topic}`,
      onGap: (gap) => this.told.gaps.push(gap),
      onRetry: (_, retry) => this.told.retries.push(retry),
      onAssigned: (assignment) => this.told.assigned.push(assignment),
      onSlow: (reason) => this.slow.push(reason),
      onCrash: (error) => this.told.crashes.push(error.message),
      ...more,
    });
  }

  async start(): Promise<this> {
    const handle = (batch: MessageBatch) => this.take(batch);
    this.server.addHandler(this.topic, handle as never, true);
    await new Promise<void>((done, fail) => this.server.listen((error) => (error ? fail(error) : done())));
    return this;
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  /** What the handler has stored of a partition, in order. */
  valuesOf(partition: number): string[] {
    return this.messages.filter((message) => message.partition === partition).map(({ value }) => value);
  }

  private async take(batch: MessageBatch): Promise<void> {
    await this.store(batch);
    if (!batch.isCurrent()) return;
    const { partition } = batch;
    for (const message of batch.messages)
      this.messages.push({ partition, offset: message.offset, value: textOf(message) });
  }
}

function textOf({ value, bytes, valueStart, valueEnd }: IncomingMessage): string {
  const cut = valueStart < 0 ? null : bytes.toString('utf8', valueStart, valueEnd);
  if (cut !== (value === null ? null : value.toString())) throw new Error('a value is not where the message says');
  return String(cut);
}
