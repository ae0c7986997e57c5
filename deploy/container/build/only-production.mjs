/**
 * Makes the manifests say what is installed, production packages of the services alone, so that `npm sbom` lists that and
 * misses nothing. Run in the folder of the build, after npm ci.
 */
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const links = join('node_modules', '@ringwatch');
const workspaces = readdirSync(links).map((name) => relative('.', realpathSync(join(links, name))));

for (const folder of ['.', ...workspaces]) {
  const file = join(folder, 'package.json');
  const { devDependencies, optionalDependencies, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(folder === '.' ? { ...manifest, workspaces } : manifest));
}
