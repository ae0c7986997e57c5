import { rowsOf } from './report.mjs';

const SAMPLE = 2_000_000;
const variants = ['as chosen', 'LZ4', 'ZSTD(1)', 'NONE'];

/** Writes and reads the same bugchecks under other codecs: bytes, and time as a share of that of plain LZ4. */
export async function compareCodecs(db) {
  const columns = await rowsOf(
    db,
    `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 'bugchecks' ORDER BY position`,
  );
  const run = (query) => db.command({ query });
  await run('CREATE TABLE codec_sample AS bugchecks ENGINE = Memory');
  const stored = (
    await rowsOf(
      db,
      `SELECT name FROM system.columns WHERE database = currentDatabase()
    AND table = 'bugchecks' AND default_kind != 'MATERIALIZED' ORDER BY position`,
    )
  )
    .map(({ name }) => name)
    .join(', ');
  await run(`INSERT INTO codec_sample (${stored}) SELECT ${stored} FROM bugchecks LIMIT ${SAMPLE}`);
  const measured = [];
  for (const codec of variants) measured.push(await measure(db, { codec, columns, stored }));
  await run('DROP TABLE codec_sample SYNC');
  const [chosen, lz4] = measured;
  const share = (mine, theirs) => `${((mine / theirs - 1) * 100).toFixed(0)} %`;
  const total = measured.map((each) => ({
    column: `all, ${each.codec}`,
    'bytes per event': sumOf(each.bytes).toFixed(2),
    'insert s': (each.insertMs / 1_000).toFixed(2),
    'insert against LZ4': share(each.insertMs, lz4.insertMs),
    'read ms': sumOf(each.readMs).toFixed(0),
    'read against LZ4': share(sumOf(each.readMs), sumOf(lz4.readMs)),
  }));
  const single = columns
    .filter(({ name }) => Math.abs(chosen.bytes[name] - lz4.bytes[name]) > 0.05)
    .map(({ name }) => ({
      column: name,
      'bytes per event': measured.map((each) => `${each.bytes[name].toFixed(2)} (${each.codec})`).join(', '),
      'insert s': '',
      'insert against LZ4': '',
      'read ms': measured.map((each) => each.readMs[name].toFixed(0)).join(', '),
      'read against LZ4': share(chosen.readMs[name], lz4.readMs[name]),
    }));
  return [...total, ...single];
}

const sumOf = (values) => Object.values(values).reduce((sum, value) => sum + value, 0);

async function measure(db, { codec, columns, stored }) {
  const run = (query) => db.command({ query });
  await run('CREATE TABLE codec_trial AS bugchecks');
  if (codec !== 'as chosen')
    await run(
      `ALTER TABLE codec_trial ${columns.map(({ name }) => `MODIFY COLUMN ${name} CODEC(${codec})`).join(', ')}`,
    );
  await run('SYSTEM STOP MERGES codec_trial');
  const insertMs = await best(3, async () => {
    await run('TRUNCATE TABLE codec_trial');
    return timed(() =>
      run(`INSERT INTO codec_trial (${stored}) SELECT ${stored} FROM codec_sample SETTINGS max_insert_threads = 1`),
    );
  });
  const found = await rowsOf(
    db,
    `SELECT column, sum(column_data_compressed_bytes) / (SELECT count() FROM codec_sample) AS bytes FROM system.parts_columns
    WHERE active AND database = currentDatabase() AND table = 'codec_trial' GROUP BY column`,
  );
  const readMs = {};
  for (const { name } of columns)
    readMs[name] = await best(3, () =>
      timed(() => rowsOf(db, `SELECT sum(ignore(${name})) FROM codec_trial SETTINGS max_threads = 1`)),
    );
  await run('DROP TABLE codec_trial SYNC');
  return { codec, insertMs, readMs, bytes: Object.fromEntries(found.map((row) => [row.column, Number(row.bytes)])) };
}

async function best(times, work) {
  let least = Infinity;
  for (let turn = 0; turn < times; turn += 1) least = Math.min(least, await work());
  return least;
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
