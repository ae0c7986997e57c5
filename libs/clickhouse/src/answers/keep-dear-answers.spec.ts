import { Readable } from 'node:stream';
import { type ClickHouseClient, ResultSet } from '@clickhouse/client';
import { keepDearAnswers } from './keep-dear-answers';

const MILLION = 1_000_000;

/** Answers at once, with the number of the question, and says that so many rows were read for it. */
function serverThatReads(rows: number) {
  let questions = 0;
  const client = {
    query: ({ format }: Parameters<ClickHouseClient['query']>[0]) =>
      Promise.resolve(
        new ResultSet(Readable.from([Buffer.from(`{"n":${++questions}}\n`)]), format, 'q', undefined, {
          'x-clickhouse-summary': JSON.stringify({ read_rows: String(rows) }),
        }),
      ),
  } as unknown as ClickHouseClient;
  return { client, asked: () => questions };
}

describe('answers that cost much', () => {
  let now: number;
  const ask = async (db: ClickHouseClient, values: Record<string, unknown> = {}) => {
    const result = await db.query({ query: 'SELECT n', query_params: values, format: 'JSONEachRow' });
    return { rows: await result.json(), age: result.response_headers['age'] };
  };
  const settled = () => new Promise((turn) => setImmediate(turn));

  beforeEach(() => (now = 0));

  it('are given again for a second per five million rows, and say how old they are', async () => {
    const { client, asked } = serverThatReads(10 * MILLION);
    const db = keepDearAnswers(client, () => now);
    expect(await ask(db)).toEqual({ rows: [{ n: 1 }], age: undefined });
    now = 1_999;
    expect(await ask(db)).toEqual({ rows: [{ n: 1 }], age: '1' });
    expect(asked()).toBe(1);
  });

  it('are given once more while they are asked anew, once', async () => {
    const { client, asked } = serverThatReads(10 * MILLION);
    const db = keepDearAnswers(client, () => now);
    await ask(db);
    now = 5_999;
    expect(await Promise.all([ask(db), ask(db)])).toEqual([
      { rows: [{ n: 1 }], age: '5' },
      { rows: [{ n: 1 }], age: '5' },
    ]);
    await settled();
    expect(asked()).toBe(2);
    expect(await ask(db)).toMatchObject({ rows: [{ n: 2 }] });
  });

  it('are not given when they are older than that, nor to another question', async () => {
    const db = keepDearAnswers(serverThatReads(10 * MILLION).client, () => now);
    await ask(db);
    expect(await ask(db, { org: 'a' })).toEqual({ rows: [{ n: 2 }], age: undefined });
    now = 6_000;
    expect(await ask(db)).toEqual({ rows: [{ n: 3 }], age: undefined });
  });

  it('are fresh for as long as they were waited for, so that renewing them takes half of the time at most', async () => {
    let answers: (value?: unknown) => void = jest.fn();
    const { client, asked } = serverThatReads(5 * MILLION);
    const slow = Object.create(client, {
      query: {
        value: (question: never) => new Promise((go) => (answers = go)).then(() => client.query(question)),
      },
    }) as ClickHouseClient;
    const db = keepDearAnswers(slow, () => now);
    const first = ask(db);
    now = 8_000;
    answers();
    await first;
    now = 23_999;
    expect(await ask(db)).toEqual({ rows: [{ n: 1 }], age: '23' });
    now = 24_000;
    const second = ask(db);
    answers();
    expect(await second).toMatchObject({ rows: [{ n: 2 }] });
    expect(asked()).toBe(2);
  });

  it('are never older than fifteen seconds where they come at once', async () => {
    const db = keepDearAnswers(serverThatReads(1_000 * MILLION).client, () => now);
    await ask(db);
    now = 14_999;
    expect(await ask(db)).toMatchObject({ rows: [{ n: 1 }], age: '14' });
    await settled();
    now = 30_000;
    expect(await ask(db)).toEqual({ rows: [{ n: 3 }], age: undefined });
  });

  it('are alone in that: what costs little is asked each time, so that who has just written reads it', async () => {
    const db = keepDearAnswers(serverThatReads(5 * MILLION - 1).client, () => now);
    expect(await ask(db)).toEqual({ rows: [{ n: 1 }], age: undefined });
    expect(await ask(db)).toEqual({ rows: [{ n: 2 }], age: undefined });
  });
});
