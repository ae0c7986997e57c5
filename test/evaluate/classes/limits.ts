import type { ScenarioClass } from '../suite/class';
import { guiltyPlan } from './guilty';
import {
  HOUR,
  MINUTE,
  OWNER,
  OWNER_SHARE,
  PER_HOST_DAY,
  SECOND,
  START,
  crashDelay,
  inTurn,
  makeFleet,
  oneRing,
  shipSuspect,
  usualCrashes,
} from './parts';

const at = START + 9 * MINUTE;
const sizes = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3];

/** Not classes of the list, but what its goals and pictures ask for besides. */
export const limits: ScenarioClass[] = [
  {
    number: 'smallest',
    title: '8.5 M hosts within 4 h, y 1e-5, own bucket',
    wanted: 'found',
    runs: 20,
    plan(draw) {
      const fleet = makeFleet({ ...draw, beyond: false }, 8_500_000);
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 4 * HOUR), stepMs: 20 * SECOND });
      // The suspect's own bucket is whole; of all others a twentieth is played, to save time.
      const drivers = [
        { driver: OWNER, share: OWNER_SHARE },
        { driver: 'other-1.sys', share: 0.05 },
      ];
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability: 1e-5,
        crashesAfter: crashDelay({ ...draw, beyond: false }),
        background: usualCrashes(draw, fleet, { drivers, perHostDay: PER_HOST_DAY * (0.05 + OWNER_SHARE) }),
        benign: 2,
        minutes: 240,
      });
    },
  },
  {
    number: 'power',
    title: '1 M hosts over 78 min, y 1e-5 to 1e-3, one hour',
    wanted: 'found as often as can be',
    runs: 100,
    plan(draw) {
      const fleet = makeFleet({ ...draw, beyond: false }, 1_000_000);
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet, { rings: oneRing(at, 78 * MINUTE), stepMs: 5 * SECOND }),
        probability: inTurn(sizes, draw.turn),
        crashesAfter: { kind: 'exponential', meanMs: 30_000 },
        benign: 2,
        minutes: 60,
      });
    },
  },
];
