import { ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';

let databases = 0;

/** A database of its own with the newest schema. */
export async function freshDatabase(url: string): Promise<ClickHouseClient> {
  const settings = { url, database: `test_${process.pid}_${++databases}`, username: 'default', password: '' };
  await migrate(settings);
  return connectClickHouse(settings);
}
