import { afterReboot } from '../world/delay';
import { CrashSource, harm } from '../world/crashes';
import type { ScenarioClass } from '../suite/class';
import {
  HOUR,
  MINUTE,
  OWNER,
  PER_HOST_DAY,
  SECOND,
  START,
  anyShape,
  inTurn,
  makeFleet,
  oneRing,
  shipSuspect,
  usualCrashes,
  usualDrivers,
} from './parts';
import { quietPlan, quietSizes } from './quiet-plan';

const at = START + 9 * MINUTE;

export const quiet: ScenarioClass[] = [
  {
    number: '8',
    title: 'Patch Tuesday: all crashes x3 to x8',
    wanted: 'silent',
    runs: 50,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const most = inTurn([3, 5, 8], Math.floor(draw.turn / 3));
      const factor = (time: number) => (time < START + HOUR ? 1 : most);
      return quietPlan(draw, fleet, {
        shipments: [
          shipSuspect(draw, fleet, { rings: oneRing(START + HOUR, 2 * HOUR, anyShape(draw)), stepMs: 10 * SECOND }),
        ],
        background: { factor, most },
        words: `crashes x${most}`,
      });
    },
  },
  {
    number: '14',
    title: 'regional power cut: crashes of one country x40 for 20 min',
    wanted: 'silent, or no update blamed',
    runs: 100,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const cut = START + HOUR;
      return quietPlan(draw, fleet, {
        background: {
          most: 40,
          factor: (time, { stratum }) => (stratum.country === 'DE' && time >= cut && time < cut + 20 * MINUTE ? 40 : 1),
        },
        hours: 3,
      });
    },
  },
  {
    number: '15',
    title: 'heat wave: hardware errors x5 in one country, a driver update inside',
    wanted: 'silent',
    runs: 120,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const drivers = [...usualDrivers(), { driver: 'hal.dll', share: 0.3, stopCode: 0x124 }];
      return quietPlan(draw, fleet, {
        shipments: [shipSuspect(draw, fleet, { rings: oneRing(at, 3 * HOUR, anyShape(draw)), stepMs: 10 * SECOND })],
        background: {
          drivers,
          most: 5,
          factor: (_, { stratum }, driver) => (stratum.country === 'DE' && driver === 'hal.dll' ? 5 : 1),
        },
        hours: 6,
      });
    },
  },
  {
    number: '16',
    title: 'a few hosts in a crash loop: 3 to 8 hosts, 40 crashes each',
    wanted: 'silent',
    runs: 110,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 2 * HOUR, anyShape(draw)) });
      const random = draw.random.fork('loops');
      const looping = Array.from({ length: 3 + random.below(6) }, () => ({
        host: fleet.draw(random),
        since: START + random.uniform() * 2 * HOUR,
      }));
      const loops: CrashSource = function* (from, until) {
        for (const { host, since } of looping) {
          for (let crash = 0; crash < 40; crash++) {
            const time = since + crash * 3 * MINUTE;
            if (time >= from && time < until)
              yield { host, at: time, toldAt: time + MINUTE, driver: OWNER, stopCode: 0x50 };
          }
        }
      };
      return quietPlan(draw, fleet, { shipments: [shipment], crashes: [loops], words: `${looping.length} loops` });
    },
  },
  {
    number: '22',
    title: 'weekend dip and Monday boot storm',
    wanted: 'silent',
    runs: 120,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const opens = START + 2 * HOUR;
      return quietPlan(draw, fleet, {
        // Whoever was off takes what waited when it boots.
        shipments: [shipSuspect(draw, fleet, { rings: oneRing(opens, 40 * MINUTE, 'logistic'), stepMs: 5 * SECOND })],
        background: { most: 4, factor: (time) => (time < opens ? 0.4 : time < opens + HOUR ? 4 : 1) },
      });
    },
  },
  {
    number: '23',
    title: 'the fleet grows by half within an hour',
    wanted: 'silent',
    runs: 120,
    plan(draw) {
      const joins = { share: 1 / 3, from: START + 30 * MINUTE, lasts: HOUR };
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn), { joins });
      return quietPlan(draw, fleet, {
        shipments: [shipSuspect(draw, fleet, { rings: oneRing(at, 2 * HOUR, anyShape(draw)), stepMs: 10 * SECOND })],
        // On its first day a host crashes twice as often.
        background: { most: 2, factor: (_, host) => (fleet.joinedAt(host) > 0 ? 2 : 1) },
      });
    },
  },
  {
    number: '31',
    title: 'a bucket is split by new symbols, the total stays',
    wanted: 'silent',
    runs: 120,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const before = usualCrashes(draw, fleet);
      const renamed: CrashSource = function* (from, until) {
        for (const stop of before(from, until)) {
          const isNew = stop.driver === 'other-1.sys' && stop.at > START + HOUR;
          yield isNew ? { ...stop, driver: 'other-1-new.sys' } : stop;
        }
      };
      const plan = quietPlan(draw, fleet, {
        shipments: [
          shipSuspect(draw, fleet, { rings: oneRing(START + HOUR, HOUR, anyShape(draw)), stepMs: 10 * SECOND }),
        ],
      });
      return { ...plan, crashes: [renamed] };
    },
  },
  {
    number: '35',
    title: 'an innocent update shakes hosts: x5 for 10 min after every apply, bucket 30 % of all crashes',
    wanted: 'silent',
    runs: 50,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 200_000, 1_000_000], draw.turn));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 2 * HOUR, anyShape(draw)), stepMs: 10 * SECOND });
      const shaken = harm(
        shipment,
        {
          probability: (PER_HOST_DAY * 4 * 10) / 1440,
          crashesAfter: { kind: 'fixed', ms: 0, spreadMs: 10 * MINUTE },
          tellsAfter: afterReboot,
          drivers: usualDrivers(0.3),
        },
        draw.random.fork('shaken'),
      );
      return quietPlan(draw, fleet, {
        shipments: [shipment],
        crashes: [shaken],
        background: { drivers: usualDrivers(0.3) },
        hours: 3,
      });
    },
  },
  {
    number: '37',
    title: 'fast adopters crash half as often, or twice',
    wanted: 'silent',
    runs: 110,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn(quietSizes.slice(0, 3), draw.turn));
      const shipment = shipSuspect(draw, fleet, { rings: oneRing(at, 3 * HOUR, anyShape(draw)), stepMs: 10 * SECOND });
      const times = inTurn([0.5, 2], draw.turn);
      const half = at + 1.5 * HOUR;
      return quietPlan(draw, fleet, {
        shipments: [shipment],
        background: { most: 2, factor: (_, host) => ((shipment.appliedAt(host) ?? Infinity) < half ? times : 1) },
        words: `x${times}`,
      });
    },
  },
  {
    number: 'quiet',
    title: 'nothing happens, 200 innocent updates under way',
    wanted: 'silent',
    runs: 8,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([2_000, 50_000, 200_000], draw.turn));
      return quietPlan(draw, fleet, { benign: 200, hours: 3, words: '200 updates' });
    },
  },
];
