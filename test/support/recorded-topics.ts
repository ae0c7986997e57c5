import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics, tableOf } from '@ringwatch/inputs';
import { TopicEndReader, connectKafka } from '@ringwatch/kafka';
import { BatchReader } from './batch-reader';
import { eventually } from './stack';

/** All values that a topic holds, partition by partition. */
export async function valuesOf(brokers: string[], topic: string): Promise<string[]> {
  const ends = new TopicEndReader(connectKafka({ brokers, clientId: 'recorder' }));
  await ends.connect();
  const all = [...(await ends.endsOf(topic)).values()].reduce((sum, end) => sum + Number(end), 0);
  await ends.disconnect();
  const reader = await new BatchReader(brokers, topic).start();
  await eventually(
    async () => reader.messages.length,
    (read) => read >= all,
    60_000,
  );
  await reader.stop();
  return reader.messages.map(({ value }) => value);
}

/** Writes what the input topics hold as recorded files; each event arrives when it is stored to have arrived. */
export async function recordTopics(brokers: string[], db: ClickHouseClient, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const topic of inputTopics) {
    const received = await arrivals(db, topic);
    const lines = (await valuesOf(brokers, topic)).map((value) => {
      const event = JSON.parse(value) as Record<string, unknown>;
      const received_at = received.get(idOf(event));
      if (received_at === undefined) throw new Error(`${topic}: not stored: ${value}`);
      return `${value.slice(0, -1)},"received_at":"${received_at}"}\n`;
    });
    writeFileSync(join(folder, `${topic}.jsonl`), lines.join(''));
  }
}

function idOf(event: Record<string, unknown>): string {
  if (event['event_id'] !== undefined) return String(event['event_id']);
  return `${String(event['host_id'])} ${Date.parse(String(event['occurred_at']))}`;
}

async function arrivals(db: ClickHouseClient, topic: InputTopic): Promise<Map<string, string>> {
  const id =
    topic === 'heartbeats' ? "concat(host_id, ' ', toString(toUnixTimestamp64Milli(occurred_at)))" : 'event_id';
  const query = `SELECT ${id} AS id, toUnixTimestamp64Milli(min(received_at)) AS at FROM ${tableOf(topic)} GROUP BY id`;
  const rows = await (await db.query({ query, format: 'JSONEachRow' })).json<{ id: string; at: number }>();
  return new Map(rows.map(({ id: name, at }) => [name, new Date(at).toISOString()]));
}
