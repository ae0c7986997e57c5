import { Update, driverOfChannel, updateKey } from '@ringwatch/rollout';
import { BucketCells, Exposure } from './bucket-cells';
import { StratumCurves } from './curve';
import type { Crash, VendorAction } from './evidence';
import {
  ANY_DRIVER,
  Contribution,
  HostHistory,
  WatchedSince,
  ageWindows,
  contributionsOf,
  isWithin,
} from './host-history';
import type { DetectionPolicy } from './policy';

/** Everything that is known of one update under watch: who took it, what the vendor did, and which hosts crashed. */
export class WatchedUpdate implements WatchedSince {
  readonly key: string;
  readonly channel: string;
  readonly applied = new StratumCurves();
  readonly owners = new Set<string>();
  shippedAt: number | undefined;
  /** The last thing that the vendor did, by event time. */
  lastAction: VendorAction | undefined;
  private readonly buckets = new Map<string, BucketCells>();
  private readonly counted = new Map<string, Contribution[]>();

  constructor(
    readonly update: Update,
    readonly firstReceivedAt: number,
    readonly startedAt: number,
    readonly eligible: StratumCurves,
    private readonly policy: DetectionPolicy,
  ) {
    this.key = updateKey(update);
    this.channel = update.channel;
    const driver = driverOfChannel(update.channel);
    if (driver !== undefined) this.owners.add(driver);
  }

  exposure(): Exposure {
    return { applied: this.applied, eligible: this.eligible };
  }

  take(action: VendorAction): void {
    if (action.driver !== '') this.owners.add(action.driver);
    if (action.action === 'shipped') this.shippedAt = Math.min(this.shippedAt ?? Infinity, action.occurredAt);
    if (!this.lastAction || isLater(action, this.lastAction)) this.lastAction = action;
  }

  /** A crash report that names the channel says which driver loads it. */
  learnOwner(crash: Crash): void {
    if (crash.channel === this.channel && crash.driver !== 'unknown' && isWithin(crash, this))
      this.owners.add(crash.driver);
  }

  denominatorsChanged(firstBin: number): void {
    for (const cells of this.buckets.values()) cells.forgetFrom(firstBin);
  }

  /** Counts anew what a host adds. True when anything changed. */
  recount(hostId: string, host: HostHistory): boolean {
    const before = this.counted.get(hostId) ?? [];
    const after = contributionsOf(host, this);
    if (before.length === 0 && after.length === 0) return false;
    for (const contribution of before) this.cellsOf(contribution.bucket).count(contribution, -1);
    for (const contribution of after) this.cellsOf(contribution.bucket).count(contribution, 1);
    if (after.length > 0) this.counted.set(hostId, after);
    else this.counted.delete(hostId);
    return true;
  }

  cells(): ReadonlyMap<string, BucketCells> {
    return this.buckets;
  }

  /** What hosts add, host by host in the order of their names; by default all of it. */
  contributions(): Array<[string, Contribution[]]> {
    return [...this.counted].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The same cells, counted only from contributions that `keep` holds on to. */
  cellsWhere(keep: (hostId: string, contribution: Contribution) => boolean): ReadonlyMap<string, BucketCells> {
    const buckets = new Map<string, BucketCells>();
    for (const [hostId, contributions] of this.counted) {
      for (const contribution of contributions) {
        if (!keep(hostId, contribution)) continue;
        const cells = buckets.get(contribution.bucket) ?? new BucketCells(ageWindows(this.policy));
        buckets.set(contribution.bucket, cells);
        cells.count(contribution, 1);
      }
    }
    return buckets;
  }

  /** Hosts that crashed after they had applied the update. */
  treatedHosts(): number {
    return this.buckets.get(ANY_DRIVER)?.totals().treated ?? 0;
  }

  private cellsOf(bucket: string): BucketCells {
    let cells = this.buckets.get(bucket);
    if (!cells) this.buckets.set(bucket, (cells = new BucketCells(ageWindows(this.policy))));
    return cells;
  }
}

function isLater(a: VendorAction, b: VendorAction): boolean {
  return a.occurredAt > b.occurredAt || (a.occurredAt === b.occurredAt && a.action > b.action);
}
