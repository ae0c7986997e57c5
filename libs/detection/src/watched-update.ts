import { Update, driverOfChannel, updateKey } from '@ringwatch/rollout';
import { AwakeShares } from './concurrent/awake';
import { ageWindows } from './concurrent/age-windows';
import { BucketCells, Exposure } from './concurrent/bucket-cells';
import { StratumCurves } from './concurrent/curve';
import type { Crash, KnownUpdate, VendorAction } from './evidence';
import { ANY_DRIVER } from './concurrent/buckets';
import { Contribution, HostHistory, WatchedSince, contributionsOf, isWithin } from './concurrent/host-history';
import type { NullRatio } from './history/benign-ratio';
import type { FleetReports } from './history/history-evidence';
import type { DetectionPolicy } from './policy';
import type { Silence } from './silence/silence';
import { SilenceEvidence } from './silence/silence-evidence';

/** What a vendor says of an update is kept for so long (arrival time) until an install or its shipping is heard of. */
export const EARLY_ACTION_MS = 24 * 60 * 60 * 1000;
/** However early the first sign of an update claims to be, crashes count from at most so long before it arrived. */
const MAX_TOLD_LATE_MS = 24 * 60 * 60 * 1000;

/** From when on crashes speak of an update (event time): one host with a clock years behind must not bring back years. */
export function startOf({ occurredAt, receivedAt }: KnownUpdate): number {
  return Math.max(occurredAt, receivedAt - MAX_TOLD_LATE_MS);
}

/** Everything that is known of one update under watch: who took it, what the vendor did, and which hosts crashed. */
export class WatchedUpdate implements WatchedSince {
  readonly key: string;
  readonly channel: string;
  readonly applied = new StratumCurves();
  readonly awake = new AwakeShares();
  readonly owners = new Set<string>();
  /** Hashes of the content that was shipped under this name, as far as the vendor told. */
  readonly contents = new Set<string>();
  /** When the newest of its installs arrived (the second), ms since 1970 UTC. */
  lastApplyReceivedAt = -Infinity;
  shippedAt: number | undefined;
  /** The last thing that the vendor did, by event time. */
  lastAction: VendorAction | undefined;
  /** Rises with whatever changes what crashes say of it: counts, denominators, the drivers that load it. */
  revision = 0;
  private readonly buckets = new Map<string, BucketCells>();
  private readonly counted = new Map<string, Contribution[]>();
  /** The same in order of names, until it changes. */
  private inOrder: Array<[string, Contribution[]]> | undefined;

  /** Hosts that fell silent, whatever they said before. */
  readonly silence: SilenceEvidence;

  readonly update: Update;
  readonly firstReceivedAt: number;
  readonly startedAt: number;

  constructor(
    known: KnownUpdate,
    readonly eligible: StratumCurves,
    readonly fleet: FleetReports,
    readonly nullRatio: NullRatio,
    private readonly policy: DetectionPolicy,
  ) {
    this.update = known.update;
    this.firstReceivedAt = known.receivedAt;
    this.startedAt = startOf(known);
    this.key = updateKey(this.update);
    this.channel = this.update.channel;
    this.silence = new SilenceEvidence(this.key, this.channel);
    const driver = driverOfChannel(this.channel);
    if (driver !== undefined) this.owners.add(driver);
  }

  exposure(): Exposure {
    return { applied: this.applied, eligible: this.eligible, awake: this.awake };
  }

  /** False when it was told too long before anything else was heard of the update. */
  take(action: VendorAction): boolean {
    if (action.receivedAt < this.firstReceivedAt - EARLY_ACTION_MS) return false;
    if (action.driver !== '') this.addOwner(action.driver);
    if (action.contentSha256) this.contents.add(action.contentSha256);
    if (action.action === 'shipped') this.shippedAt = Math.min(this.shippedAt ?? Infinity, action.occurredAt);
    if (!this.lastAction || isLater(action, this.lastAction)) this.lastAction = action;
    return true;
  }

  /** A crash report that names the channel says which driver loads it. */
  learnOwner(crash: Crash): void {
    if (crash.channel === this.channel && crash.driver !== 'unknown' && isWithin(crash, this))
      this.addOwner(crash.driver);
  }

  isLoadedByOneOf(drivers: ReadonlySet<string>): boolean {
    for (const driver of this.owners) if (drivers.has(driver)) return true;
    return false;
  }

  private addOwner(driver: string): void {
    if (this.owners.has(driver)) return;
    this.owners.add(driver);
    this.revision++;
  }

  /** Who could crash changed from this bin on. */
  denominatorsChanged(firstBin: number): void {
    this.revision++;
    for (const cells of this.buckets.values()) cells.forgetFrom(firstBin);
  }

  /** Counts anew what a host adds. True when anything changed. */
  recount(hostId: string, host: HostHistory): boolean {
    const before = this.counted.get(hostId) ?? [];
    const after = contributionsOf(host, this);
    if (isSame(before, after)) return false;
    this.revision++;
    this.inOrder = undefined;
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
  contributions(): ReadonlyArray<readonly [string, Contribution[]]> {
    return (this.inOrder ??= [...this.counted].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Does any host add such a contribution? */
  hasAny(isSuch: (hostId: string, contribution: Contribution) => boolean): boolean {
    for (const [hostId, contributions] of this.counted)
      for (const contribution of contributions) if (isSuch(hostId, contribution)) return true;
    return false;
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

  /** At most so many hosts can count against it: those that crashed with it or fell silent, or crashed lately by its drivers. */
  suspiciousHosts(): number {
    const reported = [...this.owners].map((driver) => this.fleet.reports.hostCount(driver));
    return Math.max(this.treatedHosts() + this.onlySilent().length, ...reported);
  }

  /** Hosts that fell silent after they had applied the update, but for those that told of a crash. */
  onlySilent(): Silence[] {
    const hasCrashed = (hostId: string) =>
      this.counted.get(hostId)?.some(({ ageBins }) => ageBins !== undefined) ?? false;
    return this.silence.treatedSilences().filter(({ hostId }) => !hasCrashed(hostId));
  }

  private cellsOf(bucket: string): BucketCells {
    let cells = this.buckets.get(bucket);
    if (!cells) this.buckets.set(bucket, (cells = new BucketCells(ageWindows(this.policy))));
    return cells;
  }
}

/** The same crashes, counted in the same way. */
function isSame(before: readonly Contribution[], after: readonly Contribution[]): boolean {
  if (before.length !== after.length) return false;
  return before.every((one, index) => {
    const other = after[index]!;
    return one.bucket === other.bucket && one.crash.eventId === other.crash.eventId && one.ageBins === other.ageBins;
  });
}

function isLater(a: VendorAction, b: VendorAction): boolean {
  return a.occurredAt > b.occurredAt || (a.occurredAt === b.occurredAt && a.action > b.action);
}
