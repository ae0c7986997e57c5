import type { Commit } from './kafka-frames';

/** The points of a batch's way that can be seen from outside, in order. */
export const pointNames = [
  'parsed', // the insert of rows has left ingest, ClickHouse has nothing of it
  'raw-sent', // ClickHouse has the whole insert, ingest has no answer
  'raw-acked', // ClickHouse has answered, ingest does not know it
  'dead-sent', // as raw-sent, for the insert into dead_letters
  'dead-acked', // as raw-acked, for the insert into dead_letters
  'marked', // the hours of the rows are marked as changed, ingest does not know it
  'stored', // the commit has left ingest, Kafka has nothing of it
  'committed', // Kafka has answered the commit, ingest does not know it
  'rolling', // beside the batches: an hour is counted again, its counts are half there
] as const;
export type PointName = (typeof pointNames)[number];

/** A batch is at a point: what is passing through the harness's proxies right now, and waits there. */
export interface Moment {
  point: PointName;
  commit?: Commit;
  /** The error codes of Kafka's answer to a commit. */
  refusals?: number[];
  /** The HTTP status of ClickHouse's answer. */
  status?: number;
}

/** Gets every moment; what is held passes on when it resolves, unless it says that it must not. */
export type Watcher = (moment: Moment) => Promise<'pass' | 'drop'>;
