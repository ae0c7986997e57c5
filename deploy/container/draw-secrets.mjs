/**
 * Draws the secrets of docker-compose.yml at the first start, one a file in the folder given; those that are there stay as they
 * are. To change one: delete its file and start again, docs/operations/keys.md says for which that is enough.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const hex = () => randomBytes(24).toString('hex');

const secrets = {
  api_session_secret: hex,
  clickhouse_password: hex,
  clickhouse_reader_password: hex,
  demo_webhook_secret: () => `whsec_${randomBytes(32).toString('base64')}`,
  grafana_password: hex,
};

for (const [name, draw] of Object.entries(secrets)) {
  const file = join(folder, name);
  if (existsSync(file)) continue;
  // Readable by every user: containers run as different ones, and only they see this folder.
  writeFileSync(file, draw(), { mode: 0o444 });
  process.stdout.write(`${name} is drawn\n`);
}

// ClickHouse reads passwords of further users from a file of its own form.
const reader = readFileSync(join(folder, 'clickhouse_reader_password'), 'utf8').trim();
writeFileSync(
  join(folder, 'clickhouse_users.xml'),
  `<clickhouse><reader_password>${reader}</reader_password></clickhouse>\n`,
);
