import { SimulatedWorld, sights } from './simulated-world.fixture';

const SEEDS = 10_000;
/** A failing seed is repeated alone by naming it here: SIMULATION_SEED=123 npm test -- simulation */
const only = process.env['SIMULATION_SEED'];

describe('ingest, crashed at every await in a simulated world', () => {
  it(`keeps its promises over ${only ?? `${SEEDS} seeds`}`, async () => {
    const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(only)];
    for (const seed of seeds) {
      await new SimulatedWorld(seed).play().catch((error: unknown) => {
        throw new Error(`SIMULATION_SEED=${seed} npm test -- simulation`, { cause: error });
      });
    }
    process.stdout.write(`simulated: ${JSON.stringify(sights)}\n`);
    if (only === undefined) for (const seen of Object.values(sights)) expect(seen).toBeGreaterThan(300);
  }, 600_000);
});
