import { harm } from '../world/crashes';
import { afterReboot } from '../world/delay';
import { Shipment } from '../world/shipment';
import type { ScenarioClass } from '../suite/class';
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
  suspect,
  usualCrashes,
  usualDrivers,
  usualPast,
} from './parts';
import { quietPlan } from './quiet-plan';

const at = START + 9 * MINUTE;
const withdrawn = at + 30 * MINUTE;
const action = (time: number, what: 'withdrawn', update = suspect) => ({
  update,
  action: what,
  driver: OWNER,
  occurredAt: time,
  receivedAt: time + SECOND,
});

export const life: ScenarioClass[] = [
  {
    number: '27',
    title: 'an update that fixes crashes, rate ratio .1',
    wanted: 'no alarm',
    runs: 30,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 200_000], draw.turn));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 2 * HOUR, anyShape(draw)), stepMs: 10 * SECOND });
      return quietPlan(draw, fleet, {
        shipments: [shipment],
        background: {
          drivers: usualDrivers(0.3),
          factor: (time, host, driver) =>
            driver === OWNER && (shipment.appliedAt(host) ?? Infinity) <= time ? 0.1 : 1,
        },
      });
    },
  },
  {
    number: '28',
    title: 'rollback: guilty until it is withdrawn, then hosts recover',
    wanted: 'open, mitigated, resolved; no flap',
    runs: 40,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const shipment = shipSuspect(draw, fleet, {
        rings: oneRing(at, 78 * MINUTE, anyShape(draw)),
        stopsAt: withdrawn,
      });
      const plan = guiltyPlan(draw, {
        fleet,
        shipment,
        probability: 0.05,
        crashesAfter: crashDelay(draw),
        harmUntil: withdrawn + 5 * MINUTE,
        benign: 5,
        truth: { scope: 'global', endsAt: withdrawn + 5 * MINUTE },
        goOnMs: 3 * HOUR,
        minutes: 200,
      });
      return { ...plan, actions: [action(withdrawn, 'withdrawn')] };
    },
  },
  {
    number: '29',
    title: 'a second bad version after the rollback',
    wanted: 'an alert of its own',
    runs: 20,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const first = shipSuspect(draw, fleet, { stopsAt: withdrawn });
      const next = { channel: suspect.channel, version: '33' };
      const shipment = new Shipment(
        { update: next, driver: OWNER, rings: oneRing(withdrawn + 30 * MINUTE, 78 * MINUTE, anyShape(draw)) },
        fleet,
        draw.random.fork('second'),
      );
      const crashesAfter = crashDelay(draw);
      const drivers = [{ driver: OWNER, share: 1, stopCode: 0x50 }];
      const plan = guiltyPlan(draw, {
        fleet,
        shipment,
        probability: 0.05,
        crashesAfter,
        others: [first],
        more: [
          harm(
            first,
            { probability: 0.05, crashesAfter, tellsAfter: afterReboot, drivers, until: withdrawn + 5 * MINUTE },
            draw.random.fork('first harm'),
          ),
        ],
        truth: { scope: 'global', also: [suspect] },
      });
      return { ...plan, actions: [action(withdrawn, 'withdrawn')] };
    },
  },
  {
    number: '34',
    title: 'a crash spike without any update: one driver x50 everywhere',
    wanted: '"no update correlated" within 2 min',
    runs: 16,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 200_000], draw.turn));
      const plan = quietPlan(draw, fleet, { benign: 5, hours: 2 });
      const surge = usualCrashes(draw, fleet, {
        most: 50,
        factor: (time, _, driver) => (driver === 'other-1.sys' && time > START + HOUR ? 50 : 1),
      });
      return { ...plan, crashes: [surge], past: usualPast(draw, fleet), truth: { kind: 'spike', since: START + HOUR } };
    },
  },
];
