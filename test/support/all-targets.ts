import { StandIn, targets } from '@ringwatch/webhook/stand-ins';
import type { IncidentChange } from '@ringwatch/incident';
import { given, type NotifierWorld, until } from './notifier-world';

type Kind = keyof typeof targets;
export const kinds = Object.keys(targets) as Kind[];

/** Only incidents on this channel come to these receivers, whatever else is in the topic. */
const channel = 'channel-of-all-kinds';
const INCIDENT = 'all-kinds';

/** What stands for each target, with a notifier that tells them all of one incident. */
export class AllTargets {
  readonly made = Object.fromEntries(kinds.map((kind) => [kind, targets[kind]()])) as {
    [Each in Kind]: ReturnType<(typeof targets)[Each]>;
  };
  private readonly standIns = new Map<Kind, StandIn>(kinds.map((kind) => [kind, new StandIn(this.made[kind])]));
  private sequence = 0;

  constructor(private readonly world: NotifierWorld) {}

  standIn(kind: Kind): StandIn {
    return this.standIns.get(kind)!;
  }

  async start(): Promise<void> {
    await Promise.all([...this.standIns.values()].map((each) => each.listen()));
    await this.world.notifier({
      receivers: kinds.map((kind) => ({ kind, name: kind, url: this.standIn(kind).url, ...this.made[kind].settings })),
      routes: [{ match: { channel }, receivers: kinds }, { receivers: [] }],
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.standIns.values()].map((each) => each.close()));
  }

  /** Something happens to the incident; resolves when each of these has heard of it and it is in the delivery log. */
  async happens(change: Partial<IncidentChange>, told: readonly Kind[] = kinds): Promise<void> {
    const sequence = ++this.sequence;
    const before = new Map(told.map((kind) => [kind, this.standIn(kind).taken.length]));
    const suspect = { ...given.suspect, update_channel: channel };
    await this.world.produce({ incident_id: INCIDENT, sequence, suspect, ...change });
    const hasHeard = (kind: Kind) => this.standIn(kind).taken.length > before.get(kind)!;
    await until(`${change.change} at everyone`, () => told.every(hasHeard), 60_000);
    const isLogged = async (kind: Kind) =>
      (await this.world.rows(kind, INCIDENT)).some((row) => row.sequence === sequence && row.outcome === 'delivered');
    await until('its rows', async () => (await Promise.all(told.map(isLogged))).every(Boolean), 60_000);
  }
}
