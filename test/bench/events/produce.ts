import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { MadeUpBugchecks, type MadeUpSettings } from './made-up-bugchecks';

/** What one producing process is told (as JSON, its only argument). */
export interface ProduceSettings extends Omit<MadeUpSettings, 'partition'> {
  brokers: string[];
  topic: string;
  /** Those that this process fills, and how many messages each gets. */
  fill: number[];
  messagesPerPartition: number;
  /** HTTP address of the ClickHouse that is told the truth; without it nobody is. */
  truthUrl?: string;
}

/** Messages of one request, which become one record batch. */
const MESSAGES_AT_ONCE = 250;
const TRUTH_LINES_AT_ONCE = 50_000;

async function produce(settings: ProduceSettings): Promise<void> {
  const kafka = new Kafka({ brokers: settings.brokers, clientId: 'bench-producer', logLevel: logLevel.ERROR });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  // Side by side, so that one partition's messages are made while another's are on their way.
  await Promise.all(settings.fill.map((partition) => fill(partition)));
  await producer.disconnect();

  async function fill(partition: number): Promise<void> {
    const source = new MadeUpBugchecks({ ...settings, partition });
    const truth = new TruthWriter(settings.truthUrl);
    for (let offset = 0; offset < settings.messagesPerPartition;) {
      const messages: Message[] = [];
      const timestamp = String(Date.now());
      const end = Math.min(offset + MESSAGES_AT_ONCE, settings.messagesPerPartition);
      for (; offset < end; offset++) {
        const made = source.next();
        messages.push({ key: made.key, value: made.value, partition, timestamp });
        if (made.kind === 'new') truth.bugchecks.push(`${partition}\t${offset}\t${made.truth}\n`);
        if (made.kind === 'bad') truth.letters.push(`${partition}\t${offset}\t${made.reason}\n`);
      }
      await producer.send({ topic: settings.topic, messages, acks: 1 });
      if (truth.bugchecks.length >= TRUTH_LINES_AT_ONCE) await truth.flush();
      process.stdout.write(`sent ${messages.length}\n`);
    }
    await truth.flush();
  }
}

class TruthWriter {
  readonly bugchecks: string[] = [];
  readonly letters: string[] = [];
  private readonly addBugchecks = readFileSync(join(__dirname, 'add-bugchecks.sql'), 'utf8').trimEnd();

  constructor(private readonly url: string | undefined) {}

  async flush(): Promise<void> {
    await this.post(this.addBugchecks, this.bugchecks.splice(0));
    await this.post('INSERT INTO truth.dead_letters FORMAT TabSeparated', this.letters.splice(0));
  }

  private async post(query: string, lines: string[]): Promise<void> {
    if (!this.url || lines.length === 0) return;
    const answer = await fetch(`${this.url}/?query=${encodeURIComponent(query)}`, {
      method: 'POST',
      body: lines.join(''),
    });
    if (!answer.ok) throw new Error(`the truth could not be kept: ${await answer.text()}`);
  }
}

if (process.argv[3]) void produce(JSON.parse(process.argv[3]) as ProduceSettings);
