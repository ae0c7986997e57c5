import { arrivalUntil, decidedUntil, type ClickHouseClient } from '@ringwatch/clickhouse';
import type { TopicEndReader } from '@ringwatch/kafka';
import type { Observation } from './pipeline-watch';

/** Where the road is looked at. */
export interface Road {
  db: ClickHouseClient;
  ends: TopicEndReader;
  ingestGroup: string;
  topics: readonly string[];
}

const PATIENCE_MS = 4_000;
/** The detector's own name in its table. */
const DETECTOR = 'live';

/** Looks at the road once. What does not answer within seconds is left out. */
export async function observe(road: Road, now: () => number): Promise<Observation> {
  const [store, kafka] = await Promise.all([answerOf(lookAtStore(road)), answerOf(lookAtKafka(road))]);
  return { at: now(), store, kafka };
}

async function lookAtStore({ db }: Road): Promise<Observation['store']> {
  const [arrival, decided] = await Promise.all([arrivalUntil(db), decidedUntil(db, DETECTOR)]);
  return { arrivalUntil: arrival.closedUntil, decidedUntil: decided ?? 0 };
}

async function lookAtKafka({ ends, ingestGroup, topics }: Road): Promise<Observation['kafka']> {
  const waiting = await Promise.all(
    topics.map(async (topic) => {
      const [end, position] = await Promise.all([ends.endsOf(topic), ends.positionsOf(ingestGroup, topic)]);
      return [...end].reduce(
        (sum, [partition, at]) => sum + Math.max(0, Number(at - (position.get(partition) ?? 0n))),
        0,
      );
    }),
  );
  return { waiting: waiting.reduce((sum, each) => sum + each, 0) };
}

async function answerOf<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, undefined).unref()));
  try {
    return await Promise.race([answer.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
