import { Queue } from './queue';
import { queueOf, type Waiting } from './waiting';

/**
 * All that waits for one receiver, by incident or other subject. A queue is there for as long as something waits in it or is on
 * its way; there may be thousands.
 */
export class Queues {
  private readonly byName = new Map<string, Queue>();
  private count = 0;

  /** The queue of this name, which is made where there is none. */
  of(name: string): Queue {
    const known = this.byName.get(name);
    if (known) return known;
    const made = new Queue(name);
    this.byName.set(name, made);
    return made;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  all(): Iterable<Queue> {
    return this.byName.values();
  }

  /** How many things wait or are on their way. */
  get size(): number {
    return this.count;
  }

  /** Puts something behind all that waits about the same. */
  add(item: Waiting): void {
    this.of(queueOf(item.content)).waiting.push(item);
    this.count++;
  }

  /** Nothing of this waits any more. */
  remove(queue: Queue, items: readonly Waiting[]): void {
    const left = queue.waiting.filter((item) => !items.includes(item));
    this.count -= queue.waiting.length - left.length;
    queue.waiting.splice(0, queue.waiting.length, ...left);
  }

  /**
   * Does something with queues kept: what was told of them meanwhile is remembered, although an answer of the table may not have
   * it yet.
   */
  async keeping<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const kept = names.map((name) => this.of(name));
    for (const queue of kept) queue.expecting++;
    try {
      return await work();
    } finally {
      for (const queue of kept) {
        queue.expecting--;
        this.leave(queue);
      }
    }
  }

  /** Forgets a queue in which nothing is. */
  leave(queue: Queue): void {
    if (queue.isEmpty) this.byName.delete(queue.name);
  }

  /** Drops what came with a batch that somebody else has now, or that is to be read again. */
  dropOutdated(): void {
    for (const queue of this.byName.values()) {
      if (queue.isInHand) continue;
      const outdated = queue.waiting.filter(({ batch }) => batch?.isCurrent() === false);
      this.remove(queue, outdated);
      for (const { batch, drop } of outdated)
        drop(new Error(`topic ${batch?.topic}: partition ${batch?.partition} was taken away`));
      this.leave(queue);
    }
  }
}
