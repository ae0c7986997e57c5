import { type EvidenceBatch, Watch, type WatchedUpdate, defaultPolicy } from '@ringwatch/detection';
import type { Update } from '@ringwatch/rollout';
import { signatureOf } from '@ringwatch/signature';
import { REVIEW_EVERY_MS, decide } from './decide';
import { incidentIdOf } from './incident-id';
import { type IncidentChange, incidentChangeSchema } from './incident-change';
import type { ArrivedAction, IncidentAction } from './parse-incident-action';
import type { ActionAnswer } from './take-action';

/** A full minute, so that reviews are easy to see: every sixtieth second after it. */
export const START = Date.parse('2024-07-19T04:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export const content: Update = { channel: 'content', version: '2' };
export const signatures: Update = { channel: 'signatures', version: '9' };

export function emptyBatch(): EvidenceBatch {
  return {
    updates: [],
    actions: [],
    applied: [],
    eligible: [],
    awake: [],
    crashes: [],
    hostApplies: [],
    hostChannels: [],
  };
}

/** A seeded source of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What happens in a fleet, told as it happens unless said otherwise; times are milliseconds after `START`. */
export class Story {
  readonly batch: EvidenceBatch = emptyBatch();
  readonly people: ArrivedAction[] = [];

  /** Hosts that run both channels, and the two updates as shipped. */
  constructor(
    readonly hosts: number,
    shipped: Array<[Update, number]> = [[content, 0]],
  ) {
    const at = START - 24 * 60 * MINUTE;
    for (const channel of [content.channel, signatures.channel]) {
      this.batch.eligible.push({ channel, osBuild: 'b', country: 'US', hosts, receivedAt: at, occurredAt: at });
    }
    for (const [update, after] of shipped) {
      this.batch.updates.push({ update, receivedAt: START + after, occurredAt: START + after });
      this.acts('shipped', after, update);
    }
  }

  /** Somebody does something with an incident; it arrives at once. */
  does(action: IncidentAction['action'], after: number, more: Partial<IncidentAction> = {}): this {
    const receivedAt = START + after;
    const plain = { assignee: '', muted_until: null, muted_factor: null, text: '' };
    const event_id = `a${this.people.length}`;
    const incident_id = incidentIdOf(content);
    const said = { event_id, occurred_at: receivedAt, incident_id, action, actor: 'ann', ...plain, ...more };
    this.people.push({ action: said, receivedAt });
    return this;
  }

  acts(action: 'shipped' | 'expanded' | 'paused' | 'withdrawn', after: number, update = content): this {
    const at = START + after;
    this.batch.actions.push({ update, action, driver: 'content.sys', receivedAt: at, occurredAt: at });
    return this;
  }

  applies(host: number, after: number, update = content): this {
    const times = { receivedAt: START + after, occurredAt: START + after };
    this.batch.applied.push({ update, osBuild: 'b', country: 'US', hosts: 1, ...times });
    this.batch.hostApplies.push({ hostId: `h${host}`, update, ...times });
    return this;
  }

  crashes(host: number, after: number, driver = 'content.sys'): this {
    const at = START + after;
    const before = START - 24 * 60 * MINUTE;
    for (const channel of [content.channel, signatures.channel]) {
      this.batch.hostChannels.push({ hostId: `h${host}`, channel, receivedAt: before, occurredAt: before });
    }
    const stratum = { stratumCountry: 'US', stratumOsBuild: 'b', country: 'US', osBuild: 'b' };
    const report = {
      hostId: `h${host}`,
      orgId: `o${host % 7}`,
      stopCode: 0x50,
      signature: signatureOf({ bugcheck_code: 0x50, bugcheck_parameters: [0n, 0n, 0n, 0n], driver, fault_offset: 0n }),
      driver,
      driverVersion: '7',
      channel: '',
    };
    const eventId = `c${this.batch.crashes.length}`;
    this.batch.crashes.push({ eventId, ...report, ...stratum, receivedAt: at, occurredAt: at });
    return this;
  }

  /** Hosts that take the update one after another, `every` so often, and crash a little later. */
  victims(since: number, hosts: readonly number[], every: number, updates: readonly Update[] = [content]): this {
    hosts.forEach((host, index) => {
      for (const update of updates) this.applies(host, since + index * every, update);
      this.crashes(host, since + index * every + 20 * SECOND);
    });
    return this;
  }
}

const kinds = Object.keys(emptyBatch()) as Array<keyof EvidenceBatch>;

type Mix = (rows: unknown[]) => unknown[];

/** What a detector would decide of a story, second by second: the changes in order. `mix` may reorder what a tick takes. */
export function changesOf(story: Story, until: number, mix?: Mix): IncidentChange[] {
  return decisionsOf(story, until, mix).changes;
}

/** The same with the answers to what people did. `forgets` says at which ticks incidents are read back from their JSON. */
export function decisionsOf(
  story: Story,
  until: number,
  mix: Mix = (rows) => rows,
  forgets: (tick: number) => boolean = () => false,
  { expiresAt = Infinity }: { expiresAt?: number } = {},
): { changes: IncidentChange[]; answers: ActionAnswer[] } {
  const watch = new Watch(defaultPolicy);
  const changes: IncidentChange[] = [];
  const answers: ActionAnswer[] = [];
  const latest = new Map<string, IncidentChange>();
  const ticks = new Set(kinds.flatMap((kind) => story.batch[kind].map(({ receivedAt }) => tickAfter(receivedAt))));
  for (const { receivedAt } of story.people) ticks.add(tickAfter(receivedAt));
  for (let review = START; review <= START + until; review += REVIEW_EVERY_MS) ticks.add(review);
  const byTick = new Map([...ticks].sort((a, b) => a - b).map((tick) => [tick, emptyBatch()]));
  for (const kind of kinds) {
    for (const row of story.batch[kind]) (byTick.get(tickAfter(row.receivedAt))![kind] as unknown[]).push(row);
  }
  for (const [tick, batch] of byTick) {
    for (const kind of kinds) (batch[kind] as unknown[]) = mix(batch[kind]);
    const touched: WatchedUpdate[] = watch.absorb(batch);
    if (tick >= expiresAt) watch.expire(Infinity);
    const actions = mix(story.people.filter(({ receivedAt }) => tickAfter(receivedAt) === tick)) as ArrivedAction[];
    const decision = decide(watch, { touched, actions }, latest, tick);
    answers.push(...decision.answers);
    for (const change of decision.changes) {
      changes.push(change);
      latest.set(change.incident_id, change);
    }
    if (forgets(tick))
      for (const [id, change] of latest) latest.set(id, incidentChangeSchema.parse(JSON.parse(JSON.stringify(change))));
  }
  return { changes, answers };
}

const tickAfter = (receivedAt: number) => (Math.floor(receivedAt / SECOND) + 1) * SECOND;

/** `incident of, sequence, change, state, hosts crashed`, short enough to read as a table. */
export function lifeOf(changes: readonly IncidentChange[]): string[] {
  return changes.map(
    ({ suspect, sequence, change, state, evidence }) =>
      `${suspect.update_channel} ${sequence} ${change} ${state} ${evidence.crashed_hosts}`,
  );
}

export const range = (from: number, until: number) => Array.from({ length: until - from }, (_, index) => from + index);
