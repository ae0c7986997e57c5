export { backtest } from './backtest';
export type { BacktestOptions, BacktestProgress, BacktestResult } from './backtest';
export { decideStored } from './decide-stored';
export type { DecideOptions } from './decide-stored';
export { InputError, findInputFiles } from './input-files';
export type { InputFile } from './input-files';
export { Notebook } from './notebook';
export { RecordedEvents } from './recorded-events';
export type { TopicCounts } from './recorded-events';
