import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Notebook, RecordedEvents, decideStored } from '@ringwatch/backtest';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { FleetRecord, PlayOptions, parseScenario, play } from '@ringwatch/fleet';
import type { IncidentChange } from '@ringwatch/incident';

const scenarios = join(__dirname, '..', '..', 'services', 'simulator', 'scenarios');

/** The records of a shipped scenario, in arrival order. */
export function playScenario(name: string, options: PlayOptions): Generator<FleetRecord> {
  const parsed = parseScenario(readFileSync(join(scenarios, `${name}.yaml`), 'utf8'), name);
  if (parsed.kind !== 'scenario') throw new Error(`${name}: ${JSON.stringify(parsed)}`);
  return play(parsed.scenario, options);
}

/** A record as a line of a recorded file. */
export function lineOf({ value, arrivesAtMs }: FleetRecord): string {
  return JSON.stringify({ ...value, received_at: new Date(arrivesAtMs).toISOString() });
}

/** Stores records as the backtest does, each arriving at its own time, and closes arrival time after the last. */
export async function storeRecords(db: ClickHouseClient, records: Iterable<FleetRecord>): Promise<void> {
  const events = new RecordedEvents(db);
  let taken = 0;
  for (const record of records) {
    const line = Buffer.from(lineOf(record));
    const refused = events.take(record.topic, line, 0, line.length);
    if (refused) throw new Error(`a made-up message is refused: ${refused.field}: ${refused.detail}`);
    if (++taken % 1_000 === 0) await events.makeRoom();
  }
  await events.finish();
}

/** Decides all that is stored. */
export async function decideAll(db: ClickHouseClient): Promise<IncidentChange[]> {
  const notebook = new Notebook();
  await decideStored(db, notebook);
  return notebook.changes;
}
