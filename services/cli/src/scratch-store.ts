import { rmSync } from 'node:fs';
import { type ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { startClickHouse, temporaryFolder } from '@ringwatch/platform';

/** Questions over a whole history take their time. */
const TIMEOUT_MS = 30 * 60_000;

/**
 * Works on a ClickHouse of its own in a temporary folder, with an empty database of the newest schema; nothing of it is
 * left afterwards, whatever happened. @throws PlatformError when this machine cannot run it, and what `work` throws
 */
export async function withScratchStore<T>(
  say: (line: string) => void,
  work: (db: ClickHouseClient) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  try {
    const server = await startClickHouse({ folder, onProgress: say });
    try {
      const settings = { url: server.url, database: 'backtest', username: 'default', password: '' };
      await migrate(settings);
      const db = connectClickHouse(settings, { timeoutMs: TIMEOUT_MS });
      return await work(db).finally(() => db.close());
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
