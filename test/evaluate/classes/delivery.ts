import type { CrashSource, Stop } from '../world/crashes';
import { shareOfHash } from '../world/hash';
import type { Plan } from '../world/plan';
import type { Draw, ScenarioClass } from '../suite/class';
import { guiltyPlan } from './guilty';
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  START,
  anyShape,
  crashDelay,
  inTurn,
  makeFleet,
  oneRing,
  shipSuspect,
  suspect,
} from './parts';
import { quietPlan } from './quiet-plan';

const at = START + 9 * MINUTE;

/** Half of the runs of these classes are innocent. */
function either(draw: Draw, guilty: () => Plan, quiet: () => Plan): Plan {
  return draw.turn % 2 === 0 ? guilty() : quiet();
}

/** Changes what sources tell, stop by stop. */
function told(plan: Plan, change: (stop: Stop) => Iterable<Stop>): Plan {
  const crashes = plan.crashes.map(
    (source): CrashSource =>
      function* (from, until) {
        for (const stop of source(from, until)) yield* change(stop);
      },
  );
  return { ...plan, crashes };
}

export const delivery: ScenarioClass[] = [
  {
    number: '17',
    title: 'duplicate storm: every event 2 to 50 times, and the same hosts again with new ids',
    wanted: 'as without the copies',
    runs: 160,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const shipment = shipSuspect(draw, fleet);
      const random = draw.random.fork('copies');
      const plan = either(
        draw,
        () =>
          guiltyPlan(draw, {
            fleet,
            shipment,
            probability: 0.05,
            crashesAfter: crashDelay(draw),
            truth: { scope: 'global' },
          }),
        () => quietPlan(draw, fleet, { shipments: [shipment] }),
      );
      let events = 0;
      return told(plan, function* (stop) {
        const eventId = `e${events++}`;
        const copies = 2 + random.below(10);
        for (let copy = 0; copy < copies; copy++) {
          const later = stop.toldAt + copy * random.uniform() * MINUTE;
          yield { ...stop, toldAt: later, eventId: copy % 2 === 0 ? eventId : `${eventId}-${copy}` };
        }
      });
    },
  },
  {
    number: '18',
    title: 'clock skew: 2 % of hosts a day off, 20 % up to 90 s',
    wanted: 'as with right clocks',
    runs: 160,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], Math.floor(draw.turn / 2)));
      const shipment = shipSuspect(draw, fleet);
      const probability = fleet.hosts < 1e6 ? 0.05 : 0.005;
      const salt = draw.random.bits();
      const plan = either(
        draw,
        () =>
          guiltyPlan(draw, {
            fleet,
            shipment,
            probability,
            crashesAfter: crashDelay(draw),
            truth: { scope: 'global' },
          }),
        () => quietPlan(draw, makeFleet(draw, 50_000), {}),
      );
      return told(plan, function* (stop) {
        const place = shareOfHash(salt, stop.host.stratum.number, stop.host.index);
        const skew =
          place < 0.02 ? (place < 0.01 ? -DAY : DAY) : place < 0.22 ? ((place - 0.12) / 0.1) * 90 * SECOND : 0;
        // A clock that is more than two minutes ahead of the arrival is plainly wrong: ingest takes the arrival instead.
        const says = stop.at + skew > stop.toldAt + 2 * MINUTE ? stop.toldAt : stop.at + skew;
        yield { ...stop, saysAt: says };
      });
    },
  },
  {
    number: '19',
    title: 'a collector is down for 2 h in one country, then all comes at once',
    wanted: 'no false alarm',
    runs: 120,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([2_000, 50_000, 200_000], draw.turn));
      const [from, until] = [START + 30 * MINUTE, START + 150 * MINUTE];
      const late = (time: number, country: string, heldBack: number) =>
        country === 'DE' && time >= from && time < until ? until + heldBack : time;
      const shipment = shipSuspect(draw, fleet, {
        rings: oneRing(at, 3 * HOUR, anyShape(draw)),
        stepMs: 10 * SECOND,
        toldAt: (time, { country }) => late(time + 2 * SECOND, country, 5 * SECOND),
      });
      const random = draw.random.fork('burst');
      const plan = quietPlan(draw, fleet, { shipments: [shipment] });
      return told(plan, function* (stop) {
        yield { ...stop, toldAt: late(stop.toldAt, stop.host.stratum.country, random.uniform() * 2 * MINUTE) };
      });
    },
  },
  {
    number: '20',
    title: 'installs told 10 min late, or 3 of 10 never',
    wanted: 'no false alarm; the guilty one is found',
    runs: 60,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 1_000_000], Math.floor(draw.turn / 2)));
      const isLate = Math.floor(draw.turn / 4) % 2 === 0;
      const shipment = shipSuspect(draw, fleet, isLate ? { toldAt: (time) => time + 10 * MINUTE } : { toldShare: 0.7 });
      return either(
        draw,
        () => {
          const probability = fleet.hosts < 1e6 ? 0.05 : 0.005;
          const plan = guiltyPlan(draw, {
            fleet,
            shipment,
            probability,
            crashesAfter: crashDelay(draw),
            words: isLate ? 'late' : '3 of 10 lost',
          });
          const wait = isLate ? 10 * MINUTE : 0;
          const { floor } = plan;
          // Nobody can know of an install before it is told.
          return {
            ...plan,
            floor: floor && {
              ...floor,
              medianMs: floor.medianMs + wait,
              p95Ms: floor.p95Ms + wait,
              p99Ms: floor.p99Ms + wait,
            },
          };
        },
        () =>
          quietPlan(draw, fleet.hosts > 200_000 ? makeFleet(draw, 50_000) : fleet, {
            shipments: fleet.hosts > 200_000 ? [] : [shipment],
          }),
      );
    },
  },
  {
    number: '24',
    title: 'the same version is published again',
    wanted: 'one alert, or none where it is innocent',
    runs: 30,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const again = at + 20 * MINUTE;
      const shipment = shipSuspect(draw, fleet, {
        rings: [
          { until: 0.3, at, lasts: 20 * MINUTE, shape: 'linear' },
          { until: 1, at: again, lasts: HOUR, shape: anyShape(draw) },
        ],
      });
      const said = {
        update: suspect,
        action: 'shipped' as const,
        driver: 'csagent.sys',
        occurredAt: again,
        receivedAt: again,
      };
      const plan = either(
        draw,
        () =>
          guiltyPlan(draw, {
            fleet,
            shipment,
            probability: 0.05,
            crashesAfter: crashDelay(draw),
            goOnMs: 30 * MINUTE,
            truth: { scope: 'global' },
          }),
        () => quietPlan(draw, fleet, { shipments: [shipment] }),
      );
      return { ...plan, actions: [said] };
    },
  },
];
