import { parseScenario, type FleetRecord, type Scenario } from '@ringwatch/fleet';
import { Player, type PlaySettings, type Surroundings } from './player';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const parsed = parseScenario(
  'title: Test\nstarts: 2024-06-03T09:00:00Z\nends: 2024-06-03T10:00:00Z\nfleet: { hosts: 50 }',
  'test',
);
const scenario = (parsed.kind === 'scenario' ? parsed.scenario : undefined) as Scenario;

/** A wall clock that moves only by sleeping and writing, and a Kafka that fails where it is told to. */
class Outside implements Surroundings {
  clockMs = NOW;
  readonly slices: { atMs: number; records: readonly FleetRecord[] }[] = [];
  readonly events: string[] = [];
  failures = 0;
  readonly log = {
    info: (_: object, event: string) => void this.events.push(event),
    warn: (_: object, event: string) => void this.events.push(event),
  };

  constructor(private readonly writeMs = 1) {}

  async write(records: readonly FleetRecord[]): Promise<void> {
    this.clockMs += this.writeMs;
    if (this.failures-- > 0) throw new Error('broker away');
    this.slices.push({ atMs: this.clockMs, records });
  }

  now(): number {
    return this.clockMs;
  }

  async sleep(ms: number): Promise<void> {
    this.clockMs += ms;
  }

  get records(): FleetRecord[] {
    return this.slices.flatMap((slice) => slice.records);
  }
}

async function run(settings: Partial<PlaySettings>, outside = new Outside()) {
  const player = new Player(
    scenario,
    { seed: '1', speed: 60, fleetSize: undefined, dates: 'shifted', run: undefined, ...settings },
    outside,
  );
  const sent = await player.play();
  return { outside, sent, player };
}

it('plays an hour in a minute at 60x, so that it ends now, and stamps nothing later than the wall clock', async () => {
  const { outside, sent } = await run({});
  expect(sent).toBe(outside.records.length);
  expect(Math.abs(outside.clockMs - NOW - 60_000)).toBeLessThan(100);
  for (const { atMs, records } of outside.slices) {
    expect(records.every((record) => record.arrivesAtMs <= atMs)).toBe(true);
  }
  const last = outside.records.at(-1)!.arrivesAtMs;
  expect(last).toBeLessThan(NOW + 60_000);
  expect(last).toBeGreaterThan(NOW + 30_000);
});

it('does not wait at max, and keeps original dates when told to', async () => {
  const { outside } = await run({ speed: 'max', dates: 'original' });
  expect(outside.clockMs - NOW).toBe(outside.slices.length);
  expect(outside.records[0]!.arrivesAtMs).toBeGreaterThanOrEqual(scenario.starts);
  expect(outside.records.at(-1)!.arrivesAtMs).toBeLessThan(scenario.ends);
});

it('plays the same values at every speed', async () => {
  const [fast, slow] = [await run({ speed: 'max', dates: 'original' }), await run({ speed: 300, dates: 'original' })];
  expect(JSON.stringify(fast.outside.records)).toBe(JSON.stringify(slow.outside.records));
});

it('says that it falls behind and skips nothing', async () => {
  const { outside, sent } = await run({}, new Outside(400));
  expect(outside.events).toContain('play fell behind');
  expect(sent).toBe((await run({ speed: 'max' })).sent);
});

it('tries a slice again until Kafka has it', async () => {
  const outside = new Outside();
  outside.failures = 3;
  const { sent } = await run({}, outside);
  expect(outside.events.filter((event) => event === 'slice not written, trying again')).toHaveLength(3);
  expect(outside.records).toHaveLength(sent);
});

it('ends at the next slice when stopped', async () => {
  const outside = new Outside();
  const player = new Player(
    scenario,
    { seed: '1', speed: 60, fleetSize: undefined, dates: 'shifted', run: undefined },
    outside,
  );
  const write = outside.write.bind(outside);
  outside.write = async (records) => {
    await write(records);
    if (outside.slices.length === 3) player.stop();
  };
  await player.play();
  expect(outside.slices).toHaveLength(3);
  expect(outside.events.at(-1)).toBe('play stopped');
});
