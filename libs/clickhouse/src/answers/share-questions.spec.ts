import { Readable } from 'node:stream';
import { type ClickHouseClient, ResultSet } from '@clickhouse/client';
import { ask } from '../ask';
import { untilAborted } from '../until-aborted';
import { QuestionCosts } from './question-costs';
import { shareQuestions } from './share-questions';

/** A server that answers when it is told to. */
class SlowServer {
  readonly asked: Array<{
    values: unknown;
    answer: (row: object) => void;
    fail: (error: Error) => void;
    isGivenUp: () => boolean;
  }> = [];

  readonly client = {
    query: ({ query_params, abort_signal, format }: Parameters<ClickHouseClient['query']>[0]) =>
      new Promise((resolve, reject) => {
        abort_signal?.addEventListener('abort', () => reject(new Error('given up')));
        this.asked.push({
          values: query_params,
          answer: (row) =>
            resolve(
              new ResultSet(Readable.from([Buffer.from(`${JSON.stringify(row)}\n`)]), format, 'q', undefined, {}),
            ),
          fail: reject,
          isGivenUp: () => abort_signal?.aborted === true,
        });
      }),
  } as unknown as ClickHouseClient;
}

describe('equal questions at the same time', () => {
  let server: SlowServer;
  let db: ClickHouseClient;
  let now: number;
  let costs: QuestionCosts;
  const question = (values: object = {}, client = db) => ask(client, 'decisions/first-arrival', { ...values });

  beforeEach(() => {
    now = 0;
    server = new SlowServer();
    costs = new QuestionCosts();
    db = shareQuestions(server.client, costs, () => now);
  });

  it('are asked once, and each gets rows of its own', async () => {
    const both = [question(), question()];
    expect(server.asked).toHaveLength(1);
    server.asked[0]!.answer({ received_at: 5 });
    const [one, other] = await Promise.all(both);
    expect([one, other]).toEqual([[{ received_at: 5 }], [{ received_at: 5 }]]);
    expect(one![0]).not.toBe(other![0]);
  });

  it('are asked again once the first is answered, so that who has just written reads it', async () => {
    const first = question();
    server.asked[0]!.answer({ received_at: 5 });
    await first;
    const second = question();
    server.asked[1]!.answer({ received_at: 6 });
    expect(await second).toEqual([{ received_at: 6 }]);
  });

  it('are two with other values, and where the first is a second old', async () => {
    void question({ a: 1 });
    void question({ a: 2 });
    now = 999;
    void question({ a: 1 });
    expect(server.asked.map(({ values }) => values)).toEqual([{ a: 1 }, { a: 2 }]);
    now = 1_000;
    void question({ a: 1 });
    expect(server.asked).toHaveLength(3);
  });

  it('are one however old the first is, where questions of their kind cost much', async () => {
    const clickhouse_settings = { log_comment: 'decisions/first-arrival' };
    const response_headers = { 'x-clickhouse-summary': '{"read_rows":"5000000"}' };
    costs.note({ query: '', clickhouse_settings }, { query_id: '', response_headers });
    void question();
    now = 20_000;
    void question();
    expect(server.asked).toHaveLength(1);
  });

  it('fail alike', async () => {
    const both = Promise.allSettled([question(), question()]);
    server.asked[0]!.fail(new Error('no'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('go on for the other when one has gone, and end when both have', async () => {
    const gone = [new AbortController(), new AbortController()];
    const signed = gone.map(({ signal }) => untilAborted(db, signal));
    const both = Promise.allSettled(signed.map((client) => question({}, client)));
    gone[0]!.abort();
    await new Promise((turn) => setImmediate(turn));
    expect(server.asked.map(({ isGivenUp }) => isGivenUp())).toEqual([false]);
    gone[1]!.abort();
    await both;
    expect(server.asked.map(({ isGivenUp }) => isGivenUp())).toEqual([true]);
  });
});
