export { ConfigError, clickhouseOf, clickhouseSettings, httpSettings, kafkaSettings, readConfig } from './config';
export { OperationsModule, Readiness } from './operations';
export type { ReadinessCheck } from './operations';
export { createLogger, kafkaLog, runMain, startService } from './start-service';
export type { ServiceKit, ServiceOptions } from './start-service';
export { waitFor } from './wait-for';
