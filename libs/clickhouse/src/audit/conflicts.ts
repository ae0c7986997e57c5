import type { ClickHouseClient } from '@clickhouse/client';
import { type InputTopic, inputTopics, tableOf } from '@ringwatch/inputs';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';
import { tell } from '../tell';
import { addRawToStates } from './states';

/** An id (of heartbeats: a host) under which more than one content stands, and the event times there (ms since 1970 UTC). */
export interface ConflictingId {
  id: string;
  instants: number[];
}

const questions: Record<InputTopic, string> = {
  bugchecks: 'audit/conflicting-bugchecks',
  updates: 'audit/conflicting-updates',
  installs: 'audit/conflicting-installs',
  heartbeats: 'audit/conflicting-heartbeats',
  'incident-actions': 'audit/conflicting-incident-actions',
};

/**
 * Ids with more than one content among what was stored since `since` (seconds since 1970 UTC), at most `most` of them, in
 * one of `shares` portions of all ids: bounds the memory of the question.
 */
export function conflictingIds(
  db: ClickHouseClient,
  topic: InputTopic,
  part: { since: number; share: number; shares: number; most: number },
): Promise<ConflictingId[]> {
  return ask<ConflictingId>(db, questions[topic], part);
}

/** How many rows were stored since `since`, and the server's time; both in seconds since 1970 UTC. */
export async function storedSince(
  db: ClickHouseClient,
  topic: InputTopic,
  since: number,
): Promise<{ rows: number; now: number }> {
  const [row] = await ask<{ rows: number; now: number }>(db, 'audit/stored-since', { table: tableOf(topic), since });
  return row as { rows: number; now: number };
}

/** The loser of a conflict as it is noted until it is settled. Times are milliseconds since 1970 UTC. */
export interface Loser {
  topic: InputTopic;
  /** Empty for heartbeats. */
  eventId: string;
  /** Empty for what the vendor did. */
  hostId: string;
  orgId: string;
  occurredAt: number;
  receivedAt: number;
  /** 64 bits as decimal text. */
  contentHash: string;
  /** The updates whose states may rest on it. */
  updates: Array<{ channel: string; version: string }>;
}

/** Notes losers whose settlement begins. Their dead letters have to be durable by then. */
export async function openConflicts(db: ClickHouseClient, losers: readonly Loser[]): Promise<void> {
  const values = losers.map((loser) => ({
    topic: loser.topic,
    event_id: loser.eventId,
    host_id: loser.hostId,
    org_id: loser.orgId,
    occurred_at: toDateTime64(loser.occurredAt),
    received_at: toDateTime64(loser.receivedAt),
    content_hash: loser.contentHash,
    updates: loser.updates.map(({ channel, version }) => ({ update_channel: channel, update_version: version })),
    settled: 0,
  }));
  if (values.length > 0) await db.insert({ table: 'conflicts', values, format: 'JSONEachRow' });
}

interface OpenConflict {
  topic: InputTopic;
  host_id: string;
  occurred_at: number;
  channels: string[];
}

/** Ids in one statement: bounds its length. */
const IDS_AT_ONCE = 2_000;

/**
 * Finishes every open settlement: deletes the losers, takes back what rested on them, calls `markHours` with the event
 * times (ms since 1970 UTC) of the bugchecks among them, and only then closes. Each step can be repeated. Returns how many.
 */
export async function finishConflicts(
  db: ClickHouseClient,
  markHours: (instants: number[]) => Promise<void>,
): Promise<number> {
  const open = await ask<OpenConflict>(db, 'audit/open-conflicts', {});
  if (open.length === 0) return 0;
  const topics = new Set(open.map(({ topic }) => topic));
  for (const topic of inputTopics) {
    if (!topics.has(topic)) continue;
    if (topic === 'heartbeats') await tell(db, 'audit/delete-losing-heartbeats', {});
    else await tell(db, 'audit/delete-losing-events', { topic, table: tableOf(topic) });
  }
  if (topics.has('updates') || topics.has('installs') || topics.has('heartbeats')) await repairStates(db, open);
  const hours = open.filter(({ topic }) => topic === 'bugchecks').map(({ occurred_at }) => occurred_at);
  if (hours.length > 0) await markHours(hours);
  await tell(db, 'audit/close-conflicts', {});
  return open.length;
}

async function repairStates(db: ClickHouseClient, open: readonly OpenConflict[]): Promise<void> {
  await tell(db, 'audit/forget-losers-of-hosts', {});
  await tell(db, 'audit/forget-last-signs-of-losers', {});
  await tell(db, 'audit/forget-losers-of-channel-hosts', {});
  await tell(db, 'audit/forget-losers-of-applied-updates', {});
  await tell(db, 'audit/forget-losers-of-known-updates', {});
  const hosts = [...new Set(open.map(({ host_id }) => host_id).filter((host) => host !== ''))];
  const channels = [...new Set(open.flatMap((each) => each.channels))];
  for (let at = 0; at < hosts.length; at += IDS_AT_ONCE) {
    const ids = hosts.slice(at, at + IDS_AT_ONCE);
    for (const state of ['hosts', 'channel_hosts', 'applied_updates'] as const) await addRawToStates(db, state, ids);
  }
  for (let at = 0; at < channels.length; at += IDS_AT_ONCE)
    await addRawToStates(db, 'known_updates', channels.slice(at, at + IDS_AT_ONCE));
}
