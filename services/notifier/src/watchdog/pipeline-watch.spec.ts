import { PipelineWatch, type Observation } from './pipeline-watch';

const LIMIT = 120_000;
const LOOK_EVERY = 5_000;

type At = (
  at: number,
) => Partial<{ arrivalUntil: number; decidedUntil: number; waiting: number; noStore: boolean; noKafka: boolean }>;

/** Looks for so long at a road that is as told; the trouble that it found, and when. */
function watchFor(durationMs: number, road: At) {
  const watch = new PipelineWatch(LIMIT, 0);
  const found: Array<{ at: number; part: string | undefined }> = [];
  for (let at = 0; at <= durationMs; at += LOOK_EVERY) {
    const { arrivalUntil = at + 1, decidedUntil = arrivalUntil, waiting = 0, noStore, noKafka } = road(at);
    const observation: Observation = {
      at,
      store: noStore ? undefined : { arrivalUntil, decidedUntil },
      kafka: noKafka ? undefined : { waiting },
    };
    const part = watch.look(observation)?.part;
    if (part !== found.at(-1)?.part) found.push({ at, part });
  }
  return { found: found.filter(({ part, at }) => part !== undefined || at > 0), watch };
}

const upTo = (end: number, at: number) => Math.min(at, end) + 1;

it.each<{ name: string; road: At; part: string }>([
  { name: 'events stop', road: (at) => ({ arrivalUntil: upTo(60_000, at) }), part: 'events' },
  {
    name: 'ingest stands',
    road: (at) => ({ arrivalUntil: upTo(60_000, at), waiting: Math.max(0, at - 60_000) / 10 }),
    part: 'ingest',
  },
  { name: 'the detector stands', road: (at) => ({ decidedUntil: upTo(60_000, at) }), part: 'detector' },
  { name: 'ClickHouse is away', road: (at) => ({ noStore: at > 60_000 }), part: 'store' },
  { name: 'Kafka is away', road: (at) => ({ noKafka: at > 60_000 }), part: 'kafka' },
  {
    name: 'ingest falls behind',
    road: (at) => ({ waiting: Math.max(0, at - 60_000) }),
    part: 'slow_ingest',
  },
  {
    name: 'the detector falls behind',
    road: (at) => ({ arrivalUntil: at + 1, decidedUntil: 1 + Math.min(at, 60_000) + Math.max(0, at - 60_000) / 4 }),
    part: 'slow_detector',
  },
])('says what it is when $name, within the limit and a look', ({ road, part }) => {
  const { found } = watchFor(400_000, road);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ part });
  expect(found[0]!.at).toBeGreaterThan(60_000 + LIMIT - LOOK_EVERY);
  expect(found[0]!.at).toBeLessThanOrEqual(60_000 + LIMIT + 2 * LOOK_EVERY);
});

it.each<{ name: string; road: At }>([
  { name: 'all goes on', road: () => ({}) },
  { name: 'no event ever arrived', road: () => ({ arrivalUntil: 0, decidedUntil: 0, waiting: 5 }) },
  {
    name: 'it stands for less than the limit',
    road: (at) => ({ arrivalUntil: Math.floor(at / 100_000) * 100_000 + 1 }),
  },
  { name: 'the backlog goes up and down', road: (at) => ({ waiting: 5_000 * (1 + Math.sin(at / 20_000)) }) },
  { name: 'a backlog is worked off', road: (at) => ({ waiting: Math.max(0, 1e6 - at) }) },
  { name: 'the detector takes up a long past', road: (at) => ({ arrivalUntil: 1e9 + at, decidedUntil: 1 + at * 60 }) },
])('finds nothing when $name', ({ road }) => expect(watchFor(400_000, road).found).toEqual([]));

it('finds it over when events arrive again, and not before', () => {
  const { found } = watchFor(400_000, (at) => ({ arrivalUntil: at < 300_000 ? upTo(10_000, at) : at }));
  expect(found.map(({ part }) => part)).toEqual(['events', undefined]);
  expect(found[1]!.at).toBe(300_000);
});

it('knows whether anything has moved since it began', () => {
  expect(watchFor(20_000, () => ({ arrivalUntil: 77 })).watch.hasMoved).toBe(false);
  expect(watchFor(20_000, () => ({})).watch.hasMoved).toBe(true);
});
