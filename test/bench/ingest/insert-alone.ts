import { join } from 'node:path';
import type { FilledTopic } from '../events/fill-topic';
import { type Costs, Meter } from '../stand/meter';
import type { Stand } from '../stand/stand';
import type { InsertSettings } from './insert-alone-process';
import { settle } from './measure';

/** One run of a limit: ClickHouse takes blocks that lie ready, nobody reads Kafka. */
export interface InsertRun {
  format: InsertSettings['format'];
  round: number;
  rows: number;
  seconds: number;
  megabytes: number;
  costs: Costs;
  laterMergesCpuSeconds: number;
}

/** What is staged lies in memory: about 430 MB of JSON for a million. */
const MOST_ROWS = 1_000_000;

/** Inserts the events as JSON and as Native blocks, as fast as ClickHouse takes them. */
export async function insertAlone(
  stand: Stand,
  topic: FilledTopic,
  round: number,
  say: (line: string) => void,
): Promise<InsertRun[]> {
  const runs: InsertRun[] = [];
  for (const format of ['JSONEachRow', 'Native'] as const) {
    say(`round ${round}: limit: inserts of ${format} alone`);
    const run = await insert(stand, topic, format, round);
    say(`  ${Math.round(run.rows / run.seconds).toLocaleString('en')} rows/s`);
    runs.push(run);
  }
  return runs;
}

async function insert(
  stand: Stand,
  topic: FilledTopic,
  format: InsertSettings['format'],
  round: number,
): Promise<InsertRun> {
  const database = `insert_${format.toLowerCase()}_${round}`;
  const db = await stand.database(database, { migrated: true });
  const settings: InsertSettings = {
    clickhouseUrl: stand.platform.clickhouseUrl,
    database,
    format,
    rows: Math.min(MOST_ROWS, Math.floor(topic.events * 0.95)),
    partitions: topic.partitions,
  };
  const told = new Map<string, (numbers: number[]) => void>();
  const hears = (word: string) => new Promise<number[]>((resolve) => told.set(word, resolve));
  const [staged, inserted] = [hears('staged'), hears('inserted')];
  const file = join(__dirname, 'insert-alone-process.ts');
  const service = await stand.runFile({ name: 'insert-alone', file, settings }, (line) => {
    const [word = '', ...numbers] = line.split(' ');
    told.get(word)?.(numbers.map(Number));
  });
  const ended = service.exited.then(({ code }) => {
    throw new Error(`insert-alone ended with code ${code}: see ${stand.logFolder}/insert-alone.log`);
  });
  ended.catch(() => undefined); // it also ends when it is done
  try {
    const [bytes = 0] = await Promise.race([staged, ended]);
    const meter = new Meter({ ...stand.pids(), peer: service.pid });
    const [rows = 0, seconds = 0] = await Promise.race([inserted, ended]);
    const costs = meter.read();
    await stand.stopService(service);
    const laterMergesCpuSeconds = await settle(stand, db);
    return { format, round, rows, seconds, megabytes: bytes / 1e6, costs, laterMergesCpuSeconds };
  } finally {
    await stand.stopService(service);
    await db.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` });
    await stand.close(db);
  }
}
