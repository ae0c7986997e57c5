import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Lints two projects through Nx, as CI does, with one forbidden file in each. */
describe('module boundaries', () => {
  const forbidden = {
    'libs/bugcheck/src/forbidden-import.ts': [
      "import { readFileSync } from 'node:fs';",
      "import { connectKafka } from '@ringwatch/kafka';",
      'export const forbidden = [readFileSync, connectKafka, Date.now(), process.env];',
    ],
    'services/ingest/src/forbidden-import.ts': [
      "import { Injectable } from '@nestjs/common';",
      "import { Kafka } from 'kafkajs';",
      "import { startPlatform } from '@ringwatch/platform';",
      'export const forbidden = [Injectable, Kafka, startPlatform];',
    ],
  };
  let report: string;

  beforeAll(() => {
    for (const [file, lines] of Object.entries(forbidden)) writeFileSync(join(root, file), `${lines.join('\n')}\n`);
    try {
      const nx = join(root, 'node_modules', '.bin', 'nx');
      const args = ['run-many', '-t', 'lint', '-p', 'bugcheck', 'ingest', '--skip-nx-cache', '--outputStyle=static'];
      const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NX_DAEMON: 'false' };
      const lint = spawnSync(nx, args, { cwd: root, encoding: 'utf8', env });
      report = `exit code ${lint.status}\n${lint.stdout}`;
    } finally {
      for (const file of Object.keys(forbidden)) rmSync(join(root, file), { force: true });
    }
  });

  it.each([
    ['what breaks a rule, with an exit code', /^exit code 1\n/],
    [
      'a core library that imports an adapter',
      /"kind:core" and "lib:bugcheck" can only depend on libs tagged with "lib:message"/,
    ],
    ['a core library that reads files', /'node:fs' import is restricted/],
    ['a core library that reads the clock', /A core library reads no clock/],
    ['a core library that reads the environment', /Unexpected use of 'process'/],
    ['a service that imports a client', /"kind:service" is not allowed to import "kafkajs"/],
    ['a service that imports the embedded platform', /"kind:service" can only depend on libs tagged with/],
    ['working code of a service that imports Nest', /Nest wires a service/],
  ])('refuse %s', (_, message) => expect(report).toMatch(message));
});
