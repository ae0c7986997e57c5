export { describeScenarioError, parseScenario } from './parse-scenario';
export type { ParsedScenario, ScenarioError } from './parse-scenario';
export { play } from './play';
export { RandomSource } from './random';
export { FLEET_TOPICS } from './record';
export type { BugcheckRecord, FleetRecord, HeartbeatRecord, InstallRecord, UpdateRecord } from './record';
export type { CrashEffect, HostFilter, Scenario, ScenarioUpdate } from './scenario';
export type { PlayOptions } from './world';
