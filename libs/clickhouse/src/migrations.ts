import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', 'src', 'migrations');

/** One numbered file. */
export interface Migration {
  file: string;
  text: string;
  /** SHA-256 of its text: a file that has run is never edited. */
  checksum: string;
}

/** All of them in order, or those up to a number. */
export function migrations(upTo = Infinity): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql') && Number(name.slice(0, 4)) <= upTo)
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return { file, text, checksum: createHash('sha256').update(text).digest('hex') };
    });
}
