import { type Outcome, runAct } from './act';
import { acts, playable } from './acts';
import { FaultWorld } from './fault-world';
import { runWithOwnMounts } from './own-mounts';

/** Another one each time; what fails is repeated with the seed that it names. */
const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
/** Fewer would not be worth the name. */
const LEAST_KILLS = 60;
/** Nothing of it takes longer than it has to; a machine that is busy gets its time. */
const ACT_WITHIN_MS = 1_200_000;
/** Acts share Kafka: one that Jest has given up goes on, and the next must not take the topics from under it. */
let stageIsFree: Promise<unknown> = Promise.resolve();

const say = (line: string) => process.stdout.write(`${line}\n`);

describe(`ingest under faults, seed ${seed}`, () => {
  let world: FaultWorld;
  let kills = 0;
  const startedAt = Date.now();

  beforeAll(async () => {
    world = await FaultWorld.start();
  }, ACT_WITHIN_MS);
  afterAll(async () => world?.stop(), 60_000);

  describe.each(Object.entries(acts))('act %s', (name, plan) => {
    const { lanes, apart } = playable(plan, say);
    let outcomes: Outcome[] = [];

    beforeAll(async () => {
      const playing = stageIsFree.then(() => (lanes.length > 0 ? runAct(world, lanes, seed) : []));
      stageIsFree = playing.catch(() => undefined);
      outcomes = await playing;
      for (const outcome of outcomes) {
        kills += outcome.kills;
        say(JSON.stringify(outcome));
      }
    }, ACT_WITHIN_MS);

    for (const [at, lane] of lanes.entries())
      it(`${lane.map(({ row }) => row.name).join(', ')}: nothing lost, nothing twice`, () => {
        expect([outcomes[at]?.violations, `npm run faults -- --act ${name} --seed ${seed}`]).toEqual([
          [],
          expect.anything(),
        ]);
      });

    for (const row of apart)
      it(
        `${row.name}: nothing lost, nothing twice`,
        async () => {
          const code = await runWithOwnMounts(world.root, ['--row', row.name, '--seed', String(seed)], say);
          expect([code, `npm run faults -- --row ${row.name} --seed ${seed}`]).toEqual([0, expect.anything()]);
        },
        ACT_WITHIN_MS,
      );
  });

  it(`killed and stopped at least ${LEAST_KILLS} processes`, () => {
    say(`${kills} kills in ${((Date.now() - startedAt) / 1_000).toFixed(0)} s`);
    expect(kills).toBeGreaterThanOrEqual(LEAST_KILLS);
  });
});
