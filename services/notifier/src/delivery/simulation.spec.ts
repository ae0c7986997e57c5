import { SimulatedWorld } from './simulated-world.fixture';

const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 60);
const [first, last] = process.env['SIMULATION_SEED']
  ? [Number(process.env['SIMULATION_SEED']), Number(process.env['SIMULATION_SEED'])]
  : [1, SEEDS];

/** Runs every seed; what was wrong, with the seed that shows it again, and what came to pass in all of them. */
async function simulate(kind: 'webhook' | 'discord', judge: (world: SimulatedWorld) => string[]) {
  const wrong: string[] = [];
  const sums = { crashes: 0, lostAnswers: 0, joined: 0, grouped: 0, retries: 0 };
  for (let seed = first; seed <= last && wrong.length < 5; seed++) {
    const world = new SimulatedWorld(seed, kind);
    await world.run();
    wrong.push(...judge(world).map((problem) => `seed ${seed}: ${problem}`));
    const count = (outcome: string) => world.rows.filter((row) => row.outcome === outcome).length;
    sums.crashes += world.crashes;
    sums.lostAnswers += world.lostAnswers;
    sums.joined += count('joined');
    sums.grouped += count('grouped');
    sums.retries += count('retry');
  }
  return { wrong, sums };
}

/** Every change has come to an end in the table; the same one twice in the topic is one. */
function unaccounted({ produced, rows }: SimulatedWorld): string[] {
  const names = new Set(produced.map(({ incident_id, sequence }) => `${incident_id} ${sequence}`));
  for (const { incidentId, sequence, outcome } of rows)
    if (['delivered', 'joined', 'grouped'].includes(outcome)) names.delete(`${incidentId} ${sequence}`);
  return [...names].map((name) => `no row for ${name}`);
}

function outOfOrder({ taken }: SimulatedWorld): string[] {
  const newest = new Map<string, number>();
  const seen = new Set<string>();
  return taken.flatMap(({ incidentId, sequence }) => {
    const name = `${incidentId} ${sequence}`;
    const isRepeat = seen.has(name);
    const isBehind = sequence < (newest.get(incidentId) ?? 0);
    seen.add(name);
    newest.set(incidentId, Math.max(sequence, newest.get(incidentId) ?? 0));
    return isBehind && !isRepeat ? [`${name} came late`] : [];
  });
}

/** Each crash can fall between an answer and its row, for all that was on its way: never for two messages about one incident. */
function tooManyRepeats({ taken, crashes, lostAnswers, produced }: SimulatedWorld): string[] {
  const incidents = new Set(produced.map(({ incident_id }) => incident_id)).size;
  const repeats = taken.length - new Set(taken.map(({ incidentId, sequence }) => `${incidentId} ${sequence}`)).size;
  const most = crashes * incidents + lostAnswers;
  return repeats > most ? [`${repeats} repeats, with ${crashes} crashes and ${lostAnswers} lost answers`] : [];
}

it('tells a program every change, in order, over any crash', async () => {
  const { wrong, sums } = await simulate('webhook', (world) => {
    const taken = new Set(world.taken.map(({ incidentId, sequence }) => `${incidentId} ${sequence}`));
    const missed = world.produced.filter(({ incident_id, sequence }) => !taken.has(`${incident_id} ${sequence}`));
    return [
      ...missed.map(({ incident_id, sequence }) => `${incident_id} ${sequence} was missed`),
      ...outOfOrder(world),
      ...tooManyRepeats(world),
      ...unaccounted(world),
    ];
  });
  expect(wrong).toEqual([]);
  if (first !== last)
    for (const figure of [sums.crashes, sums.lostAnswers, sums.retries]) expect(figure).toBeGreaterThan(SEEDS / 2);
  expect([sums.joined, sums.grouped]).toEqual([0, 0]);
}, 600_000);

it('tells chat the last state of every incident, in order, and accounts for every change', async () => {
  const { wrong, sums } = await simulate('discord', (world) => {
    const lastOf = new Map(world.produced.map(({ incident_id, sequence }) => [incident_id, sequence]));
    const told = (incident: string, sequence: number) =>
      world.taken.some((each) => each.incidentId === incident && each.sequence === sequence) ||
      world.rows.some((row) => row.incidentId === incident && row.sequence === sequence && row.outcome === 'grouped');
    return [
      ...[...lastOf]
        .filter(([incident, sequence]) => !told(incident, sequence))
        .map(([incident]) => `${incident} ends untold`),
      ...outOfOrder(world),
      ...unaccounted(world),
    ];
  });
  expect(wrong).toEqual([]);
  if (first !== last)
    for (const figure of [sums.crashes, sums.joined, sums.grouped]) expect(figure).toBeGreaterThan(SEEDS / 10);
}, 600_000);
