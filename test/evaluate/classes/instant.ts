import { background, zipfDrivers } from '../world/crashes';
import { afterReboot } from '../world/delay';
import { SampledHosts } from '../world/sample';
import type { ScenarioClass } from '../suite/class';
import { guiltyPlan } from './guilty';
import {
  HOUR,
  MINUTE,
  PER_HOST_DAY,
  START,
  anyShape,
  crashDelay,
  fleetSizes,
  inTurn,
  innocents,
  knownPast,
  makeFleet,
  oneRing,
  shipSuspect,
  usualDrivers,
} from './parts';

const july = START + 9 * MINUTE;

export const instant: ScenarioClass[] = [
  {
    number: '1',
    title: 'instant global bad content update, driver unchanged',
    wanted: 'blame the content version',
    runs: 560,
    plan(draw) {
      const hosts = inTurn(fleetSizes, draw.turn);
      const probability = inTurn([0.9, 0.1, 0.01, 0.001], Math.floor(draw.turn / fleetSizes.length));
      const fleet = makeFleet(draw, hosts);
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet),
        probability,
        crashesAfter: crashDelay(draw),
        tellsAfter: inTurn([afterReboot, { kind: 'none' as const }], Math.floor(draw.turn / 16)),
        truth: { scope: 'global' },
        ...knownPast(draw),
      });
    },
  },
  {
    number: '2',
    title: 'July 2024, one victim in a hundred tells',
    wanted: 'alarm within 60 s',
    runs: 48,
    plan(draw) {
      const fleet = makeFleet({ ...draw, beyond: false }, 8_500_000);
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet, { rings: oneRing(july, 78 * MINUTE) }),
        probability: 0.9,
        reports: 0.01,
        crashesAfter: { kind: 'exponential', meanMs: 30_000 },
        truth: { scope: 'global' },
        minutes: 10,
      });
    },
  },
  {
    number: '2b',
    title: 'July 2024, all victims tell',
    wanted: 'alarm within 30 s',
    runs: 48,
    plan(draw) {
      const fleet = makeFleet({ ...draw, beyond: false }, 8_500_000);
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet, { rings: oneRing(july, 78 * MINUTE) }),
        probability: 0.9,
        crashesAfter: { kind: 'exponential', meanMs: 30_000 },
        truth: { scope: 'global' },
        minutes: 10,
      });
    },
  },
  {
    number: '3',
    title: 'July 2024, no victim tells anything: all fall silent',
    wanted: 'alarm by silence',
    runs: 8,
    plan(draw) {
      const fleet = makeFleet({ ...draw, beyond: false }, inTurn([50_000, 8_500_000], draw.turn));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(july, 78 * MINUTE) });
      const others = innocents(draw, fleet, 3);
      const after = { kind: 'exponential' as const, meanMs: 30_000 };
      const silenced = { shipment, probability: 0.9, after };
      const sample = new SampledHosts(fleet, START - 100 * MINUTE, draw.random.fork('sample'), silenced);
      const plan = guiltyPlan(draw, {
        fleet,
        shipment,
        probability: 0.9,
        reports: 0,
        crashesAfter: after,
        others,
        benign: 0,
        sample,
        minutes: 100,
      });
      // No report ever comes: the floor of reports says nothing of signs of life.
      delete plan.floor;
      return plan;
    },
  },
  {
    number: '21',
    title: 'crash stream sampled to 1 % or 10 %',
    wanted: 'found as section 6 says',
    runs: 260,
    plan(draw) {
      const sample = inTurn([0.01, 0.1], draw.turn);
      const fleet = makeFleet(draw, inTurn([1_000_000, 8_500_000], Math.floor(draw.turn / 2)));
      const fork = draw.random.fork('background');
      const anyway = { perHostDay: PER_HOST_DAY * sample, tellsAfter: afterReboot, drivers: usualDrivers() };
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet),
        probability: inTurn([0.1, 0.02], Math.floor(draw.turn / 4)),
        reports: sample,
        crashesAfter: crashDelay(draw),
        background: background(fleet, anyway, fork),
      });
    },
  },
  {
    number: '26',
    title: 'crash 3 h or 24 h after the apply',
    wanted: 'alarm soon after the first crash that can be',
    runs: 24,
    plan(draw) {
      const late = inTurn([3 * HOUR, 3 * HOUR, 24 * HOUR], draw.turn);
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(july, 78 * MINUTE, anyShape(draw)) });
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability: fleet.hosts < 1e6 ? 0.02 : 0.002,
        crashesAfter: { kind: 'fixed', ms: late, spreadMs: 10 * MINUTE },
        tellsAfter: { kind: 'none' },
        benign: 10,
        pastDrivers: usualDrivers(),
        truth: { firstHarmAt: july + late },
        minutes: late / MINUTE + 90,
        words: `${late / HOUR} h later`,
      });
    },
  },
  {
    number: '30',
    title: 'memory corruption over 50 drivers',
    wanted: 'alarm by the bucket of any driver',
    runs: 340,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet),
        probability: fleet.hosts < 1e6 ? 0.05 : 0.005,
        crashesAfter: crashDelay(draw),
        drivers: zipfDrivers(50).map(({ driver }) => ({ driver, share: 1, stopCode: 0x1a })),
        truth: { scope: 'global' },
      });
    },
  },
  {
    number: '38',
    title: 'everybody applies within one bin',
    wanted: 'alarm without a contrast, said to be weaker',
    runs: 60,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], draw.turn));
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet, { rings: oneRing(july, 1_000, 'at once') }),
        probability: 0.01,
        crashesAfter: crashDelay(draw),
        pastDrivers: usualDrivers(),
        minutes: 60,
      });
    },
  },
];
