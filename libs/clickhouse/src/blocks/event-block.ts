import { type InputEvents, type InputTopic, isRefusal, judgeMessage } from '@ringwatch/inputs';
import type { ObjectScanner, Refusal } from '@ringwatch/message';
import type { Column } from '../native/column';
import { nativeBlock } from '../native/native-block';
import { Uint32Column, Wide64Column } from '../native/number-columns';
import { DictionaryColumn, StringColumn } from '../native/text-columns';
import { FieldWriter, storable } from './field-writer';

/** A message where it lies in the bytes that came from Kafka; `valueStart` is -1 for a null value. */
export interface MessageInBytes {
  bytes: Uint8Array;
  valueStart: number;
  valueEnd: number;
  /** The record's timestamp, milliseconds since 1970 UTC. */
  timestamp: number;
}

/** When an event arrived (ms since 1970 UTC) and where in its topic it stands. */
export interface Place {
  receivedAt: number;
  partition: number;
  offset: number;
}

/** Knows which hosts and organisations were erased; an id that an event does not have is undefined. */
export interface ErasedIds {
  isEmpty: boolean;
  covers(event: object, recordTimestamp: number): boolean;
  coversIds(hostId: string | undefined, orgId: string | undefined, recordTimestamp: number): boolean;
}

/** An instant of an event id's table: `DateTime64(3, 'UTC')`. */
export const instantColumn = () => new Wide64Column("DateTime64(3, 'UTC')");

/**
 * Rows of one input table, built from messages as they come and sent to ClickHouse as one block. What a message says is
 * judged on its bytes where the plain form allows; whatever is not plain is judged by `judgeMessage`, which is slower and
 * knows every case. Both come to the same rows and the same refusals.
 */
export abstract class EventBlock<Topic extends InputTopic> {
  rows = 0;
  /** How many of the rows needed `judgeMessage`. */
  slowRows = 0;
  protected readonly fields: FieldWriter;
  /** Which of the scanned members are the host and its organisation. */
  protected readonly owners: readonly [number, number] = [-1, -1];
  /** In the order in which they are written. */
  protected abstract readonly columns: Readonly<Record<string, Column>>;
  private readonly source = {
    received_at: instantColumn(),
    source_partition: new Uint32Column(),
    source_offset: new Wide64Column('UInt64'),
  };

  constructor(
    readonly topic: Topic,
    scanner: ObjectScanner,
  ) {
    this.fields = new FieldWriter(scanner);
  }

  /**
   * Adds the message's event as a row, or says why it is refused; one of an erased host or organisation leaves nothing.
   * Total: never throws on any bytes.
   */
  take(message: MessageInBytes, place: Place, erased?: ErasedIds): Refusal | 'erased' | undefined {
    if (this.fields.scanMessage(message.bytes, message.valueStart, message.valueEnd)) {
      if (this.write(message)) {
        if (!erased || erased.isEmpty || !this.isErased(message.timestamp, erased)) {
          this.place(place);
          return undefined;
        }
        this.dropRow();
        return 'erased';
      }
      this.dropRow();
    }
    const { bytes, valueStart, valueEnd, timestamp } = message;
    const value = valueStart < 0 ? null : bytes.subarray(valueStart, valueEnd);
    const verdict = judgeMessage(this.topic, { value, timestamp });
    if (isRefusal(verdict)) return verdict;
    if (erased?.covers(verdict, timestamp)) return 'erased';
    this.append(verdict);
    this.slowRows++;
    this.place(place);
    return undefined;
  }

  /** Adds an event that was judged elsewhere. */
  add(event: InputEvents[Topic], place: Place): void {
    this.append(event);
    this.place(place);
  }

  /** The block in Native format, as views of its memory: valid until the block is changed. */
  toNative(): Uint8Array[] {
    return nativeBlock({ ...this.columns, ...this.source }, this.rows);
  }

  /** Bytes of the rows, about. */
  size(): number {
    return [...Object.values(this.columns), ...Object.values(this.source)].reduce(
      (sum, column) => sum + column.size(),
      0,
    );
  }

  /** Forgets all rows and keeps the memory for the next ones. */
  clear(): void {
    this.rows = this.slowRows = 0;
    for (const column of [...Object.values(this.columns), ...Object.values(this.source)]) column.clear();
  }

  /** Writes the scanned message to the columns, in their order; false where it is not sure. */
  protected abstract write(message: MessageInBytes): boolean;

  /** Writes an event to all columns. */
  protected abstract append(event: InputEvents[Topic]): void;

  /** The starts of the hours of event time whose crashes the rows change, milliseconds since 1970 UTC. */
  changedHours(): number[] {
    return [];
  }

  /** Of the message that was just scanned. */
  private isErased(timestamp: number, erased: ErasedIds): boolean {
    const [host, org] = this.owners;
    return erased.coversIds(this.fields.textOf(host), this.fields.textOf(org), timestamp);
  }

  private dropRow(): void {
    let left = this.fields.written;
    for (const column of Object.values(this.columns)) {
      if (left-- === 0) break;
      column.drop();
    }
  }

  private place({ receivedAt, partition, offset }: Place): void {
    this.rows++;
    this.source.received_at.push(storable(receivedAt));
    this.source.source_partition.push(partition);
    this.source.source_offset.push(offset);
  }
}

/** Columns that several tables have. */
export const texts = () => new StringColumn();
export const words = () => new DictionaryColumn();
