import type { RandomSource } from './random';
import { driversOf, channelsOf } from './equipment';
import type { Scenario, ScenarioUpdate } from './scenario';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Makes up the innocent updates that a vendor ships every day, on channels that the scenario itself leaves alone: a tenth
 * of the hosts first, the rest hours later.
 */
export function benignUpdates(scenario: Scenario, random: RandomSource): ScenarioUpdate[] {
  const draw = random.fork('benign updates');
  const days = (scenario.ends - scenario.starts) / DAY_MS;
  const current = new Map(freeChannels(scenario));
  if (current.size === 0) return [];
  const times = Array.from({ length: draw.poisson(scenario.background.updates_per_day * days) }, () =>
    Math.round(scenario.starts + draw.uniform() * (scenario.ends - scenario.starts)),
  ).sort((left, right) => left - right);
  return times.map((atMs) => {
    const channel = draw.pick([...current.keys()]);
    const replaces = current.get(channel)!;
    const version = nextVersion(replaces);
    current.set(channel, version);
    return benignUpdate({ channel, version, replaces }, atMs, draw);
  });
}

function freeChannels(scenario: Scenario): [string, string][] {
  const taken = new Set(scenario.updates.map((update) => update.channel));
  const content = channelsOf(scenario.fleet).map(({ channel, version }): [string, string] => [channel, version]);
  const drivers = driversOf(scenario.fleet)
    .filter((driver) => driver.ownChannel)
    .map(({ image, version }): [string, string] => [`driver:${image}`, version]);
  return [...content, ...drivers].filter(([channel]) => !taken.has(channel));
}

function benignUpdate(
  names: Pick<ScenarioUpdate, 'channel' | 'version' | 'replaces'>,
  atMs: number,
  draw: RandomSource,
): ScenarioUpdate {
  const broadAtMs = atMs + Math.round((1 + 4 * draw.uniform()) * HOUR_MS);
  return {
    ...names,
    announced: true,
    order_share: 1,
    applies: draw.chance(0.1) ? 'at_shutdown' : 'online',
    reboots: draw.chance(0.2),
    rings: [
      { name: 'early', fraction: 0.1, at: atMs, adopts_within: HOUR_MS, shape: 'linear' },
      {
        name: 'broad',
        fraction: 1,
        at: broadAtMs,
        adopts_within: 4 * HOUR_MS,
        shape: draw.pick(['linear', 'logistic', 'bursty']),
      },
    ],
  };
}

/** The version after this one: its last number plus one, as many digits as before. */
function nextVersion(version: string): string {
  return version.replace(/(\d+)(?!.*\d)/, (digits) => String(Number(digits) + 1).padStart(digits.length, '0'));
}
