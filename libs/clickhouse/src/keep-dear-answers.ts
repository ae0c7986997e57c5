import type { ClickHouseClient } from '@clickhouse/client';
import { type Answer, type Query, keyOf, readAnswer, resultSetOf } from './query-answer';

/** An answer is fresh for a second where so many rows were read for it, and longer where more were. */
const ROWS_PER_SECOND = 5_000_000;
const MOST_FRESH_MS = 5_000;
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
    const freshMs = Math.min(MOST_FRESH_MS, Math.floor(rowsRead(answer) / ROWS_PER_SECOND) * 1_000);
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

/** ClickHouse says it in a header when it is done. */
function rowsRead({ result }: Answer): number {
  const summary = result.response_headers['x-clickhouse-summary'];
  if (typeof summary !== 'string') return 0;
  return Number((JSON.parse(summary) as { read_rows?: string }).read_rows ?? 0);
}
