import { type Watched, findSilences } from './find-silences';
import { HostSample, type SampledHost } from './host-sample';
import type { KeptSample, SampledEvidence } from './signs';
import type { Silence, SilenceRound } from './silence';

/**
 * Who is alive and who fell silent, minute by minute of arrival time. A host that gives a sign of life again is not silent any
 * more, whenever that is told.
 */
export class Silences {
  readonly sample: HostSample;
  private readonly current = new Map<string, Silence>();
  private returned: Silence[] = [];
  private reviewedAt = -Infinity;

  constructor(mostHosts?: number) {
    this.sample = new HostSample(mostHosts);
  }

  /** Takes in what arrived in the minute before `now`, and reviews: gives what it found, if anything. */
  review(evidence: SampledEvidence, updates: readonly Watched[], now: number): SilenceRound | undefined {
    this.listen(evidence, updates);
    this.reviewedAt = now;
    const round = findSilences(this.sample, updates, now);
    if (round) this.keep(round);
    return round;
  }

  /** Goes on from a sample as it was kept, with what its hosts ran and had taken by then. */
  resume({ level, lives }: KeptSample, known: SampledEvidence, updates: readonly Watched[]): void {
    this.sample.restore(level, lives);
    this.listen(known, updates);
  }

  /** The same for a minute of which is known what its review found: what it found comes with `keep`. */
  repeat(evidence: SampledEvidence, updates: readonly Watched[], now: number): void {
    this.listen(evidence, updates);
    this.reviewedAt = now;
    for (const { life } of this.sample.all()) life.fallsDue(now);
  }

  /** Adds what a review found, in the order of reviews; those are left out that came back since. */
  keep({ silences }: SilenceRound): void {
    for (const silence of silences) {
      const life = this.sample.life(silence.hostId);
      silence.cameBack = life?.lastSignAt !== silence.lastSignAt;
      if (!silence.cameBack) this.current.set(silence.hostId, silence);
    }
  }

  /** Those of some sampled hosts whose silence would be seen: they are silent, or ought to be alive by their own pace and hours. */
  wouldBeSeen(hosts: readonly SampledHost[]): SampledHost[] {
    return hosts.filter(({ life }) => this.current.has(life.hostId) || life.isExpected(this.reviewedAt));
  }

  /** The silences that have ended since this was asked last. */
  takeReturned(): Silence[] {
    const { returned } = this;
    this.returned = [];
    return returned;
  }

  private listen(evidence: SampledEvidence, updates: readonly Watched[]): void {
    const watched = new Set(updates.map(({ key }) => key));
    for (const hostId of this.sample.absorb(evidence, (key) => watched.has(key))) this.comesBack(hostId);
    // A host that is not sampled any more could come back unheard.
    for (const hostId of this.current.keys()) if (!this.sample.life(hostId)) this.comesBack(hostId);
  }

  private comesBack(hostId: string): void {
    const silence = this.current.get(hostId);
    if (!silence) return;
    silence.cameBack = true;
    this.returned.push(silence);
    this.current.delete(hostId);
  }
}
