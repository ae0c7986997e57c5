import type { Admin, Kafka } from 'kafkajs';

const ASK_EVERY_MS = 40;
/** A peer that has committed nothing new for so long will not do it any more. */
const GIVE_UP_AFTER_MS = 120_000;

/** How far consumer groups are, by the offsets that they have committed. */
export class Commits {
  private readonly admin: Admin;

  constructor(kafka: Kafka) {
    this.admin = kafka.admin();
  }

  connect(): Promise<void> {
    return this.admin.connect();
  }

  disconnect(): Promise<void> {
    return this.admin.disconnect();
  }

  /** Messages that the group has done with. */
  async done(groupId: string, topic: string): Promise<number> {
    const [answer] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    return (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }

  /** Resolves when the group has done with so many; throws when it stands still. `onProgress` hears each new count. */
  async untilDone(groupId: string, topic: string, messages: number, onProgress: (done: number) => void): Promise<void> {
    let before = 0;
    for (let movedAt = Date.now(); ; await new Promise((next) => setTimeout(next, ASK_EVERY_MS))) {
      const done = await this.done(groupId, topic);
      if (done >= messages) return;
      if (done !== before) movedAt = Date.now();
      before = done;
      onProgress(done);
      if (Date.now() - movedAt > GIVE_UP_AFTER_MS) throw new Error(`stands still at ${done} of ${messages} messages`);
    }
  }
}
