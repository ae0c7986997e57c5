import { existsSync, readFileSync } from 'node:fs';

const LINES_LOOKED_AT = 40;
const MAX_CHARACTERS = 600;

/**
 * What a process that ended too early said last: lines that speak of an error when there are any, on one line. Of what was
 * in the files before, the first `from` bytes, nothing is taken.
 */
export function lastWords(files: string[], from = 0): string {
  const lines = files
    .filter((file) => existsSync(file))
    .flatMap((file) =>
      readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n').slice(-LINES_LOOKED_AT),
    );
  const errors = lines.filter((line) => /error|exception|fatal|cannot/i.test(line) && !/^\s+at /.test(line));
  const words = (errors.length > 0 ? errors : lines).slice(-3).join(' | ').slice(-MAX_CHARACTERS);
  return words === '' ? 'nothing' : words;
}
