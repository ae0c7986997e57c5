import { CrashSource, Drivers, HarmForm, harm } from '../world/crashes';
import { Delay, afterReboot } from '../world/delay';
import type { Fleet } from '../world/fleet';
import type { Plan, Truth } from '../world/plan';
import type { SampledHosts } from '../world/sample';
import type { Shipment } from '../world/shipment';
import { Floor, floorOf } from '../floor/floor';
import type { Draw } from '../suite/class';
import {
  MINUTE,
  OWNER,
  OWNER_SHARE,
  PER_HOST_DAY,
  START,
  appliedBy,
  innocents,
  suspect,
  usualCrashes,
  usualPast,
} from './parts';

export interface GuiltyForm {
  fleet: Fleet;
  shipment: Shipment;
  probability: number;
  crashesAfter: Delay;
  tellsAfter?: Delay;
  reports?: number;
  /** Buckets that the crashes fall into; the suspect's own driver when left out. */
  drivers?: Drivers;
  among?: HarmForm['among'];
  /** Share of the takers that can be harmed, for the floor. */
  amongShare?: number;
  /** What shares the channel's fate besides the suspect. */
  others?: readonly Shipment[];
  more?: readonly CrashSource[];
  background?: CrashSource;
  benign?: number;
  truth?: Partial<Extract<Truth, { kind: 'guilty' }>>;
  harmUntil?: number;
  /** Whose crashes of the weeks before are known; nobody's when left out. */
  pastDrivers?: Drivers;
  sample?: SampledHosts;
  goOnMs?: number;
  minutes?: number;
  words?: string;
}

/** A run in which one update makes some of the hosts crash that take it. */
export function guiltyPlan(draw: Draw, form: GuiltyForm): Plan {
  const { fleet, shipment, probability, crashesAfter, tellsAfter = afterReboot, reports = 1 } = form;
  const { minutes = 120, benign = 20 } = form;
  const drivers = form.drivers ?? [{ driver: OWNER, share: 1, stopCode: 0x50 }];
  const harmForm: HarmForm = {
    probability,
    reports,
    crashesAfter,
    tellsAfter,
    drivers,
    channel: shipment.update.channel,
    ...(form.among ? { among: form.among } : {}),
    ...(form.harmUntil ? { until: form.harmUntil } : {}),
  };
  const starts = START - 10 * MINUTE;
  return {
    fleet,
    shipments: [shipment, ...(form.others ?? []), ...innocents(draw, fleet, benign)],
    crashes: [
      form.background ?? usualCrashes(draw, fleet, { tellsAfter }),
      harm(shipment, harmForm, draw.random.fork('harm')),
      ...(form.more ?? []),
    ],
    ...(form.pastDrivers ? { past: usualPast(draw, fleet, [...form.pastDrivers]) } : {}),
    ...(form.sample ? { sample: form.sample } : {}),
    starts: form.sample ? form.sample.starts : starts,
    ends: shipment.shippedAt + minutes * MINUTE,
    truth: {
      kind: 'guilty',
      blame: [shipment.update ?? suspect],
      separable: true,
      firstHarmAt: shipment.shippedAt,
      ...form.truth,
    },
    floor: floorFor(form, minutes * MINUTE),
    ...(form.goOnMs ? { goOnMs: form.goOnMs } : {}),
    words: `${fleet.hosts} hosts, y ${probability}${reports === 1 ? '' : `, ${reports} told`}${form.words ? `, ${form.words}` : ''}`,
  };
}

const floors = new Map<string, Floor>();

/** The same figures give the same floor, and it is reckoned once. */
function floorFor(form: GuiltyForm, lastsMs: number): Floor {
  const { shipment, probability, crashesAfter, tellsAfter = afterReboot, reports = 1, amongShare = 1 } = form;
  const { rings, channelShare, stopsAt } = shipment.form;
  const key = JSON.stringify([
    rings,
    channelShare,
    stopsAt,
    probability,
    crashesAfter,
    tellsAfter,
    reports,
    amongShare,
    lastsMs,
    shipment.fleet.hosts,
    form.drivers?.length,
  ]);
  let floor = floors.get(key);
  if (!floor) {
    const all = appliedBy(shipment);
    floor = floorOf({
      appliedBy: (after) => amongShare * all(after),
      lastsMs,
      probability,
      reports,
      crashesAfter,
      tellsAfter,
      basePerHostDay: PER_HOST_DAY * (form.drivers ? 1 : OWNER_SHARE),
    });
    floors.set(key, floor);
  }
  return floor;
}
