import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workFolder } from '../process/requirements.cjs';
import { brokerAnswers } from './kafka-probe';
import { type Platform, startPlatform } from './platform';
import { freePort } from './ports';

jest.setTimeout(120_000);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ringwatch-platform-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a running platform', () => {
  let platform: Platform;
  const said: string[] = [];
  beforeAll(async () => (platform = await startPlatform({ dataDir: folder, onProgress: (line) => said.push(line) })));
  afterAll(() => platform.stop());

  it('says when each server is ready', () => {
    expect(said).toContainEqual(expect.stringMatching(/^Kafka is ready after [\d.]+ s/));
    expect(said).toContainEqual(expect.stringMatching(/^ClickHouse is ready after [\d.]+ s/));
  });

  it('refuses a second one on its folder', async () => {
    const got = `a lock held by the running process ${process.pid}`;
    await expect(startPlatform({ dataDir: folder })).rejects.toMatchObject({ got });
  });

  it('keeps the data over kill -9 of ClickHouse', async () => {
    const { clickhouse, clickhouseUrl } = platform;
    await ask(clickhouseUrl, 'CREATE DATABASE kept');
    await ask(clickhouseUrl, 'CREATE TABLE kept.numbers (n UInt64) ENGINE = MergeTree ORDER BY n');
    await ask(clickhouseUrl, 'INSERT INTO kept.numbers SELECT number FROM numbers(1000)');
    const before = clickhouse.pid;
    await clickhouse.kill();
    await clickhouse.start();
    expect(clickhouse.pid).not.toBe(before);
    expect(await ask(clickhouseUrl, 'SELECT count() FROM kept.numbers')).toBe('1000');
  });

  it('stores what it acknowledges: no asynchronous inserts', async () => {
    expect(await ask(platform.clickhouseUrl, "SELECT getSetting('async_insert')")).toBe('false');
  });

  it('brings Kafka back on the same port and storage after kill -9', async () => {
    const { kafka } = platform;
    const port = Number(kafka.brokers[0]!.split(':')[1]);
    const storage = readFileSync(join(folder, 'kafka', 'data', 'meta.properties'), 'utf8');
    await kafka.kill();
    expect(await brokerAnswers(port)).toBe(false);
    await kafka.start();
    expect(await brokerAnswers(port)).toBe(true);
    expect(readFileSync(join(folder, 'kafka', 'data', 'meta.properties'), 'utf8')).toBe(storage);
  });
});

it('leaves nothing running when one of the two cannot start', async () => {
  const taken = await freePort();
  const other = createServer().listen(taken, '127.0.0.1');
  await expect(startPlatform({ clickhouseHttpPort: taken })).rejects.toMatchObject({ what: `Port ${taken} is taken` });
  other.close();
  expect(childrenOf(process.pid)).toEqual([]);
  expect(readdirSync(join(workFolder, 'tmp')).filter((name) => name.startsWith(`${process.pid}-`))).toEqual([]);
});

it('dies with a supervisor that is killed with -9, and starts again on its data', async () => {
  const args = [join(__dirname, '..', 'fixtures', 'supervisor.cjs'), folder];
  const supervisor = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(line.toString()) as number[];
  expect(pids.map(isRunning)).toEqual([true, true, true]);
  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  const platform = await startPlatform({ dataDir: folder });
  expect(pids.map(isRunning)).toEqual([false, false, false]);
  expect(await ask(platform.clickhouseUrl, 'SELECT count() FROM kept.numbers')).toBe('1000');
  await platform.stop();
});

async function ask(url: string, sql: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: sql, headers: { connection: 'close' } });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.text()).trim();
}

function childrenOf(pid: number): string[] {
  return execFileSync('ps', ['-eo', 'ppid=,pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((row) => row.trim().startsWith(`${pid} `) && !row.includes('ps -eo'));
}

/** A zombie has ended; that nobody has asked for its exit code yet is init's business. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
