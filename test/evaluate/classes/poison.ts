import type { CrashSource, Stop } from '../world/crashes';
import type { Fleet } from '../world/fleet';
import { SampledHosts } from '../world/sample';
import type { Shipment } from '../world/shipment';
import type { Draw, ScenarioClass } from '../suite/class';
import { guiltyPlan } from './guilty';
import {
  HOUR,
  MINUTE,
  OWNER,
  SECOND,
  START,
  anyShape,
  crashDelay,
  inTurn,
  makeFleet,
  oneRing,
  shipSuspect,
} from './parts';
import { quietPlan } from './quiet-plan';

const at = START + 9 * MINUTE;

/** Made-up hosts of some organisations that claim to have taken the update and to have crashed. */
function liars(
  draw: Draw,
  fleet: Fleet,
  shipment: Shipment,
  form: { orgs: readonly string[]; crashes: number; lasts: number },
): CrashSource {
  const random = draw.random.fork('liars');
  const stops: Stop[] = Array.from({ length: form.crashes }, (_, number) => {
    const time = at + MINUTE + random.uniform() * form.lasts;
    const stratum = random.pick(fleet.strata);
    const host = { id: `fake-${number}`, org: random.pick(form.orgs), stratum, index: number };
    return { host, at: time, toldAt: time + 30 * SECOND, driver: OWNER, stopCode: 0x50, fakes: shipment };
  }).sort((a, b) => a.at - b.at);
  let next = 0;
  return function* (_, until) {
    for (; next < stops.length && stops[next]!.at < until; next++) yield stops[next]!;
  };
}

export const poison: ScenarioClass[] = [
  {
    number: '32',
    title:
      'one organisation lies: 300 to 3,000 made-up crashes and installs, at once or as a drip; also while another update is guilty',
    wanted: 'no global alarm by it, and none suppressed',
    runs: 60,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const crashes = inTurn([300, 1_000, 3_000], draw.turn);
      const lasts = inTurn([5 * MINUTE, 2 * HOUR], Math.floor(draw.turn / 3));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 2 * HOUR, anyShape(draw)), stepMs: 5 * SECOND });
      // The third organisation has 9 % of the fleet.
      const lies = liars(draw, fleet, shipment, { orgs: ['org-3'], crashes, lasts });
      const words = `${crashes} made up within ${lasts / MINUTE} min`;
      if (draw.turn % 2 === 0)
        return quietPlan(draw, fleet, { shipments: [shipment], crashes: [lies], hours: 3, words });
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability: 0.03,
        crashesAfter: crashDelay(draw),
        more: [lies],
        words,
      });
    },
  },
  {
    number: '33',
    title: '2 or 3 small organisations, below 1 % of the fleet, lie together',
    wanted: 'silent, or an alert limited to them',
    runs: 10,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000, { orgs: 200 });
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 2 * HOUR, anyShape(draw)), stepMs: 5 * SECOND });
      const orgs = ['org-150', 'org-170', 'org-190'].slice(0, inTurn([2, 3], draw.turn));
      const lies = liars(draw, fleet, shipment, { orgs, crashes: 300, lasts: HOUR });
      return quietPlan(draw, fleet, {
        shipments: [shipment],
        crashes: [lies],
        // Which organisations took it is known of sampled hosts.
        sample: new SampledHosts(fleet, START - 10 * MINUTE, draw.random.fork('sample')),
        hours: 3,
        words: `${orgs.length} organisations`,
      });
    },
  },
];
