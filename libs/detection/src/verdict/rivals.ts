import { alarmLine } from '../policy';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';
import { Blame, byShipping, evidenceWithout, shareBlame } from './blame';
import { ANY_DRIVER, driverOf } from '../concurrent/buckets';
import { Measured, leadingBucket } from './measure';
import { type Explanations, explanations } from './together';

/** What two updates with evidence are to each other: each with crashes of its own, or rivals for the same ones. */
export type Comparison = 'apart' | 'explains_rival' | 'explained_by_rival' | 'not_separable';

/** Evidence (ln E) from which another update is named as a rival. */
const RIVAL_LINE = 1;
/** Two updates are told apart only when their evidence differs by more: ln 20. */
const CLOSE = Math.log(20);

/**
 * Which update is to blame among those under way, at one tick. Comparisons are kept, so it may only be asked while the watch
 * stays as it is. `measureOf` gives the evidence against an update.
 */
export class Rivals {
  private readonly compared = new Map<string, Comparison>();
  private readonly left = new Map<string, number>();
  private readonly explained = new Map<string, Explanations | undefined>();

  constructor(
    private readonly watch: Watch,
    private readonly measureOf: (watched: WatchedUpdate) => Measured,
  ) {}

  /** Other updates with crashed or silent hosts and some evidence, first shipped first. */
  of(watched: WatchedUpdate): WatchedUpdate[] {
    return [...this.watch.updates.values()]
      .filter((other) => other !== watched && other.suspiciousHosts() > 0 && this.statistic(other) > RIVAL_LINE)
      .sort(byShipping);
  }

  /** Does one update explain the other's crashes, or can they not be told apart? */
  compare(a: WatchedUpdate, b: WatchedUpdate): Comparison {
    const pair = `${a.key}\n${b.key}`;
    const known = this.compared.get(pair);
    if (known) return known;
    const comparison = this.compareAnew(a, b);
    this.compared.set(pair, comparison);
    return comparison;
  }

  /**
   * Those that have to be blamed together with this one, itself first; none if it stands alone. `named`: by key, those that
   * could not be told apart from it before; others only where crashes need both.
   */
  inseparable(watched: WatchedUpdate, named: readonly string[]): WatchedUpdate[] {
    const rivals = this.of(watched).filter((rival) =>
      named.includes(rival.key)
        ? this.compare(watched, rival) === 'not_separable'
        : this.compare(watched, rival) !== 'apart' && this.areTogether(watched, rival),
    );
    return rivals.length > 0 ? [watched, ...rivals] : [];
  }

  /**
   * Shares of blame of an update and its rivals, most blamed first; those of `same` have equal ones. Only rivals for the same
   * crashes share the blame: another guilty update with crashes of its own takes nothing away.
   */
  blame(watched: WatchedUpdate, rivals: readonly WatchedUpdate[], same: readonly WatchedUpdate[]): Blame[] {
    const competing = rivals.filter((rival) => same.includes(rival) || this.compare(watched, rival) !== 'apart');
    const candidates = [watched, ...competing].map((each) => ({ watched: each, statistic: this.statistic(each) }));
    const shares = shareBlame(candidates, driverOf(leadingBucket(this.measureOf(watched))?.bucket ?? ANY_DRIVER) ?? '');
    const tied = shares.filter(({ candidate }) => same.includes(candidate.watched));
    const even = tied.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, tied.length);
    return shares.map((share) => (tied.includes(share) ? { ...share, confidence: even } : share));
  }

  /**
   * Is an update over the line without any host that took the other, and the other left with its own? Then it has crashes of
   * its own beyond doubt. The first is asked for more than `compare` asks: it has not to wait for more to be seen.
   */
  standsApart(watched: WatchedUpdate, other: WatchedUpdate): boolean {
    return this.without(watched, other) >= alarmLine(this.watch.policy) && this.compare(watched, other) === 'apart';
  }

  private without(watched: WatchedUpdate, other: WatchedUpdate): number {
    const pair = `${watched.key}\n${other.key}`;
    let left = this.left.get(pair);
    if (left === undefined) this.left.set(pair, (left = evidenceWithout(this.watch, watched, other)));
    return left;
  }

  private compareAnew(a: WatchedUpdate, b: WatchedUpdate): Comparison {
    const half = alarmLine(this.watch.policy) / 2;
    const aAlone = this.without(a, b) >= half;
    const bAlone = this.without(b, a) >= half;
    if (aAlone && bAlone) return 'apart';
    if (aAlone) return 'explains_rival';
    if (bAlone) return 'explained_by_rival';
    if (this.areTogether(a, b)) return 'not_separable';
    const difference = this.lead(a, b);
    if (Math.abs(difference) <= CLOSE) return 'not_separable';
    return difference > 0 ? 'explains_rival' : 'explained_by_rival';
  }

  /** Do crashes need both updates on one host? Then neither explains the other, and the blame is on both. */
  areTogether(a: WatchedUpdate, b: WatchedUpdate): boolean {
    const found = this.explain(a, b);
    return found !== undefined && found.both - Math.max(found.first, found.second) > CLOSE;
  }

  /** How much more one update explains than the other, in ln E; negative where it is less. */
  private lead(a: WatchedUpdate, b: WatchedUpdate): number {
    const found = this.explain(a, b);
    if (!found) return this.statistic(a) - this.statistic(b);
    const { first, second } = found.inStep;
    return a.key < b.key ? first - second : second - first;
  }

  /** The explanations of the crashes that two updates share, in the order of their keys. */
  private explain(a: WatchedUpdate, b: WatchedUpdate): Explanations | undefined {
    const [first, second] = a.key < b.key ? [a, b] : [b, a];
    const pair = `${first.key}\n${second.key}`;
    if (!this.explained.has(pair)) {
      const bucket = leadingBucket(this.measureOf(first))?.bucket;
      this.explained.set(pair, bucket === undefined ? undefined : explanations(this.watch, first, second, bucket));
    }
    return this.explained.get(pair);
  }

  private statistic(watched: WatchedUpdate): number {
    return this.measureOf(watched).statistic;
  }
}
