export { PlatformError } from '../process/requirements.cjs';
export { type ClickHouseOptions, type ClickHouseServer, startClickHouse } from './clickhouse';
export { type KafkaOptions, type KafkaServer, startKafka } from './kafka';
export { type Platform, type PlatformOptions, startPlatform } from './platform';
export { freePort } from './ports';
export { type Progress } from './progress';
export { type ServerProcess } from './server-process';
export { type Service, type ServiceOptions, startService } from './service';
export { type Exit } from './tied-process';
