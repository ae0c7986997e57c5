import { type Answer, type Query, rowsRead } from './query-answer';

/** Who reads so many rows lets others wait: some tenths of a second of a core and more. */
export const DEAR_ROWS = 5_000_000;

/** What questions of each kind cost when they were asked last. A question's kind is its `log_comment`, the file of its text. */
export class QuestionCosts {
  private readonly rows = new Map<string, number>();

  note(question: Query, result: Answer['result']): void {
    this.rows.set(kindOf(question), rowsRead(result));
  }

  /** False for a kind that was never asked. */
  isDear(question: Query): boolean {
    return (this.rows.get(kindOf(question)) ?? 0) >= DEAR_ROWS;
  }
}

function kindOf({ query, clickhouse_settings }: Query): string {
  return String(clickhouse_settings?.log_comment ?? query);
}
