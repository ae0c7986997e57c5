import type * as Inputs from '@ringwatch/inputs';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import fc from 'fast-check';
import { JudgedBlock } from './judged.fixture';
import { TIMESTAMP } from './json-values.fixture';
import { tidyMessages, validMessages } from './messages.fixture';
import { Mutator, seeded } from './mutate.fixture';

// The real judgeMessage, which remembers the last message: where a block asks it for the very bytes that it was just asked
// for, it is not asked twice. That halves the time of this run.
jest.mock('@ringwatch/inputs', () => {
  const real = jest.requireActual<typeof Inputs>('@ringwatch/inputs');
  let last: { key: string; value: Uint8Array; verdict: object } | undefined;
  const judgeMessage: typeof Inputs.judgeMessage = (topic, { value, timestamp }) => {
    if (value === null) return real.judgeMessage(topic, { value, timestamp });
    const key = `${topic} ${timestamp}`;
    if (last?.key !== key || Buffer.compare(last.value, value) !== 0) {
      last = { key, value: Buffer.from(value), verdict: real.judgeMessage(topic, { value, timestamp }) };
    }
    return last.verdict as ReturnType<typeof real.judgeMessage<typeof topic>>;
  };
  return { ...real, judgeMessage };
});

/** A round is repeatable by itself: `FUZZ_SEED=1 FUZZ_ROUND=17 npx jest -c libs/clickhouse/jest.config.cjs fuzz`. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const ONLY_ROUND = process.env['FUZZ_ROUND'];
const ROUNDS = 200;
const MUTATIONS_A_ROUND = 5_000;
/** Out of 20 rounds so many are of each topic: the more of it is judged on its bytes, the more. */
const shares: Record<InputTopic, number> = {
  bugchecks: 7,
  heartbeats: 6,
  installs: 5,
  updates: 1,
  'incident-actions': 1,
};
const topicsOfRounds = inputTopics.flatMap((topic) => Array<InputTopic>(shares[topic]).fill(topic));
/** Measured: 31 s on one core. */
const MOST_SECONDS = 240;

// A refusal of the parser is an error that is caught: a trace of each would take longer than all else here.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

const messages = Object.fromEntries(inputTopics.map((topic) => [topic, samplesOf(topic)])) as Record<
  InputTopic,
  Buffer[]
>;

/** What is mutated: half of them tidy, and the shortest, since length finds nothing and costs time. */
function samplesOf(topic: InputTopic): Buffer[] {
  const shortest = (from: fc.Arbitrary<string>) =>
    fc
      .sample(from, { seed: SEED, numRuns: 500 })
      .map((text) => Buffer.from(text))
      .sort((a, b) => a.length - b.length)
      .slice(0, 150);
  return [...shortest(tidyMessages[topic]), ...shortest(validMessages[topic])];
}

function play(round: number) {
  const topic = topicsOfRounds[round % topicsOfRounds.length] as InputTopic;
  const judged = new JudgedBlock(topic, TIMESTAMP);
  const mutator = new Mutator(seeded(SEED * 1_000_003 + round), messages[topic]);
  for (let count = 0; count < MUTATIONS_A_ROUND; count++) {
    mutator.next();
    judged.take(mutator.bytes, mutator.start, mutator.end);
  }
  return judged.compare();
}

function playOrSay(round: number) {
  try {
    return play(round);
  } catch (error) {
    process.stderr.write(
      `to repeat: FUZZ_SEED=${SEED} FUZZ_ROUND=${round} npx jest -c libs/clickhouse/jest.config.cjs fuzz\n`,
    );
    throw error;
  }
}

it(
  'whatever bytes come, a block says what judgeMessage says',
  () => {
    const total = { taken: 0, refused: 0, rows: 0, slowRows: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      if (ONLY_ROUND !== undefined && round !== Number(ONLY_ROUND)) continue;
      const { taken, refused, rows, slowRows } = playOrSay(round);
      total.taken += taken;
      total.refused += refused;
      total.rows += rows;
      total.slowRows += slowRows;
    }
    process.stdout.write(`fuzz, seed ${SEED}: ${JSON.stringify(total)}\n`);
    expect(total.refused + total.rows).toBe(total.taken);
    if (ONLY_ROUND === undefined) expect(total.taken).toBe(1_000_000);
  },
  MOST_SECONDS * 1_000,
);
