import type { ServerResponse } from 'node:http';
import { type ClickHouseClient, missingTables, untilAborted } from '@ringwatch/clickhouse';
import type { ApiRequest } from './caller';
import { Problem } from './problem';
import { metrics } from './telemetry';

/** The tables that the api reads. */
const tables = [
  'api_audit',
  'api_keys',
  'applied_updates',
  'arrival_clocks',
  'bugchecks',
  'channel_hosts',
  'changed_hours',
  'crashes_per_5_minutes',
  'crashes_per_hour',
  'dead_letters',
  'deliveries',
  'heartbeats',
  'host_lives',
  'hosts',
  'incident_actions',
  'incidents',
  'installs',
  'judgements',
  'redriven_letters',
  'rolled_hours',
  'silences',
  'updates',
];

/** ClickHouse's codes for more rows, bytes or memory than a question may take. */
const tooCostly: ReadonlySet<string> = new Set(['158', '241', '307', '396']);

/** Asks ClickHouse on behalf of a request: measures it, and turns every failure into one that tells nothing of the inside. */
export class Store {
  /** `orgs`: whose data may be told; empty for all. `signal`: when nobody waits for answers any more. */
  constructor(
    private readonly db: ClickHouseClient,
    readonly orgs: readonly string[] = [],
    private readonly signal?: AbortSignal,
  ) {}

  /** The store as the caller of a request may see it. What is asked ends when the client hangs up. */
  for({ caller, res: reply }: ApiRequest): Store {
    const gone = new AbortController();
    reply?.once('close', () => {
      if (!reply.writableFinished) gone.abort();
    });
    const db = reply ? tellingAge(this.db, reply) : this.db;
    return new Store(untilAborted(db, gone.signal), caller.orgs, gone.signal);
  }

  async ask<Answer>(question: string, read: (db: ClickHouseClient) => Promise<Answer>): Promise<Answer> {
    const stop = metrics.querySeconds.startTimer({ question });
    try {
      const answer = await read(this.db);
      stop({ outcome: 'answered' });
      return answer;
    } catch (cause) {
      stop({ outcome: this.signal?.aborted ? 'given up' : 'failed' });
      if (this.signal?.aborted) throw new Problem('client_gone', 'the client has gone', { cause });
      if (tooCostly.has((cause as { code?: string }).code ?? ''))
        throw new Problem('too_costly', 'this question reads more than one may: ask for less time or fewer groups', {
          cause,
        });
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

/** The same client, but the reply tells in its `Age` header (RFC 9111) how many seconds old the oldest of its answers is. */
function tellingAge(db: ClickHouseClient, reply: ServerResponse): ClickHouseClient {
  const query = async (params: Parameters<ClickHouseClient['query']>[0]) => {
    const answer = await db.query(params);
    const age = Number(answer.response_headers['age'] ?? 0);
    if (age > Number(reply.getHeader('Age') ?? 0) && !reply.headersSent) reply.setHeader('Age', age);
    return answer;
  };
  return Object.create(db, { query: { value: query } }) as ClickHouseClient;
}
