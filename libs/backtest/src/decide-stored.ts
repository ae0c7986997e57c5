import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { type DetectionPolicy, defaultPolicy } from '@ringwatch/detection';
import { Decider, type Decisions, type Turn } from '@ringwatch/ticks';

/** How to decide what is stored. */
export interface DecideOptions {
  policy?: DetectionPolicy;
  /** The name of the detector: one of another name has decided nothing yet. */
  name?: string;
  /** Hears of each turn; throws to end it. */
  onTurn?: (turn: Turn) => void;
}

/** Decides all arrival time that is closed, as the live detector does. @throws what `decisions`, `onTurn` or the store throw */
export async function decideStored(
  db: ClickHouseClient,
  decisions: Decisions,
  { policy = defaultPolicy, name = 'backtest', onTurn = () => undefined }: DecideOptions = {},
): Promise<void> {
  const decider = new Decider(db, decisions, policy, name);
  for (;;) {
    const turn = await decider.advance(1);
    if (!turn) return;
    onTurn(turn);
    if (turn.behindMs === 0) return;
  }
}
