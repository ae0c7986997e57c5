import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const source = join(__dirname, '..', '..', 'libs', 'clickhouse', 'src');
const files = (readdirSync(source, { recursive: true }) as string[]).filter((file) => file.endsWith('.sql')).sort();
const questions = files.filter((file) => !file.startsWith('migrations'));
const text = (file: string) => readFileSync(join(source, file), 'utf8');

/** What lint cannot see in the SQL. */
describe('every .sql file', () => {
  it.each(files)('%s says on its first line what it is for', (file) => expect(text(file)).toMatch(/^-- \S.{10,}/));

  it.each(questions)('%s names its columns', (file) => expect(text(file)).toMatch(/^-- columns\s+\S/m));

  it.each(questions)('%s explains parameters when it binds any', (file) => {
    const binds = /\{\w+: ?\w+/.test(text(file));
    expect(/^-- parameters\s+\S/m.test(text(file))).toBe(binds);
  });

  it('is loaded by somebody', () => {
    const code = (readdirSync(source, { recursive: true }) as string[])
      .filter((file) => file.endsWith('.ts'))
      .map(text)
      .join('\n');
    for (const file of questions) expect(code).toContain(`'${file.replace(/\.sql$/, '')}'`);
  });
});

describe('migrations', () => {
  const migrations = files
    .filter((file) => file.startsWith('migrations'))
    .map((file) => file.replace(/^migrations./, ''));

  it('are numbered without a gap', () => {
    expect(migrations.map((file) => Number(file.slice(0, 4)))).toEqual(migrations.map((_, index) => index + 1));
  });

  it.each(migrations)('%s can be repeated', (file) => {
    const statements = text(join('migrations', file)).match(/^(CREATE|ALTER|DROP) .*/gm) ?? [];
    expect(statements.length).toBeGreaterThan(0);
    // A setting is the same however often it is set.
    for (const statement of statements) expect(statement).toMatch(/IF (NOT )?EXISTS|MODIFY SETTING/);
  });
});
