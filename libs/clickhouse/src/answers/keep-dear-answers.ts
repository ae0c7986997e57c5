import type { ClickHouseClient } from '@clickhouse/client';
import { type Answer, type Query, keyOf, readAnswer, resultSetOf, rowsRead } from './query-answer';
import { DEAR_ROWS } from './question-costs';

/** A dear answer is fresh for a second, longer where more rows were read for it … */
const MOST_FRESH_MS = 5_000;
/** … or for as long as it was waited for, so that renewing takes at most half of the time. */
const MOST_FRESH_UNDER_LOAD_MS = 10_000;
/** While it is asked anew the old one is given, until it is so many times as old as it is fresh. */
const GIVEN_WHILE_RENEWED = 3;
const MOST_KEPT_CHARACTERS = 32_000_000;

interface Kept extends Answer {
  askedAt: number;
  freshMs: number;
  isRenewed: boolean;
}

/**
 * The same client, but answers that cost much are given again for some seconds: the more rows were read, the longer. Questions that read
 * fewer than five million rows are always asked. `age` in the headers of an answer says how many seconds ago it was asked for.
 */
export function keepDearAnswers(db: ClickHouseClient, now: () => number = () => performance.now()): ClickHouseClient {
  const answers = new Map<string, Kept>();
  let characters = 0;

  function drop(key: string): void {
    characters -= answers.get(key)?.text.length ?? 0;
    answers.delete(key);
  }

  function keep(key: string, answer: Kept): void {
    drop(key);
    answers.set(key, answer);
    characters += answer.text.length;
    for (const [other, old] of answers) if (isTooOld(old) || characters > MOST_KEPT_CHARACTERS) drop(other);
  }

  function isTooOld({ askedAt, freshMs }: Kept): boolean {
    return now() - askedAt >= GIVEN_WHILE_RENEWED * freshMs;
  }

  async function ask(key: string, question: Query): Promise<Answer> {
    const askedAt = now();
    const answer = await db.query(question).then(readAnswer);
    const freshMs = freshFor(rowsRead(answer.result), now() - askedAt);
    if (freshMs > 0) keep(key, { ...answer, askedAt, freshMs, isRenewed: false });
    return answer;
  }

  function renew(key: string, known: Kept, question: Query): void {
    known.isRenewed = true;
    ask(key, { ...question, abort_signal: undefined }).catch(() => (known.isRenewed = false));
  }

  const query = async (question: Query) => {
    const key = keyOf(question);
    const known = answers.get(key);
    if (!known || isTooOld(known)) return resultSetOf(await ask(key, question), question);
    const ageMs = now() - known.askedAt;
    if (ageMs >= known.freshMs && !known.isRenewed) renew(key, known, question);
    const response_headers = { ...known.result.response_headers, age: String(Math.floor(ageMs / 1_000)) };
    return resultSetOf({ text: known.text, result: { ...known.result, response_headers } }, question);
  };
  return Object.create(db, { query: { value: query } }) as ClickHouseClient;
}

function freshFor(rows: number, tookMs: number): number {
  if (rows < DEAR_ROWS) return 0;
  const byRows = Math.min(MOST_FRESH_MS, Math.floor(rows / DEAR_ROWS) * 1_000);
  return Math.max(byRows, Math.min(MOST_FRESH_UNDER_LOAD_MS, tookMs));
}
