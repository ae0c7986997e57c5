import type { ClickHouseClient } from '@clickhouse/client';
import pLimit from 'p-limit';
import type { Query } from './query-answer';
import type { QuestionCosts } from './question-costs';

/** It uses all cores that it is given: two at once would end no sooner, and each may then take longer than a question may. */
const DEAR_AT_ONCE = 1;
/** Whoever waited so long for a turn is told to come again. */
const MOST_WAIT_MS = 10_000;

/**
 * The same client, but of the questions that are known to cost much only one is under way at a time. The others wait here and not in
 * ClickHouse, and what costs little passes them. Rejects when the turn comes after ten seconds.
 */
export function queueDearQuestions(
  db: ClickHouseClient,
  costs: QuestionCosts,
  now: () => number = () => performance.now(),
): ClickHouseClient {
  const queue = pLimit(DEAR_AT_ONCE);

  const ask = async (question: Query) => {
    question.abort_signal?.throwIfAborted();
    const result = await db.query(question);
    costs.note(question, result);
    return result;
  };
  const askInTurn = (question: Query) => {
    const since = now();
    return queue(() => {
      if (now() - since > MOST_WAIT_MS)
        throw new Error(`more is asked than ClickHouse can answer: waited ${MOST_WAIT_MS} ms`);
      return ask(question);
    });
  };
  const query = (question: Query) => (costs.isDear(question) ? askInTurn(question) : ask(question));
  return Object.create(db, { query: { value: query } }) as ClickHouseClient;
}
