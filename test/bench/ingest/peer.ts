import type { ClickHouseClient } from '@ringwatch/clickhouse';
import type { FilledTopic } from '../events/fill-topic';
import type { Stand } from '../stand/stand';

/** What a peer works on. Its database has Ringwatch's schema and is its own. */
export interface Workplace {
  stand: Stand;
  db: ClickHouseClient;
  database: string;
  topic: FilledTopic;
  /** Its consumer group: where its offsets are committed shows how far it is. */
  groupId: string;
}

/** A peer at work. */
export interface WorkingPeer {
  /** Its own process; none where it runs inside ClickHouse. */
  pid: number | undefined;
  /** What it says of itself, for the report (how many consumers really read). Asked once, while it works. */
  describe?(): Promise<string>;
  /** Rejects when its process ends by itself. */
  failed?: Promise<never>;
  stop(): Promise<void>;
}

/** One way from the topic into the tables. */
export interface Peer {
  name: string;
  title: string;
  /** Whether it has to give exactly the truth; the bench fails when it does not. */
  mustBeExact: boolean;
  /** Whether it fills the tables; a limit that only reads does not. */
  stores: boolean;
  /** Whether it keeps the rollups of crashes by itself; for the others the bench does, at their cost (rollups.ts). */
  rollsUp: boolean;
  /** Begins to read; the clock has started. */
  start(workplace: Workplace): Promise<WorkingPeer>;
}
