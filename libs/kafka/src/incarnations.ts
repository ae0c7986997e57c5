import type { Cluster } from './kafkajs-internals';
import { readTopicIds } from './topic-ids';

/** Which incarnation of each topic is being read, as ids by topic: one that is deleted and made anew is another one. */
export class Incarnations {
  private cluster: Cluster | undefined;
  private known: ReadonlyMap<string, string> = new Map();

  /** Asks these brokers from now on. */
  askOf(cluster: Cluster): void {
    this.cluster = cluster;
  }

  /** The id that positions of this topic belong to; undefined when Kafka did not say. */
  of(topic: string): string | undefined {
    return this.known.get(topic);
  }

  /** What Kafka says now. */
  async ask(topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.cluster && topics.length > 0 ? readTopicIds(this.cluster, topics) : new Map();
  }

  /** From here on positions belong to these. */
  adopt(ids: ReadonlyMap<string, string>): void {
    this.known = new Map([...this.known, ...ids]);
  }

  /** Whether Kafka knows one of the topics under another id than we do. */
  async haveChanged(topics: readonly string[]): Promise<boolean> {
    const now = await this.ask(topics);
    return [...now].some(([topic, id]) => id !== this.known.get(topic));
  }
}
