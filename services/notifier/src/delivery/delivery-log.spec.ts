import type { PastDelivery } from '@ringwatch/clickhouse';
import { wallClock } from '../clock';
import { Telemetry } from '../telemetry';
import { DeliveryLog } from './delivery-log';

const nothing = () => undefined;
const telemetry = new Telemetry({ info: nothing, warn: nothing, error: nothing });

/** A log over a table that answers when it is told to; every question that came to it. */
function logWith(answers: PastDelivery[] = []) {
  const questions: Array<{ receivers: readonly string[]; incidentIds: readonly string[]; answer: () => void }> = [];
  const table = {
    past: (receivers: readonly string[], incidentIds: readonly string[]) =>
      new Promise<PastDelivery[]>((resolve) =>
        questions.push({ receivers, incidentIds, answer: () => resolve(answers) }),
      ),
    answered: () => Promise.resolve([]),
    standing: () => Promise.resolve(undefined),
    lastNotice: () => Promise.resolve(undefined),
    store: () => Promise.resolve(),
  };
  return { log: new DeliveryLog(table, wallClock, telemetry), questions };
}
const turn = () => new Promise((done) => setImmediate(done));
const row = (receiver: string, incidentId: string): PastDelivery => ({
  ...{ receiver, incidentId, sequence: 1, attempts: 1 },
  ...{ outcomes: ['delivered'], messageId: '', messageAt: 0 },
});

it('asks once for all receivers that want to know while a question is answered', async () => {
  const { log, questions } = logWith([row('a', 'one'), row('b', 'one'), row('b', 'two')]);
  const first = log.past('a', ['one']);
  await turn();
  const rest = [log.past('b', ['one']), log.past('c', ['one']), log.past('b', ['two'])];
  await turn();
  expect(questions.map(({ receivers, incidentIds }) => [receivers, incidentIds])).toEqual([[['a'], ['one']]]);
  questions[0]!.answer();
  expect(await first).toEqual([row('a', 'one')]);
  await turn();
  expect(questions.slice(1).map(({ receivers, incidentIds }) => [receivers, incidentIds])).toEqual([
    [
      ['b', 'c'],
      ['one', 'two'],
    ],
  ]);
  questions[1]!.answer();
  expect(await Promise.all(rest)).toEqual([[row('b', 'one')], [], [row('b', 'two')]]);
});

it('keeps a question short', async () => {
  const { log, questions } = logWith();
  const ids = (from: number) => Array.from({ length: 3_000 }, (_, i) => `inc-${from + i}`);
  const answers = [log.past('a', ids(0)), log.past('b', ids(3_000))];
  await turn();
  expect(questions.map(({ incidentIds }) => incidentIds.length)).toEqual([3_000, 3_000]);
  for (const { answer } of questions) answer();
  expect(await Promise.all(answers)).toEqual([[], []]);
});
