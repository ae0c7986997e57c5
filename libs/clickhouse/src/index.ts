export type { ClickHouseClient } from '@clickhouse/client';
export { ask } from './ask';
export { connectClickHouse } from './connect';
export type { ClickHouseSettings } from './connect';
export { migrate } from './migrate';
