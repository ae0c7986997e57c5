/** A line on the terminal. */
export const say = (text) => process.stdout.write(`${text}\n`);

/** Rows of one shape as a table in Markdown. */
export function table(rows) {
  const names = Object.keys(rows[0] ?? {});
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(names), line(names.map(() => '---')), ...rows.map((row) => line(names.map((name) => row[name])))].join(
    '\n',
  );
}

/** Rows of an answer. */
export async function rowsOf(db, query, query_params = {}) {
  const answer = await db.query({ query, query_params, format: 'JSONEachRow' });
  return answer.json();
}

/** Bytes on disk for one stored bugcheck, table by table and column by column. */
export async function bytesPerEvent(db, events) {
  const rows = await rowsOf(
    db,
    `SELECT table, column, sum(column_data_compressed_bytes) AS bytes, sum(column_data_uncompressed_bytes) AS plain
    FROM system.parts_columns
    WHERE active AND database = currentDatabase() AND table IN ('bugchecks', 'crashes_per_5_minutes', 'crashes_per_hour')
    GROUP BY table, column ORDER BY table, bytes DESC`,
  );
  const totals = await rowsOf(
    db,
    `SELECT table, 'all' AS column, sum(data_compressed_bytes) AS bytes, sum(data_uncompressed_bytes) AS plain FROM system.parts
    WHERE active AND database = currentDatabase() AND table IN ('bugchecks', 'crashes_per_5_minutes', 'crashes_per_hour')
    GROUP BY table ORDER BY table`,
  );
  return [...totals, ...rows.filter((row) => Number(row.bytes) / events >= 0.05)].map((row) => ({
    table: row.table,
    column: row.column,
    'bytes per event': (Number(row.bytes) / events).toFixed(2),
    uncompressed: (Number(row.plain) / events).toFixed(2),
  }));
}
