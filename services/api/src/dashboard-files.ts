import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the dashboard's build puts its files, seen from `src/` and from `dist/` alike. */
export const dashboardFolder = join(__dirname, '..', '..', 'dashboard', 'dist');

/** The page itself; undefined when the dashboard was not built. Read each time, so that a new build shows without a restart. */
export function readPage(): string | undefined {
  try {
    return readFileSync(join(dashboardFolder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}
