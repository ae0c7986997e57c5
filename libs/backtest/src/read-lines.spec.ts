import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { findInputFiles } from './input-files';
import { readLines } from './read-lines';

const folder = mkdtempSync(join(tmpdir(), 'ringwatch-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function linesOf(content: Buffer | string, name = 'file.jsonl'): Promise<Array<[number, string]>> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const read: Array<[number, string]> = [];
  const file = { topic: 'updates' as const, path, isCompressed: name.endsWith('.gz'), bytes: statSync(path).size };
  const take = async (lines: Iterable<{ bytes: Buffer; start: number; end: number; number: number }>) => {
    for (const { bytes, start, end, number } of lines) read.push([number, bytes.toString('utf8', start, end)]);
  };
  await readLines(file, take, () => undefined);
  return read;
}

describe('lines of a file', () => {
  it.each([
    ['nothing', '', []],
    [
      'the last one without an end',
      '{"a":1}\n{"b":2}',
      [
        [1, '{"a":1}'],
        [2, '{"b":2}'],
      ],
    ],
    [
      'none that is empty, though it has a number',
      '\n\r\na\r\n\nb\n',
      [
        [3, 'a\r'],
        [5, 'b'],
      ],
    ],
  ])('%s', async (_, content, lines) => expect(await linesOf(content)).toEqual(lines));

  it('are the same wherever the file is cut into pieces, packed or not', async () => {
    const text = fc.array(fc.integer({ min: 1, max: 700_000 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, async (lengths) => {
        const lines = lengths.map((length, index) => String.fromCharCode(97 + index).repeat(length));
        const content = lines.map((line) => `${line}\n`).join('');
        const wanted = lines.map((line, index) => [index + 1, line.slice(0, 262_145)]);
        const heads = (read: Array<[number, string]>) => read.map(([number, line]) => [number, line.slice(0, 262_145)]);
        expect(heads(await linesOf(content))).toEqual(wanted);
        expect(heads(await linesOf(gzipSync(content, { level: 1 }), 'file.jsonl.gz'))).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  });

  it('say where a packed file ends too early', async () => {
    const packed = gzipSync(Array.from({ length: 300_000 }, (_, index) => `${index}\n`).join(''));
    await expect(linesOf(packed.subarray(0, packed.length / 2), 'cut.jsonl.gz')).rejects.toThrow(
      /cut\.jsonl\.gz: cannot be read beyond line \d+: unexpected end of file/,
    );
    await expect(linesOf('{"a":1}\n', 'plain.jsonl.gz')).rejects.toThrow(/beyond line 0: incorrect header check/);
  });
});

describe('a folder of recorded files', () => {
  const made = (...names: string[]) => {
    const at = mkdtempSync(join(folder, 'in-'));
    for (const name of names) writeFileSync(join(at, name), '');
    return at;
  };

  it('may have any of the four, packed or not', async () => {
    const files = await findInputFiles(made('updates.jsonl', 'bugchecks.jsonl.gz', 'notes.txt'));
    expect(files.map(({ topic, isCompressed }) => [topic, isCompressed])).toEqual([
      ['bugchecks', true],
      ['updates', false],
    ]);
  });

  it.each([
    ['is not there', () => join(folder, 'nowhere'), /wanted a folder of recorded events, got nothing of that name/],
    ['is a file', () => join(made('a'), 'a'), /wanted a folder of recorded events, got a file/],
    ['is empty', () => made(), /wanted at least one of bugchecks\.jsonl, .* got an empty folder/],
    ['has other files', () => made('b.csv', 'a.csv'), /got a\.csv, b\.csv/],
    ['has a file twice', () => made('installs.jsonl', 'installs.jsonl.gz'), /got both installs\.jsonl and/],
    ['is still being recorded', () => made('installs.jsonl.gz.part'), /its recording has not ended/],
  ])('is refused when it %s', async (_, at, message) => expect(findInputFiles(at())).rejects.toThrow(message));
});
