import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { FLEET_TOPICS, type FleetRecord } from '@ringwatch/fleet';

/** Number of lines written, by topic. */
export type Written = Record<FleetRecord['topic'], number>;

/** Lines are handed over in blocks of this many characters: one call per line would be slow. */
const BLOCK = 256 * 1024;

/**
 * Writes records as the backtest reads them: a file per topic, a JSON line per record with its `received_at`, in the
 * order of arrival. A file has its name only once it is whole; until then it ends in `.part`.
 */
export async function writeRecordFiles(
  records: Iterable<FleetRecord>,
  folder: string,
  { gzip }: { gzip: boolean },
): Promise<Written> {
  await mkdir(folder, { recursive: true });
  const files = new Map(
    FLEET_TOPICS.map((topic) => [topic, new LineFile(join(folder, `${topic}.jsonl${gzip ? '.gz' : ''}`), gzip)]),
  );
  const written: Written = { bugchecks: 0, updates: 0, installs: 0, heartbeats: 0 };
  for (const { topic, value, arrivesAtMs } of records) {
    written[topic]++;
    await files.get(topic)!.add(JSON.stringify({ ...value, received_at: new Date(arrivesAtMs).toISOString() }));
  }
  for (const file of files.values()) await file.close();
  return written;
}

class LineFile {
  private readonly out: Transform;
  private readonly done: Promise<void>;
  private block = '';

  constructor(
    private readonly path: string,
    gzip: boolean,
  ) {
    this.out = gzip ? createGzip() : new PassThrough();
    this.done = pipeline(this.out, createWriteStream(`${path}.part`));
    // A failure is met where the next block waits; unheard it would end the process without a word.
    this.done.catch(() => undefined);
  }

  async add(line: string): Promise<void> {
    this.block += `${line}\n`;
    if (this.block.length >= BLOCK) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    this.out.end();
    await this.done;
    await rename(`${this.path}.part`, this.path);
  }

  private async flush(): Promise<void> {
    const block = this.block;
    this.block = '';
    const isFull = !this.out.write(block);
    if (isFull) await Promise.race([new Promise((resolve) => this.out.once('drain', resolve)), this.done]);
  }
}
