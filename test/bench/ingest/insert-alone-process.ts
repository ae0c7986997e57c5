import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PARTITIONS, SEED, SHARES } from '../events/fill-topic';
import { MadeUpBugchecks } from '../events/made-up-bugchecks';

/** What the process is told (as JSON, its only argument). */
export interface InsertSettings {
  clickhouseUrl: string;
  database: string;
  format: 'JSONEachRow' | 'Native';
  rows: number;
  partitions: number;
}

const ROWS_AT_ONCE = 65_536;
/** Posts on their way at the same time; more brought nothing on two cores. */
const POSTS = 2;
/** So long the one who measures gets to begin with it. */
const PAUSE_MS = 500;
const DAY_MS = 86_400_000;

const sql = (name: string) => readFileSync(join(__dirname, `${name}.sql`), 'utf8').trimEnd();
const agent = new Agent({ keepAlive: true, maxSockets: POSTS });

async function run(settings: InsertSettings): Promise<void> {
  const blocks = settings.format === 'JSONEachRow' ? stageJson(settings) : await stageNative(settings);
  const query = settings.format === 'JSONEachRow' ? sql('insert-json') : sql('insert-native');
  process.stdout.write(`staged ${blocks.reduce((sum, { bytes }) => sum + bytes.length, 0)}\n`);
  await sleep(PAUSE_MS);
  const startedAt = performance.now();
  const waiting = [...blocks];
  const lane = async () => {
    for (let block = waiting.shift(); block; block = waiting.shift()) await post(settings, query, block.bytes);
  };
  await Promise.all(Array.from({ length: POSTS }, lane));
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  process.stdout.write(`inserted ${rows} ${(performance.now() - startedAt) / 1000}\n`);
  await sleep(60_000); // its memory and time can be read until it is stopped
}

interface Block {
  rows: number;
  bytes: Buffer;
}

/** The same messages as in the topic, but for when they say that it happened. */
function stageJson({ rows, partitions }: InsertSettings): Block[] {
  const blocks: Block[] = [];
  const sources = Array.from({ length: partitions }, (_, partition) => {
    const settings = { ...SHARES, seed: SEED, until: Date.now(), spreadMs: DAY_MS, partitions: PARTITIONS, partition };
    return new MadeUpBugchecks(settings);
  });
  for (let staged = 0; staged < rows;) {
    const source = sources[blocks.length % sources.length] as MadeUpBugchecks;
    const lines: Buffer[] = [];
    while (lines.length < Math.min(ROWS_AT_ONCE, rows - staged)) {
      const { kind, value } = source.next();
      if (kind === 'new' && value) lines.push(value);
    }
    staged += lines.length;
    blocks.push({ rows: lines.length, bytes: Buffer.concat(lines.flatMap((line) => [line, NEW_LINE])) });
  }
  return blocks;
}

const NEW_LINE = Buffer.from('\n');

/** Blocks as ClickHouse itself writes them, out of the truth. */
async function stageNative(settings: InsertSettings): Promise<Block[]> {
  const blocks: Block[] = [];
  const perPartition = settings.rows / settings.partitions;
  for (let partition = 0; partition < settings.partitions; partition++) {
    for (let staged = 0; staged < perPartition; staged += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, Math.floor(perPartition - staged));
      const query = sql('select-native')
        .replace('$partition', String(partition))
        .replace('$limit', String(rows))
        .replace('$offset', String(staged));
      blocks.push({ rows, bytes: await post(settings, query, Buffer.alloc(0)) });
    }
  }
  return blocks;
}

/** node:http rather than fetch, which copies what it sends. */
function post({ clickhouseUrl, database }: InsertSettings, query: string, body: Buffer): Promise<Buffer> {
  const url = new URL(clickhouseUrl);
  url.search = new URLSearchParams({ database, query, wait_end_of_query: '1', max_block_size: '65536' }).toString();
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers: { 'content-length': body.length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const all = Buffer.concat(chunks);
        if (answer.statusCode === 200) resolve(all);
        else reject(new Error(`ClickHouse said ${answer.statusCode}: ${all.toString().slice(0, 500)}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

if (process.argv[3]) {
  run(JSON.parse(process.argv[3]) as InsertSettings).catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
}
