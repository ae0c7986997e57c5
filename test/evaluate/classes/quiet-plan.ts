import type { CrashSource, BackgroundForm } from '../world/crashes';
import type { Fleet } from '../world/fleet';
import type { Plan } from '../world/plan';
import type { SampledHosts } from '../world/sample';
import type { Shipment } from '../world/shipment';
import type { Draw } from '../suite/class';
import { HOUR, MINUTE, START, innocents, usualCrashes, usualPast } from './parts';

export interface QuietForm {
  shipments?: readonly Shipment[];
  background?: Partial<BackgroundForm>;
  crashes?: readonly CrashSource[];
  actions?: Plan['actions'];
  hours?: number;
  benign?: number;
  sample?: SampledHosts;
  words?: string;
}

/** A run in which nothing is wrong with any update, whatever else happens. */
export function quietPlan(draw: Draw, fleet: Fleet, form: QuietForm): Plan {
  const { hours = 4, benign = 20, shipments = [], crashes = [], words } = form;
  const until = START + (hours / 2) * HOUR;
  return {
    fleet,
    shipments: [...shipments, ...innocents(draw, fleet, benign, { until })],
    crashes: [usualCrashes(draw, fleet, form.background ?? {}), ...crashes],
    ...(form.actions ? { actions: form.actions } : {}),
    ...(form.background?.drivers ? {} : { past: usualPast(draw, fleet) }),
    ...(form.sample ? { sample: form.sample } : {}),
    starts: form.sample ? form.sample.starts : START - 10 * MINUTE,
    ends: START + hours * HOUR,
    truth: { kind: 'silent' },
    words: `${fleet.hosts} hosts${words ? `, ${words}` : ''}`,
  };
}

/** Sizes for runs of hours without an end in sight: the largest fleets would take minutes each. */
export const quietSizes = [2_000, 50_000, 200_000, 1_000_000];
