import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformError, requireDisk, requireJava, requireMaven, requireNode } from '../process/requirements.cjs';
import { clickHouseLibrary } from './clickhouse-settings';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ringwatch-requirements-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const nothing = () => ({ PATH: folder });

it.each([
  { name: 'Node is too old', act: () => requireNode('20.18.3'), what: /Node\.js is too old/, got: '20.18.3' },
  { name: 'there is no Java', act: () => requireJava(nothing()), what: /without Java/, got: 'none' },
  { name: 'there is no Maven', act: () => requireMaven(nothing()), what: /without Maven/, got: 'none' },
  { name: 'the disk is nearly full', act: () => requireDisk(folder, 2 ** 60), what: /nearly full/, got: / GiB of / },
  {
    name: 'ClickHouse is not made for it',
    act: () => clickHouseLibrary('win32', 'x64'),
    what: /ClickHouse/,
    got: /no such/,
  },
])('says so when $name', ({ act, what, got }) => {
  const error = thrownBy(act);
  expect(error).toBeInstanceOf(PlatformError);
  expect(error.what).toMatch(what);
  expect(error.got).toMatch(got);
  expect(error.next).not.toBe('');
});

it.each([
  { version: '1.8.0_392', accepted: false },
  { version: '11.0.21', accepted: false },
  { version: '17.0.15', accepted: true },
  { version: '25', accepted: true },
])('takes Java $version: $accepted', ({ version, accepted }) => {
  const java = join(folder, 'java');
  writeFileSync(java, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`);
  chmodSync(java, 0o755);
  const act = () => requireJava({ PATH: `${folder}:${process.env.PATH}` });
  if (accepted) expect(act()).toBe('java');
  else expect(act).toThrow(/wanted a Java runtime 17 or newer on the PATH, got Java (8|11)\./);
  rmSync(java);
});

it.each(['20.19.0', '22.1.0', '24.0.0'])('takes Node %s', (version) =>
  expect(() => requireNode(version)).not.toThrow(),
);

function thrownBy(act: () => unknown): PlatformError {
  try {
    act();
  } catch (error) {
    return error as PlatformError;
  }
  throw new Error('nothing was thrown');
}
