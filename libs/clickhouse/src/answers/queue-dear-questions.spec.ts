import type { ClickHouseClient } from '@clickhouse/client';
import type { Query } from './query-answer';
import { DEAR_ROWS, QuestionCosts } from './question-costs';
import { queueDearQuestions } from './queue-dear-questions';

const dear = 'drivers/driver-spans';
const cheap = 'aggregates/store-status';

describe('questions that cost much', () => {
  let asked: Array<{ kind: string; answer: (rows: number) => void }>;
  let db: ClickHouseClient;
  let now = 0;
  const server = {
    query: ({ clickhouse_settings }: Query) =>
      new Promise((resolve) =>
        asked.push({
          kind: String(clickhouse_settings?.log_comment),
          answer: (rows) =>
            resolve({ response_headers: { 'x-clickhouse-summary': JSON.stringify({ read_rows: String(rows) }) } }),
        }),
      ),
  } as unknown as ClickHouseClient;
  const settled = () => new Promise((turn) => setImmediate(turn));
  const ask = (kind: string, abort_signal?: AbortSignal) =>
    db.query({ query: kind, clickhouse_settings: { log_comment: kind }, ...(abort_signal ? { abort_signal } : {}) });
  const kinds = () => asked.map(({ kind }) => kind);

  beforeEach(async () => {
    asked = [];
    db = queueDearQuestions(server, new QuestionCosts(), () => now);
    const first = ask(dear);
    asked[0]!.answer(DEAR_ROWS);
    await first;
    asked = [];
  });

  it('are asked one after the other, and let pass what costs little', async () => {
    const two = [ask(dear), ask(dear)];
    void ask(cheap);
    await settled();
    expect(kinds()).toEqual([cheap, dear]);
    asked[1]!.answer(DEAR_ROWS);
    await two[0];
    await settled();
    expect(kinds()).toEqual([cheap, dear, dear]);
  });

  it('are no longer queued once they read little', async () => {
    const first = ask(dear);
    await settled();
    asked[0]!.answer(DEAR_ROWS - 1);
    await first;
    for (let number = 0; number < 3; number++) void ask(dear);
    await settled();
    expect(kinds()).toHaveLength(4);
  });

  it('are never asked when nobody waits for them any more, and keep no place', async () => {
    const first = ask(dear);
    const gone = new AbortController();
    const second = ask(dear, gone.signal);
    const third = ask(dear);
    gone.abort(new Error('gone'));
    await settled();
    asked[0]!.answer(DEAR_ROWS);
    await first;
    await expect(second).rejects.toThrow('gone');
    await settled();
    expect(kinds()).toEqual([dear, dear]);
    asked[1]!.answer(DEAR_ROWS);
    await third;
  });

  it('are refused when their turn comes after ten seconds', async () => {
    const [first, second, third] = [ask(dear), ask(dear), ask(dear)];
    await settled();
    now += 10_000;
    asked[0]!.answer(DEAR_ROWS);
    await first;
    await settled();
    now += 1;
    asked[1]!.answer(DEAR_ROWS);
    await second;
    await expect(third).rejects.toThrow('more is asked than ClickHouse can answer: waited 10000 ms');
  });
});
