import { harm } from '../world/crashes';
import { afterReboot } from '../world/delay';
import { SampledHosts } from '../world/sample';
import { Shipment } from '../world/shipment';
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
  second,
  shipSuspect,
  suspect,
  usualCrashes,
} from './parts';

const at = START + 9 * MINUTE;
/** Both content files are loaded by one driver, so that who owns the driver says nothing. */
const shared = OWNER;

function rival(draw: Draw, suspected: Shipment, form: Partial<Shipment['form']>): Shipment {
  const rings = form.rings ?? oneRing(at, 78 * MINUTE, anyShape(draw));
  return new Shipment({ update: second, driver: shared, ...form, rings }, suspected.fleet, draw.random.fork('rival'));
}

export const blame: ScenarioClass[] = [
  {
    number: '9',
    title: 'guilty update on Patch Tuesday',
    wanted: 'blame right',
    runs: 260,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet),
        probability: fleet.hosts < 1e6 ? 0.05 : inTurn([0.002, 0.02], Math.floor(draw.turn / 2)),
        crashesAfter: crashDelay(draw),
        background: usualCrashes(draw, fleet, { most: 5, factor: () => 5 }),
        truth: { scope: 'global' },
      });
    },
  },
  {
    number: '10',
    title: 'two updates in one hour, one guilty, each in its own order',
    wanted: 'blame right',
    runs: 440,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      const shipment = shipSuspect(draw, fleet);
      const later = inTurn([-10, 3, 10, 30], draw.turn) * MINUTE;
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability: fleet.hosts < 1e6 ? 0.05 : 0.005,
        crashesAfter: crashDelay(draw),
        others: [rival(draw, shipment, { rings: oneRing(at + later, 78 * MINUTE, anyShape(draw)) })],
        words: `the other ${later / MINUTE} min later`,
      });
    },
  },
  ...[0.9, 0.99].map((share): ScenarioClass => ({
    number: share === 0.9 ? '11' : '11b',
    title: `two updates 30 s apart, ${share * 100} % the same hosts in the same order`,
    wanted: 'blame right, later, the rival named',
    runs: share === 0.9 ? 50 : 24,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      const shipment = shipSuspect(draw, fleet);
      const afterMs = inTurn([30, -30], Math.floor(draw.turn / 2)) * SECOND;
      const follower = rival(draw, shipment, {
        rings: shipment.form.rings.map((ring) => ({ ...ring, at: ring.at + afterMs })),
        follows: { shipment, share, afterMs },
      });
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability: fleet.hosts < 1e6 ? 0.05 : 0.005,
        crashesAfter: crashDelay(draw),
        others: [follower],
        sample: new SampledHosts(fleet, START - 10 * MINUTE, draw.random.fork('sample')),
        truth: { separableAt: 'end' },
        goOnMs: 8 * MINUTE,
        words: `the other ${afterMs / SECOND} s later`,
      });
    },
  })),
  {
    number: '12',
    title: 'bundle: two updates, same hosts, same second',
    wanted: 'both named, not separable',
    runs: 260,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      const shipment = shipSuspect(draw, fleet);
      const twin = rival(draw, shipment, { rings: shipment.form.rings, follows: { shipment, share: 1, afterMs: 0 } });
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability: fleet.hosts < 1e6 ? 0.05 : 0.005,
        crashesAfter: crashDelay(draw),
        others: [twin],
        truth: { blame: [suspect, second], separable: false },
      });
    },
  },
  {
    number: '13',
    title: 'guilty only together',
    wanted: 'alarm, both named',
    runs: 40,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      const shipment = shipSuspect(draw, fleet);
      const other = rival(draw, shipment, { rings: oneRing(at - HOUR / 2, 2 * HOUR, anyShape(draw)) });
      const probability = fleet.hosts < 1e6 ? 0.1 : 0.01;
      const crashesAfter = crashDelay(draw);
      const when = (each: Shipment, host: Parameters<Shipment['appliedAt']>[0]) => each.appliedAt(host) ?? Infinity;
      const drivers = [{ driver: shared, share: 1, stopCode: 0x50 }];
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability,
        crashesAfter,
        others: [other],
        among: (host) => when(other, host) <= when(shipment, host),
        amongShare: 0.3,
        more: [
          harm(
            other,
            {
              probability,
              crashesAfter,
              tellsAfter: afterReboot,
              drivers,
              among: (host) => when(shipment, host) < when(other, host),
            },
            draw.random.fork('other harm'),
          ),
        ],
        sample: new SampledHosts(fleet, START - 10 * MINUTE, draw.random.fork('sample')),
        truth: { blame: [suspect, second], separable: 'either' },
        goOnMs: 8 * MINUTE,
      });
    },
  },
];
