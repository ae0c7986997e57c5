import { spawn, spawnSync } from 'node:child_process';
import { incidentOn, insertIncidents } from '../support/api';
import { fillWithJuly, july, openJulyIncident } from '../support/july-store';
import { Stack } from '../support/stack';

/**
 * `npm run test:openapi`: what the api says of itself against what it does. Schemathesis (PyPI) makes up requests from
 * `/api/openapi.json`, good ones and bad ones, and holds every answer against it. Kafka, ClickHouse, ingest and the api are real.
 *
 *   npm run test:openapi                  thousands of requests, some minutes
 *   SCHEMATHESIS=~/venv/bin/schemathesis npm run test:openapi -- --max-examples 20 --seed 1
 */
const program = process.env['SCHEMATHESIS'] ?? 'schemathesis';

/** Over 5,000 requests; what is given later on the command line counts instead. */
const examples = ['--max-examples', '140'];
/** A stream has no end. */
const left = ['--exclude-path', '/api/v1/stream'];
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
].join(',');

async function main(args: readonly string[]): Promise<number> {
  if (spawnSync(program, ['--version']).status !== 0) {
    process.stdout.write(
      `schemathesis is not installed, so that nothing was checked: python3 -m venv v && v/bin/pip install schemathesis, then\n` +
        `SCHEMATHESIS=v/bin/schemathesis npm run test:openapi\n`,
    );
    return 0;
  }
  const stack = new Stack();
  try {
    await stack.start();
    await stack.run('ingest');
    await stack.run('api', { API_REQUESTS_PER_MINUTE: '1000000' });
    await fillWithJuly(stack.db);
    await openJulyIncident(stack.db);
    // Named by the description's own examples, so that requests reach more than 404.
    await insertIncidents(stack.db, [incidentOn(july.channel, july.version, { incident_id: 'inc-5b0c1f2a' })]);
    return await run(`${stack.url('api')}/api/openapi.json`, args);
  } finally {
    await stack.stop();
  }
}

function run(url: string, args: readonly string[]): Promise<number> {
  const options = [
    '--phases',
    'examples,coverage,fuzzing',
    '--checks',
    checks,
    '--continue-on-failure',
    ...examples,
    ...left,
  ];
  const child = spawn(program, ['run', url, ...options, ...args], { stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
