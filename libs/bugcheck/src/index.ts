export { parseBugcheck } from './parse-bugcheck';
export type { Bugcheck, RecentUpdate } from './parse-bugcheck';
export { foldStopCodeTwin, formatStopCode, otherStops, stopCodeName, stopKind } from './stop-code';
export type { StopKind } from './stop-code';
