import { RandomSource } from '@ringwatch/fleet';
import {
  DetectionPolicy,
  EvidenceBatch,
  SampledEvidence,
  Watch,
  WatchedUpdate,
  alarmLine,
  defaultPolicy,
  measure,
} from '@ringwatch/detection';
import { decide } from '@ringwatch/incident';
import { updateKey } from '@ringwatch/rollout';
import { signatureOf } from '@ringwatch/signature';
import { emptyBatch } from '../world/evidence';
import { CLUMP_MS, Clump, NullUpdate, OWNER, STEPS } from './null-update';

/**
 * `followed`: hosts are followed by their signs of life too, so that also incidents of one organisation open. `reports`: only
 * reports are known, so that what opens is about the fleet, and none is kept back for being of few organisations.
 */
export type Known = 'followed' | 'reports';

export interface NullUpdatesForm {
  known: Known;
  alpha: number;
  /** Drawn so that alarms are likely, and weighed by how likely they are; or as they are. */
  isTilted: boolean;
}

/** On how many innocent updates the product would open an incident, each counted by its weight. */
export interface NullUpdates extends NullUpdatesForm {
  updates: number;
  /** Updates on which an incident opened, the sum of their weights, and of the squares of them. */
  alarms: number;
  sum: number;
  sumOfSquares: number;
  /** The sum of the weights of those that passed the line, whatever the guards said of them. */
  sumOverLine: number;
}

const STEP_MS = 180_000;
const START = Date.parse('2024-07-19T04:00:00Z');
const HOSTS = 2 ** 19;
/** The detector follows one host in 2^level of a fleet of this size. */
const LEVEL = 5;
const update = { channel: 'innocent', version: '1' };
const place = { osBuild: '10.0.22631', country: 'US' };

export function playNullUpdates(seed: number, updates: number, form: NullUpdatesForm): NullUpdates {
  const random = new RandomSource(`null-updates/${form.known}/${seed}`);
  const policy = { ...defaultPolicy, alpha: form.alpha };
  const sums: NullUpdates = { ...form, updates, alarms: 0, sum: 0, sumOfSquares: 0, sumOverLine: 0 };
  for (let number = 0; number < updates; number++) {
    const played = new Played(
      policy,
      new NullUpdate(random.fork(`${number}`), form.isTilted),
      form.known === 'followed',
    );
    const weight = played.play();
    sums.sumOverLine += played.weightOverLine;
    if (weight === undefined) continue;
    sums.alarms++;
    sums.sum += weight;
    sums.sumOfSquares += weight ** 2;
  }
  return sums;
}

/** One update, step by step through the product's memory and decisions. */
class Played {
  weightOverLine = 0;
  private readonly watch: Watch;
  private readonly watched: WatchedUpdate;
  private hosts = 0;

  constructor(
    private readonly policy: DetectionPolicy,
    private readonly drawn: NullUpdate,
    private isToFollow: boolean,
  ) {
    this.watch = new Watch(policy);
    const known = { update, occurredAt: START, receivedAt: START };
    this.watch.absorb({
      ...emptyBatch(),
      updates: [known],
      actions: [{ ...known, action: 'shipped', driver: crashOf(OWNER).driver }],
      eligible: [{ channel: update.channel, ...place, hosts: HOSTS, occurredAt: 0, receivedAt: 0 }],
    });
    this.watched = this.watch.updates.get(updateKey(update))!;
  }

  /** The weight of what opens an incident, if it does. In a step hosts with the update come first, so that nothing is missed. */
  play(): number | undefined {
    let taken = 0;
    for (let step = 0; step < STEPS; step++) {
      const at = START + step * STEP_MS;
      const now = Math.round(HOSTS * this.drawn.shareAt(step));
      const applied = { update, ...place, hosts: now - taken, occurredAt: at, receivedAt: at };
      taken = now;
      const touched = this.absorb(this.drawn.draw(step, 'treated'), at, [applied]);
      if (this.watched.suspiciousHosts() >= this.policy.minHosts && this.isOverLine()) {
        this.weightOverLine ||= this.drawn.weight();
        this.follow();
        const { changes } = decide(this.watch, { touched, actions: [] }, new Map(), at + 21_000 + CLUMP_MS);
        if (changes.some(({ suspect }) => suspect.update_channel === update.channel)) return this.drawn.weight();
      }
      this.absorb(this.drawn.draw(step, 'untreated'), at, []);
    }
    return undefined;
  }

  private isOverLine(): boolean {
    return measure(this.watched, this.policy).statistic >= alarmLine(this.policy);
  }

  private absorb(clumps: readonly Clump[], at: number, applied: EvidenceBatch['applied']) {
    const batch = { ...emptyBatch(), applied };
    for (const clump of clumps) for (const after of clump.hosts) this.addHost(batch, clump, at, after);
    return this.watch.absorb(batch);
  }

  private addHost(batch: EvidenceBatch, { bucket, org, takenAt }: Clump, at: number, after: number): void {
    const hostId = `h${this.hosts++}`;
    batch.hostChannels.push({ hostId, channel: update.channel, occurredAt: 0, receivedAt: 0 });
    if (takenAt !== undefined)
      batch.hostApplies.push({ hostId, update, occurredAt: START + takenAt * STEP_MS, receivedAt: at });
    const when = { occurredAt: at + 15_000 + after, receivedAt: at + 20_000 + CLUMP_MS };
    batch.crashes.push({ ...crashOf(bucket), ...when, eventId: hostId, hostId, orgId: `org-${org}` });
  }

  /** Whose the sampled hosts are and when they take the update is only asked where the line is passed. */
  private follow(): void {
    if (!this.isToFollow) return;
    this.isToFollow = false;
    const { sample } = this.watch.silences;
    sample.restore(LEVEL, []);
    const told = { level: LEVEL, receivedAt: START };
    const evidence: SampledEvidence = { signs: [], channels: [], applies: [] };
    const hosts = HOSTS / 2 ** LEVEL;
    for (let host = 0; host < hosts; host++) {
      const each = { ...told, hostId: `s${host}` };
      const life = { beats: [START], leastDelayMs: 300, installedAt: null, stoppedAt: null };
      evidence.signs.push({ ...each, ...place, ...life, orgId: `org-${this.drawn.drawOrg()}` });
      evidence.channels.push({ ...each, channel: update.channel });
      const step = this.drawn.stepOf((host + 0.5) / hosts);
      if (step !== undefined)
        evidence.applies.push({ ...each, updateKey: updateKey(update), occurredAt: START + step * STEP_MS });
    }
    sample.absorb(evidence, () => true);
  }
}

function crashOf(bucket: number) {
  const driver = `driver-${bucket}.sys`;
  const stop = { bugcheck_code: 0xd1, bugcheck_parameters: [0n, 0n, 0n, 0n], driver, fault_offset: null };
  const strata = { stratumCountry: place.country, stratumOsBuild: place.osBuild };
  const report = {
    stopCode: stop.bugcheck_code,
    signature: signatureOf(stop),
    driver,
    driverVersion: '7',
    channel: '',
  };
  return { ...place, ...strata, ...report };
}
