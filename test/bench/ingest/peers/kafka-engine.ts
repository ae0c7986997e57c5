import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, Workplace, WorkingPeer } from '../peer';

/** ClickHouse's own Kafka engine, as documented. */
export const engineJson: Peer = {
  name: 'engine-json',
  title: 'Kafka engine, JSONEachRow, 4 consumers',
  mustBeExact: false,
  stores: true,
  rollsUp: false,
  start: (workplace) => startEngine('engine-json.sql', workplace),
};

/** ClickHouse's own Kafka engine, as strong as we know how to make it. */
export const engineRaw: Peer = {
  name: 'engine-raw',
  title: 'Kafka engine, raw strings, one JSONExtract, 2 consumers',
  mustBeExact: false,
  stores: true,
  rollsUp: false,
  start: (workplace) => startEngine('engine-raw.sql', workplace),
};

/** The last view to be made starts the reading. */
async function startEngine(file: string, { stand, db, database, topic, groupId }: Workplace): Promise<WorkingPeer> {
  const values: Record<string, string> = {
    brokers: stand.platform.kafkaBrokers.join(),
    group: groupId,
    topic: topic.topic,
  };
  const text = readFileSync(join(__dirname, file), 'utf8')
    .replace(/^--.*$/gm, '')
    .replace(/\$(\w+)/g, (_, name: string) => values[name] ?? '');
  for (const query of text.split(/;\s*$/m).filter((each) => each.trim() !== '')) {
    // It would refuse more consumers than there are cores.
    await db.command({ query, clickhouse_settings: { kafka_disable_num_consumers_limit: 1 } });
  }
  return {
    pid: undefined,
    describe: async () => {
      const query =
        'SELECT count() AS consumers, countIf(num_messages_read > 0) AS reading FROM system.kafka_consumers WHERE database = {database: String}';
      const answer = await db.query({ query, query_params: { database }, format: 'JSONEachRow' });
      const [row] = (await answer.json()) as [{ consumers: number; reading: number }];
      return `${row.reading} of ${row.consumers} consumers read`;
    },
    stop: () => db.command({ query: 'DROP TABLE queue SYNC' }).then(() => undefined),
  };
}
