import type { ClickHouseClient } from '@clickhouse/client';
import { keepDearAnswers } from './keep-dear-answers';
import { QuestionCosts } from './question-costs';
import { queueDearQuestions } from './queue-dear-questions';
import { shareQuestions } from './share-questions';

/**
 * The same client for fifty people who look at once: equal questions are asked once, answers that cost much are given again for seconds,
 * and what costs much lets pass what costs little.
 */
export function forManyReaders(db: ClickHouseClient): ClickHouseClient {
  const costs = new QuestionCosts();
  return keepDearAnswers(shareQuestions(queueDearQuestions(db, costs), costs));
}
