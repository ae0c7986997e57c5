import { SampledHosts } from '../world/sample';
import type { ScenarioClass } from '../suite/class';
import { guiltyPlan } from './guilty';
import {
  HOUR,
  MINUTE,
  OWNER,
  PER_HOST_DAY,
  SECOND,
  START,
  anyShape,
  crashDelay,
  inTurn,
  knownPast,
  makeFleet,
  oneRing,
  shipSuspect,
} from './parts';
import { quietPlan } from './quiet-plan';

const at = START + 9 * MINUTE;

export const ramps: ScenarioClass[] = [
  {
    number: '4',
    title: 'ramp: 1 % for 6 h, 10 % for 12 h, then all',
    wanted: 'alarm inside the 1 % ring',
    runs: 60,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([1_000_000, 1_000_000, 8_500_000], draw.turn));
      const shape = anyShape(draw);
      const rings = [
        { until: 0.01, at, lasts: 5 * HOUR, shape },
        { until: 0.1, at: at + 6 * HOUR, lasts: 10 * HOUR, shape },
        { until: 1, at: at + 18 * HOUR, lasts: 10 * HOUR, shape },
      ];
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet, { rings, stepMs: 5 * SECOND }),
        probability: 0.005,
        crashesAfter: crashDelay(draw),
        truth: { scope: 'global' },
        minutes: 300,
      });
    },
  },
  {
    number: '5',
    title: 'slow ramp, weak effect',
    wanted: 'alarm before all have it, where it can be seen',
    runs: 8,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([1_000_000, 8_500_000], draw.turn));
      const ratio = inTurn([5, 8], Math.floor(draw.turn / 2));
      const ownerShare = 0.05;
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet, { rings: oneRing(at, 8 * HOUR, anyShape(draw)), stepMs: 60 * SECOND }),
        // The owner's crashes of the next 8 hours, so many times as often.
        probability: ((ratio - 1) * PER_HOST_DAY * ownerShare) / 3,
        crashesAfter: { kind: 'fixed', ms: 0, spreadMs: 8 * HOUR },
        benign: 5,
        drivers: [{ driver: OWNER, share: 1, stopCode: 0x50 }],
        minutes: 8 * 60,
        words: `rate ratio ${ratio}`,
      });
    },
  },
  {
    number: '6',
    title: 'bad on one OS build only',
    wanted: 'alarm, scope: that build',
    runs: 440,
    plan(draw) {
      const builds = inTurn([3, 6, 12], draw.turn);
      const names = Array.from({ length: builds }, (_, k) => [`10.0.${22000 + k}`, 1 / builds] as const);
      const fleet = makeFleet(draw, 1_000_000, { osBuilds: Object.fromEntries(names) });
      const bad = names[draw.random.below(builds)]![0];
      return guiltyPlan(draw, {
        fleet,
        shipment: shipSuspect(draw, fleet),
        probability: 0.01,
        crashesAfter: crashDelay(draw),
        among: ({ stratum }) => stratum.osBuild === bad,
        amongShare: 1 / builds,
        truth: { scope: 'single_build' },
        words: `1 of ${builds} builds`,
      });
    },
  },
  {
    number: '7',
    title: 'one organisation only',
    wanted: 'an alert limited to it, nothing global',
    runs: 80,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const org = `org-${1 + (draw.turn % 4)}`;
      const shipment = shipSuspect(draw, fleet);
      return guiltyPlan(draw, {
        fleet,
        shipment,
        // Hosts of one organisation are compared among themselves, in the sample.
        sample: new SampledHosts(fleet, START - 10 * MINUTE, draw.random.fork('sample')),
        probability: 0.3,
        crashesAfter: crashDelay(draw),
        among: (host) => host.org === org,
        amongShare: fleet.shareOfOrg(1 + (draw.turn % 4)),
        truth: { scope: 'single_org' },
        words: org,
      });
    },
  },
  {
    number: '25',
    title: 'a driver that 200 hosts have',
    wanted: 'alarm when y >= 10 %, else nothing',
    runs: 50,
    plan(draw) {
      const fleet = makeFleet(draw, 50_000);
      const probability = inTurn([0.3, 0.1, 0.15, 0.3], draw.turn);
      const shipment = shipSuspect(draw, fleet, {
        update: { channel: 'driver:rare.sys', version: '2' },
        driver: 'rare.sys',
        channelShare: 200 / 50_000,
        rings: oneRing(at, 2 * HOUR, anyShape(draw)),
        stepMs: 10 * SECOND,
      });
      return guiltyPlan(draw, {
        fleet,
        shipment,
        probability,
        crashesAfter: crashDelay(draw, 5 * MINUTE),
        drivers: [{ driver: 'rare.sys', share: 1, stopCode: 0x50 }],
        minutes: 180,
        ...knownPast(draw),
      });
    },
  },
  {
    number: 'device',
    title: 'an innocent update only for hosts that have the device, whose driver crashes',
    wanted: 'silent',
    runs: 40,
    plan(draw) {
      const fleet = makeFleet(draw, inTurn([50_000, 200_000], draw.turn));
      const shipment = shipSuspect(draw, fleet, {
        channelShare: 0.2,
        rings: oneRing(at, 6 * HOUR, anyShape(draw)),
        stepMs: 30 * SECOND,
      });
      return quietPlan(draw, fleet, {
        shipments: [shipment],
        hours: 6,
        background: {
          perHostDay: 2 * PER_HOST_DAY,
          drivers: [
            { driver: OWNER, share: 0.5 },
            { driver: 'other-1.sys', share: 0.3 },
            { driver: 'other-2.sys', share: 0.2 },
          ],
          // Who has no such device never crashes in its driver.
          factor: (_, host, driver) => (driver !== OWNER || shipment.runsChannel(host) ? 1 : 0),
        },
      });
    },
  },
];
