import { updateKey, type Update } from '@ringwatch/rollout';
import { ANY_DRIVER } from '../concurrent/buckets';
import { type Contrast, isTelling } from '../concurrent/contrast';
import { type RelativeRisk, expectedWithoutEffect, lnEvidenceOfRatio, relativeRisk } from '../concurrent/relative-risk';
import { alarmLine } from '../policy';
import { discoveryLine } from '../statistics/e-bh';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';
import { measure } from './measure';

/**
 * Where an update stands. `insufficient`: no crash could be compared yet. `watch`: evidence that would be too little to wake
 * anyone, but is worth a look. `alarm`: over the line (an incident also needs the guards and no better explanation).
 * `reduces`: hosts with it crash less. `unremarkable`: the rest.
 */
export type Standing = 'insufficient' | 'unremarkable' | 'watch' | 'alarm' | 'reduces';

/** The figures of one update at a tick, whether or not there is an incident. */
export interface Judgement {
  update: Update;
  standing: Standing;
  /** ln E of the weighted evidence, and the line of the alarm. */
  statistic: number;
  threshold: number;
  /** By crashes of any driver at any age. */
  observed: number;
  expected: number;
  /** Null while the evidence speaks for neither side: it is the costly part. */
  relativeRisk: RelativeRisk | null;
  minRelativeRisk: number;
  exposedHosts: number;
}

/** At most this share of the updates on the watch list, and of those said to reduce crashes, is there by chance. */
const WRONG_SHARE = 0.01;

/** Judges all updates under watch together, in order of their keys. */
export function judgeAll(watch: Watch): Judgement[] {
  const line = alarmLine(watch.policy);
  const all = [...watch.updates.values()]
    .sort((a, b) => (updateKey(a.update) < updateKey(b.update) ? -1 : 1))
    .map((watched) => ({
      watched,
      statistic: measure(watched, watch.policy).statistic,
      crashes: crashesOf(watched),
    }));
  const watchLine = discoveryLine(
    all.map(({ statistic }) => statistic),
    WRONG_SHARE,
  );
  const fewerLine = discoveryLine(
    all.map(({ crashes }) => crashes.lnFewer),
    WRONG_SHARE,
  );
  return all.map(({ watched, statistic, crashes }): Judgement => {
    const { lnFewer, isTold, expected } = crashes;
    const standing = (): Standing => {
      if (statistic >= line) return 'alarm';
      if (statistic >= watchLine) return 'watch';
      if (!isTold) return 'insufficient';
      return lnFewer >= fewerLine ? 'reduces' : 'unremarkable';
    };
    return {
      update: watched.update,
      standing: standing(),
      statistic,
      threshold: line,
      observed: watched.treatedHosts(),
      expected,
      relativeRisk: statistic > 0 || lnFewer > 0 ? (crashes.relativeRisk ??= relativeRisk(contrastsOf(watched))) : null,
      minRelativeRisk: watched.nullRatio.ratio,
      exposedHosts: watched.applied.total(),
    };
  });
}

/** What crashes of any driver at any age say, until they change: most updates stand for days as they stood. */
interface AnyDriver {
  revision: number;
  lnFewer: number;
  isTold: boolean;
  expected: number;
  relativeRisk?: RelativeRisk;
}

const answers = new WeakMap<WatchedUpdate, AnyDriver>();

function crashesOf(watched: WatchedUpdate): AnyDriver {
  const { revision } = watched;
  const known = answers.get(watched);
  if (known?.revision === revision) return known;
  const contrasts = contrastsOf(watched);
  const answer = {
    revision,
    lnFewer: lnEvidenceOfRatio(contrasts, 1, -1),
    isTold: contrasts.some(isTelling),
    expected: expectedWithoutEffect(contrasts),
  };
  answers.set(watched, answer);
  return answer;
}

function contrastsOf(watched: WatchedUpdate): Contrast[] {
  return watched.cells().get(ANY_DRIVER)?.allAges(watched.exposure()) ?? [];
}
