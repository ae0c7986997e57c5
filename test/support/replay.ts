import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBugcheck } from '@ringwatch/bugcheck';
import { Arrived, ClickHouseClient, storeEvents, writeArrivalClocks } from '@ringwatch/clickhouse';
import type { InputEvents } from '@ringwatch/inputs';
import { defaultPolicy } from '@ringwatch/detection';
import { FleetRecord, PlayOptions, parseScenario, play } from '@ringwatch/fleet';
import { IncidentChange } from '@ringwatch/incident';
import { JsonObject, Refusal, decodeMessage } from '@ringwatch/message';
import { parseHeartbeat, parseInstall, parseUpdateAction } from '@ringwatch/rollout';
import { Decider, Decisions } from '@ringwatch/ticks';

const scenarios = join(__dirname, '..', '..', 'services', 'simulator', 'scenarios');

/** The records of a shipped scenario, in arrival order. */
export function playScenario(name: string, options: PlayOptions): Generator<FleetRecord> {
  const parsed = parseScenario(readFileSync(join(scenarios, `${name}.yaml`), 'utf8'), name);
  if (parsed.kind !== 'scenario') throw new Error(`${name}: ${JSON.stringify(parsed)}`);
  return play(parsed.scenario, options);
}

type Table = keyof InputEvents;
const parsers: { [T in Table]: (members: JsonObject, timestamp: number) => InputEvents[T] | Refusal } = {
  bugchecks: parseBugcheck,
  updates: parseUpdateAction,
  installs: parseInstall,
  heartbeats: parseHeartbeat,
};
const BLOCK = 20_000;

/** Stores records as ingest would, each arriving at its own time, and closes arrival time after the last. */
export async function storeRecords(
  db: ClickHouseClient,
  records: Iterable<FleetRecord>,
): Promise<Record<Table, number>> {
  const stored = { bugchecks: 0, updates: 0, installs: 0, heartbeats: 0 };
  const waiting: { [T in Table]: Array<Arrived<InputEvents[T]>> } = {
    bugchecks: [],
    updates: [],
    installs: [],
    heartbeats: [],
  };
  let last = 0;
  const flush = async <T extends Table>(table: T) => {
    await storeEvents(db, table, waiting[table]);
    waiting[table] = [];
  };
  for (const record of records) {
    last = record.arrivesAtMs;
    const event = parse(record);
    const offset = BigInt(stored[record.topic]++);
    (waiting[record.topic] as Array<Arrived<typeof event>>).push({ event, receivedAt: last, partition: 0, offset });
    if (waiting[record.topic].length >= BLOCK) await flush(record.topic);
  }
  for (const table of Object.keys(waiting) as Table[]) await flush(table);
  await writeArrivalClocks(db, [{ topic: 'replay', partition: 0, closedUntil: last + 2_000 }]);
  return stored;
}

function parse(record: FleetRecord): InputEvents[Table] {
  const decoded = decodeMessage(Buffer.from(JSON.stringify(record.value)));
  const event = decoded.kind === 'object' ? parsers[record.topic](decoded.members, record.arrivesAtMs) : decoded;
  if ('kind' in event) throw new Error(`the simulator made a message that is refused: ${event.detail}`);
  return event;
}

/** Decisions kept in memory. */
export class Notebook implements Decisions {
  readonly changes: IncidentChange[] = [];
  private latest = new Map<string, IncidentChange>();

  async restore(tick: number): Promise<void> {
    const kept = this.changes.filter(({ detected_at }) => Date.parse(detected_at) <= tick);
    this.changes.splice(0, this.changes.length, ...kept);
    this.latest = new Map(kept.map((change) => [change.incident_id, change]));
  }

  current(): ReadonlyMap<string, IncidentChange> {
    return this.latest;
  }

  async append(changes: readonly IncidentChange[]): Promise<void> {
    for (const change of changes) {
      this.changes.push(change);
      this.latest.set(change.incident_id, change);
    }
  }
}

/** Decides all that is stored. */
export async function decideAll(db: ClickHouseClient): Promise<IncidentChange[]> {
  const notebook = new Notebook();
  const decider = new Decider(db, notebook, defaultPolicy);
  for (let behind = 1; behind > 0;) behind = (await decider.advance(1))?.behindMs ?? 0;
  return notebook.changes;
}
