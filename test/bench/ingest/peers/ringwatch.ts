import { join } from 'node:path';
import { freePort } from '@ringwatch/platform';
import type { Peer, Workplace, WorkingPeer } from '../peer';

const entry = join(__dirname, '..', '..', '..', '..', 'services', 'ingest', 'dist', 'main.js');

/** The built ingest, with the settings it comes with. */
export const ringwatch: Peer = {
  name: 'ringwatch',
  title: 'Ringwatch ingest',
  mustBeExact: true,
  stores: true,
  rollsUp: true,
  start: startIngest,
};

/** Starts the built ingest over a database; it is ready when its promise resolves, and has begun to read before that. */
export async function startIngest({ stand, database, groupId }: Omit<Workplace, 'db' | 'topic'>): Promise<WorkingPeer> {
  const service = await stand.runService({
    name: 'ingest',
    entry,
    port: await freePort(),
    env: {
      KAFKA_BROKERS: stand.platform.kafkaBrokers.join(),
      CLICKHOUSE_URL: stand.platform.clickhouseUrl,
      CLICKHOUSE_DATABASE: database,
      INGEST_GROUP_ID: groupId,
      LOG_LEVEL: 'warn',
    },
  });
  return {
    pid: service.pid,
    failed: service.exited.then(({ code }) => {
      throw new Error(`ingest ended with code ${code}: see ${stand.logFolder}/ingest.log`);
    }),
    stop: () => stand.stopService(service),
  };
}
