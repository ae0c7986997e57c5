import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FleetRecord } from '@ringwatch/fleet';
import type { IncidentChange } from '@ringwatch/incident';
import { runAlone } from '../support/command';
import { lineOf } from '../support/replay';
import { lateInstalls } from '../support/rough-world';

const root = join(__dirname, '..', '..');
const since = Date.parse('2024-07-19T04:00:00Z');
const records = lateInstalls(since, 20 * 60_000);
const topics = ['bugchecks', 'updates', 'installs', 'heartbeats'] as const;

/** The command as a person calls it, on files. */
describe('ringwatch backtest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-backtest-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function recorded(name: string, linesOf: (topic: FleetRecord['topic']) => string[], packed = false): string {
    const at = join(folder, name);
    mkdirSync(at);
    for (const topic of topics) {
      const text = linesOf(topic)
        .map((line) => `${line}\n`)
        .join('');
      writeFileSync(join(at, `${topic}.jsonl${packed ? '.gz' : ''}`), packed ? gzipSync(text) : text);
    }
    return at;
  }
  const lines = (topic: string) => records.filter((record) => record.topic === topic).map(lineOf);
  const changes = (out: string) =>
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as IncidentChange);

  it('prints the changes and nothing else, and says on stderr what it found', async () => {
    const { code, out, err } = await runAlone(['backtest', recorded('plain', lines)]);
    expect(code).toBe(0);
    expect(changes(out)).toMatchObject([{ change: 'opened', suspect: { update_channel: 'content-a' } }]);
    expect(err).toMatch(/content-a 1 .* open\n/);
    expect(err).toMatch(/bugchecks +12 +0 +0 +0\n/);
  });

  it('says the same of packed files in any order, with copies, and with lines that are refused', async () => {
    const { out: expected } = await runAlone(['backtest', join(folder, 'plain')]);
    const refused: Record<string, string[]> = {
      bugchecks: ['not json', '{"event_id":"x","received_at":"soon"}'],
      installs: ['[]'],
    };
    const mixed = (topic: string) => [...(refused[topic] ?? []), ...[...lines(topic), ...lines(topic)].reverse()];
    const { code, out, err } = await runAlone(['backtest', recorded('mixed', mixed, true), '--json']);
    expect({ code, out }).toEqual({ code: 0, out: expected });
    expect(err).toMatch(/refused .*bugchecks\.jsonl\.gz:1: not_json: /);
    expect(err).toMatch(
      /refused .*bugchecks\.jsonl\.gz:2: wrong_type received_at: wanted an RFC 3339 time, got "soon"/,
    );
    expect(JSON.parse(err.trim().split('\n').at(-1)!)).toMatchObject({
      lines: { bugchecks: { taken: 24, refused: 2, duplicates: 12 }, installs: { refused: 1 } },
      refused: { not_json: 1, not_object: 1, 'wrong_type received_at': 1 },
      incidents: [{ suspect: { update_channel: 'content-a' }, state: 'open' }],
    });
  });

  it('decides by other settings when it is given a policy', async () => {
    const policy = join(folder, 'strict.yaml');
    writeFileSync(policy, 'minHosts: 1000 # more than there are\n');
    expect(await runAlone(['backtest', join(folder, 'plain'), '--policy', policy])).toMatchObject({ code: 0, out: '' });
    writeFileSync(policy, 'minHosts: many\n');
    const { code, err } = await runAlone(['backtest', join(folder, 'plain'), '--policy', policy]);
    expect(code).toBe(2);
    expect(err).toContain('strict.yaml: minHosts: wanted a whole number of 1 or more, got "many"');
  });

  it.each([
    ['without a folder', [], /wanted one folder of recorded events, got ""/],
    ['with a folder that is not there', [join(folder, 'nowhere')], /wanted a folder .* got nothing of that name/],
    ['with an option that there is not', [folder, '--fast'], /Unknown option '--fast'/],
  ])('ends with 2 and says why %s', async (_, args, message) => {
    const { code, out, err } = await runAlone(['backtest', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const entry = join(root, 'services', 'cli', 'dist', 'main.js');
    const child = spawn(process.execPath, [entry, 'backtest', join(folder, 'plain')], { stdio: 'pipe' });
    const ended = new Promise<number | null>((done) => child.once('close', done));
    await new Promise<void>((ready) =>
      child.stderr.on('data', (said: Buffer) => said.includes('ClickHouse is ready') && ready()),
    );
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const scratch = join(root, '.ringwatch', 'tmp');
    const left = existsSync(scratch) ? readdirSync(scratch).filter((name) => name.startsWith(`${child.pid}-`)) : [];
    expect(left).toEqual([]);
  });
});
