import type { ClickHouseClient } from '@clickhouse/client';
import { type Answer, type Query, keyOf, readAnswer, resultSetOf } from './query-answer';
import type { QuestionCosts } from './question-costs';

/** Who asks the same so soon after another, in milliseconds, waits for the same answer; of dear questions at any time. */
const JOIN_WITHIN_MS = 1_000;

interface Asked {
  startedAt: number;
  /** How many wait for it. */
  waiting: number;
  /** Ends the question on the server, as long as it is not answered. */
  giveUp: AbortController;
  isAnswered: boolean;
  answer: Promise<Answer>;
}

/**
 * The same client, but equal questions that are on their way at the same time are asked once: when something happens, all pages
 * that are open ask the same. An answer is of a moment at most a second before it was asked for, but for those that cost much. A question
 * that nobody waits for any more is given up.
 */
export function shareQuestions(
  db: ClickHouseClient,
  costs: QuestionCosts,
  now: () => number = () => performance.now(),
): ClickHouseClient {
  const underWay = new Map<string, Asked>();

  function start(key: string, question: Query): Asked {
    const giveUp = new AbortController();
    const answer = db.query({ ...question, abort_signal: giveUp.signal }).then(readAnswer);
    const asked: Asked = { startedAt: now(), waiting: 0, giveUp, isAnswered: false, answer };
    const forget = () => {
      asked.isAnswered = true;
      if (underWay.get(key) === asked) underWay.delete(key);
    };
    asked.answer.then(forget, forget);
    underWay.set(key, asked);
    return asked;
  }

  const query = async (question: Query) => {
    const key = keyOf(question);
    const known = underWay.get(key);
    const isJoined = known && (now() - known.startedAt < JOIN_WITHIN_MS || costs.isDear(question));
    const asked = isJoined ? known : start(key, question);
    asked.waiting++;
    try {
      return resultSetOf(await unless(question.abort_signal, asked.answer), question);
    } finally {
      asked.waiting--;
      if (asked.waiting === 0 && !asked.isAnswered) asked.giveUp.abort();
    }
  };
  return Object.create(db, { query: { value: query } }) as ClickHouseClient;
}

/** What comes, or an error as soon as the signal comes. */
function unless<Value>(signal: AbortSignal | undefined, coming: Promise<Value>): Promise<Value> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('The user aborted a request.'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
