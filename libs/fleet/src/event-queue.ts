interface Entry<Item> {
  atMs: number;
  order: number;
  item: Item;
}

/** A binary heap by time; items of the same time leave in the order in which they came, so that runs repeat exactly. */
export class EventQueue<Item> {
  private readonly heap: Entry<Item>[] = [];
  private pushed = 0;

  /** Number of items that wait. */
  get size(): number {
    return this.heap.length;
  }

  /** Time of the earliest item; Infinity when there is none. */
  get nextAtMs(): number {
    return this.heap.length > 0 ? this.heap[0]!.atMs : Infinity;
  }

  /** Adds an item that falls due at `atMs`. */
  push(atMs: number, item: Item): void {
    const entry = { atMs, order: this.pushed++, item };
    let index = this.heap.length;
    this.heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.heap[parent]!)) break;
      this.heap[index] = this.heap[parent]!;
      index = parent;
    }
    this.heap[index] = entry;
  }

  /** Takes the earliest item; undefined when there is none. */
  pop(): Item | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.heap.length > 0) this.sink(last);
    return first.item;
  }

  private sink(entry: Entry<Item>): void {
    const heap = this.heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function before<Item>(left: Entry<Item>, right: Entry<Item>): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}
