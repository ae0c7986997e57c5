export { decideAgain } from './decide-again';
export { Decider } from './decider';
export type { Decisions, Turn } from './decider';
export { TICK_MS } from './portions';
