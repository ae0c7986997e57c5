import { RandomSource } from '@ringwatch/fleet';
import { Watch, defaultPolicy, measure } from '@ringwatch/detection';
import { classes } from '../classes';
import { playOut } from '../suite/play-out';
import { Arrivals } from '../world/evidence';
import type { Plan } from '../world/plan';

/** One run as a picture needs it; times in seconds after the suspect was shipped. */
export interface Trace {
  plan: Plan;
  /** ln E of the suspect, and the largest of any innocent update, as reports come. */
  suspect: Array<[number, number]>;
  innocent: Array<[number, number]>;
  /** Share of the fleet that has the suspect, and crashed hosts that were told of, in the suspect's driver. */
  adoption: Array<[number, number]>;
  reported: Array<[number, number]>;
  alarmAt: number | undefined;
}

/** Follows one run of a class for so many seconds after the suspect was shipped. */
export function traceRun(name: string, seed: number, seconds: number, turn = seed): Trace {
  const scenario = classes.find(({ number }) => number === name)!;
  const planned = () => scenario.plan({ random: new RandomSource(`${name}/${seed}`), turn, beyond: false });
  const plan = planned();
  const suspect = plan.shipments[0]!;
  const opened = playOut(planned()).changes.find(({ change }) => change === 'opened');
  const after = (time: number) => (time - suspect.shippedAt) / 1000;
  const trace: Trace = {
    plan,
    suspect: [[0, 0]],
    innocent: [[0, 0]],
    adoption: [],
    reported: [[0, 0]],
    alarmAt: opened && after(Date.parse(opened.detected_at)),
  };
  follow(plan, seconds, trace, after);
  for (let second = 0; second <= seconds; second += seconds / 100) {
    const hosts = plan.fleet.strata.reduce(
      (sum, stratum) => sum + suspect.takenBefore(stratum, suspect.shippedAt + second * 1000),
      0,
    );
    trace.adoption.push([second, hosts / plan.fleet.hosts]);
  }
  return trace;
}

function follow(plan: Plan, seconds: number, trace: Trace, after: (time: number) => number): void {
  const watch = new Watch(defaultPolicy);
  const arrivals = new Arrivals(plan);
  const suspect = plan.shipments[0]!;
  let reported = 0;
  for (let at = plan.starts; after(at) < seconds; at += 10_000) {
    arrivals.cause(at, at + 10_000);
    for (const [tick, batch] of arrivals.takeUntil(at + 10_000)) {
      watch.absorb(batch);
      const time = after(tick);
      if (time < 0 || time > seconds || batch.crashes.length === 0) continue;
      reported += batch.crashes.filter(({ driver }) => driver === suspect.form.driver).length;
      trace.reported.push([time, reported]);
      let most = -Infinity;
      for (const watched of watch.updates.values()) {
        const { statistic } = measure(watched, defaultPolicy);
        if (watched.key === suspect.key) trace.suspect.push([time, statistic]);
        else if (watched.treatedHosts() > 0) most = Math.max(most, statistic);
      }
      if (most > -Infinity) trace.innocent.push([time, most]);
    }
  }
}
