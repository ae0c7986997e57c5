import type { Crash } from '../evidence';

/** The chain of a host without a crash. */
export const NO_CRASH = 2 ** 32 - 1;

/** What a row has among its numbers, and where: the next older row of its chain, its failure, its texts. */
const column = {
  ...{ older: 0, failure: 1 },
  ...{ orgId: 2, country: 3, osBuild: 4, stratumCountry: 5, stratumOsBuild: 6 },
  ...{ driver: 7, driverVersion: 8, channel: 9 },
} as const;
const COLUMNS = Object.keys(column).length;

type TextField = Exclude<keyof typeof column, 'older' | 'failure'>;
const textFields = Object.keys(column).slice(2) as TextField[];

const FIRST_ROWS = 1024;

type Failure = Pick<Crash, 'stopCode' | 'signature'>;

/**
 * Crashes as rows of numbers. There may be millions, and as objects they would keep the collector of garbage busy for seconds.
 * The crashes of one host are a chain, told by its newest row: from the newest (event time) to the oldest. Of crashes that
 * happened at once the one with the larger id is newer, so that the order of arrival within a tick does not matter.
 */
export class KeptCrashes {
  /** When a row occurred and when it arrived (ms). */
  private times = new Float64Array(2 * FIRST_ROWS);
  private numbers = new Uint32Array(COLUMNS * FIRST_ROWS);
  private readonly eventIds: string[] = [];
  /** Of a free row none. */
  private readonly hostIds: string[] = [];
  private texts = new Dictionary<string>();
  private failures = new Dictionary<Failure>();
  /** Rows that were let go of, as a chain. */
  private free = NO_CRASH;

  /** Puts a crash into the chain of its host and gives the chain. */
  add(newest: number, crash: Crash): number {
    const row = this.write(crash);
    let [newer, older] = [NO_CRASH, newest];
    while (older !== NO_CRASH && this.isNewer(older, row)) [newer, older] = [older, this.number(older, 'older')];
    this.set(row, 'older', older);
    if (newer === NO_CRASH) return row;
    this.set(newer, 'older', row);
    return newest;
  }

  has(newest: number, eventId: string): boolean {
    for (let row = newest; row !== NO_CRASH; row = this.number(row, 'older'))
      if (this.eventIds[row] === eventId) return true;
    return false;
  }

  /** Lets go of what arrived before an instant (ms) and gives the chain of the rest. */
  forget(newest: number, receivedBefore: number): number {
    let [first, last] = [NO_CRASH, NO_CRASH];
    for (let row = newest, older; row !== NO_CRASH; row = older) {
      older = this.number(row, 'older');
      if (this.receivedAt(row) < receivedBefore) this.letGo(row);
      else if (last === NO_CRASH) first = last = row;
      else {
        this.set(last, 'older', row);
        last = row;
      }
    }
    if (last !== NO_CRASH) this.set(last, 'older', NO_CRASH);
    return first;
  }

  /** Lets go of texts that no crash has any more, once they are more than crashes: a fleet may name a new driver in each. */
  forgetWords(): void {
    const rows = this.rows();
    if (this.wordCount <= rows.length) return;
    const { texts, failures } = this;
    this.texts = new Dictionary();
    this.failures = new Dictionary();
    for (const row of rows) {
      this.addFailure(row, failures.at(this.number(row, 'failure')));
      for (const field of textFields) this.addText(row, field, texts.at(this.number(row, field)));
    }
  }

  /** How many texts and failures are kept. */
  get wordCount(): number {
    return this.texts.size + this.failures.size;
  }

  /** Crashes of a chain that did not occur before an instant (ms), in order of event time. */
  since(newest: number, occurredSince: number): Crash[] {
    const crashes: Crash[] = [];
    for (let row = newest; row !== NO_CRASH && this.occurredAt(row) >= occurredSince; row = this.number(row, 'older'))
      crashes.push(this.at(row));
    return crashes.reverse();
  }

  /** The first of them by one driver. */
  firstSince(newest: number, occurredSince: number, driver: string): Crash | undefined {
    const wanted = this.texts.idOf(driver);
    let first = NO_CRASH;
    for (let row = newest; row !== NO_CRASH && this.occurredAt(row) >= occurredSince; row = this.number(row, 'older'))
      if (this.number(row, 'driver') === wanted) first = row;
    return first === NO_CRASH ? undefined : this.at(first);
  }

  /** Crashes whose driver had loaded content of this channel; in no order. */
  naming(channel: string): Crash[] {
    const wanted = this.texts.idOf(channel);
    if (wanted === undefined) return [];
    return this.rows()
      .filter((row) => this.number(row, 'channel') === wanted)
      .map((row) => this.at(row));
  }

  /** All that are not free. */
  private rows(): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.hostIds.length; row++) if (this.hostIds[row] !== '') rows.push(row);
    return rows;
  }

  private at(row: number): Crash {
    return {
      eventId: this.eventIds[row]!,
      hostId: this.hostIds[row]!,
      orgId: this.text(row, 'orgId'),
      country: this.text(row, 'country'),
      osBuild: this.text(row, 'osBuild'),
      stratumCountry: this.text(row, 'stratumCountry'),
      stratumOsBuild: this.text(row, 'stratumOsBuild'),
      ...this.failures.at(this.number(row, 'failure')),
      driver: this.text(row, 'driver'),
      driverVersion: this.text(row, 'driverVersion'),
      channel: this.text(row, 'channel'),
      receivedAt: this.receivedAt(row),
      occurredAt: this.occurredAt(row),
    };
  }

  private write(crash: Crash): number {
    const row = this.takeRow();
    const { eventId, hostId, occurredAt, receivedAt } = crash;
    this.eventIds[row] = eventId;
    this.hostIds[row] = hostId;
    this.times[2 * row] = occurredAt;
    this.times[2 * row + 1] = receivedAt;
    this.addFailure(row, crash);
    for (const field of textFields) this.addText(row, field, crash[field]);
    return row;
  }

  /** The code is told as it came: a twin has the same text, but another rule made it. */
  private addFailure(row: number, { stopCode, signature }: Failure): void {
    const name = `${stopCode} ${signature.fineText}`;
    this.set(row, 'failure', this.failures.add(name, { stopCode, signature }));
  }

  private addText(row: number, field: TextField, text: string): void {
    this.set(row, field, this.texts.add(text, text));
  }

  private takeRow(): number {
    if (this.free !== NO_CRASH) {
      const row = this.free;
      this.free = this.number(row, 'older');
      return row;
    }
    const row = this.hostIds.length;
    if (2 * row === this.times.length) {
      this.times = withRoom(new Float64Array(2 * this.times.length), this.times);
      this.numbers = withRoom(new Uint32Array(2 * this.numbers.length), this.numbers);
    }
    return row;
  }

  private letGo(row: number): void {
    this.eventIds[row] = this.hostIds[row] = '';
    this.set(row, 'older', this.free);
    this.free = row;
  }

  private isNewer(row: number, other: number): boolean {
    const difference = this.occurredAt(row) - this.occurredAt(other);
    return difference > 0 || (difference === 0 && this.eventIds[row]! > this.eventIds[other]!);
  }

  private occurredAt(row: number): number {
    return this.times[2 * row]!;
  }

  private receivedAt(row: number): number {
    return this.times[2 * row + 1]!;
  }

  private text(row: number, field: TextField): string {
    return this.texts.at(this.number(row, field));
  }

  private number(row: number, name: keyof typeof column): number {
    return this.numbers[row * COLUMNS + column[name]]!;
  }

  private set(row: number, name: keyof typeof column, value: number): void {
    this.numbers[row * COLUMNS + column[name]] = value;
  }
}

function withRoom<Column extends Float64Array | Uint32Array>(larger: Column, column: Column): Column {
  larger.set(column);
  return larger;
}

/** Few values that many rows have: each is kept once and told by a number. */
class Dictionary<Value> {
  private readonly ids = new Map<string, number>();
  private readonly values: Value[] = [];

  get size(): number {
    return this.values.length;
  }

  add(name: string, value: Value): number {
    let id = this.ids.get(name);
    if (id === undefined) {
      this.ids.set(name, (id = this.values.length));
      this.values.push(value);
    }
    return id;
  }

  idOf(name: string): number | undefined {
    return this.ids.get(name);
  }

  at(id: number): Value {
    return this.values[id]!;
  }
}
