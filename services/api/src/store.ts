import { type ClickHouseClient, missingTables } from '@ringwatch/clickhouse';
import { Problem } from './problem';
import { metrics } from './telemetry';

/** The tables that the api reads. */
const tables = [
  'applied_updates',
  'arrival_clocks',
  'bugchecks',
  'channel_hosts',
  'changed_hours',
  'crashes_per_5_minutes',
  'crashes_per_hour',
  'heartbeats',
  'hosts',
  'incidents',
  'installs',
  'rolled_hours',
  'updates',
];

/** Asks ClickHouse on behalf of a request: measures it, and turns every failure into one that tells nothing of the inside. */
export class Store {
  constructor(private readonly db: ClickHouseClient) {}

  async ask<Answer>(question: string, read: (db: ClickHouseClient) => Promise<Answer>): Promise<Answer> {
    const stop = metrics.querySeconds.startTimer({ question });
    try {
      const answer = await read(this.db);
      stop({ outcome: 'answered' });
      return answer;
    } catch (cause) {
      stop({ outcome: 'failed' });
      throw new Problem('store_unavailable', 'the store did not answer this question in time; try again', { cause });
    }
  }

  /** @throws Error that says what is missing: shown by `/readyz`. */
  async requireReady(): Promise<void> {
    const missing = await missingTables(this.db, tables).catch((cause: unknown) => {
      throw new Error('ClickHouse does not answer', { cause });
    });
    if (missing.length > 0) throw new Error(`the schema is not there yet: ${missing.join(', ')}`);
  }

  /** Nest calls it when the service ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.db.close();
  }
}
