import { aggregateCrashes, markChangedHours, rollChangedHours } from '@ringwatch/clickhouse';
import { rowsOf } from './report.mjs';

const DAY = 86_400_000;
const MINUTES_5 = 300;
const pair = ['driver', 'update_version'];

/** Asks each question often, checks the goals, and that the answers add up. The range is the third day from `since` on. */
export async function askAll(db, { since, checkGoals }) {
  const range = { since: new Date(since + 2 * DAY), until: new Date(since + 3 * DAY), filters: {} };
  const questions = questionsOver(range);
  const report = [];
  const problems = [];
  for (const question of questions) {
    if (question.before) await question.before(db, range);
    const measured = await measure(db, question);
    if (question.after) await question.after(db);
    report.push(rowOf(question, measured));
    if (checkGoals && question.goal && measured.p99 > question.goal)
      problems.push(`${question.name}: p99 ${measured.p99.toFixed(0)} ms, goal ${question.goal} ms`);
  }
  problems.push(...(await checkAnswers(db, range)));
  return { report, problems };
}

function questionsOver(range) {
  const top = { ...range, groupBy: pair, top: 20, maxRows: 20 };
  const series = { ...range, groupBy: pair, bucketSeconds: MINUTES_5, maxRows: 2_000_000 };
  const oneDriver = (turn) => ({ ...series, filters: { driver: [`drv${(turn * 37) % 300}.sys`] } });
  const largest = { ...series, filters: { driver: ['drv0.sys'] } };
  const lastHour = {
    before: (db) => markChangedHours(db, [range.until.getTime() - 1]),
    after: (db) => rollChangedHours(db),
  };
  return [
    { name: 'one driver, per 5 min, exact', times: 300, goal: 50, ask: oneDriver },
    { name: 'the largest driver, per 5 min, exact', times: 100, goal: 50, ask: () => largest },
    { name: 'top 20 of all, hosts approximate', times: 100, goal: 100, ask: () => ({ ...top, hosts: 'approximate' }) },
    { name: 'top 20 of all, hosts exact', times: 100, goal: 500, ask: () => top },
    { name: 'top 20 of all, each per 5 min, exact', times: 100, goal: 500, ask: () => ({ ...series, top: 20 }) },
    { name: 'all groups, per 5 min, exact', times: 30, goal: 1_500, ask: () => series },
    { name: 'one driver, last hour dirty', times: 100, ask: oneDriver, ...lastHour },
    {
      name: 'top 20 approximate, last hour dirty',
      times: 100,
      ask: () => ({ ...top, hosts: 'approximate' }),
      ...lastHour,
    },
    { name: 'hosts of all in 24 h, exact', times: 5, ask: () => ({ ...range, groupBy: [], maxRows: 1 }) },
    {
      name: 'hosts of all in 24 h, approximate',
      times: 20,
      ask: () => ({ ...range, groupBy: [], maxRows: 1, hosts: 'approximate' }),
    },
    { name: 'by country, from raw rows', times: 5, ask: () => ({ ...range, groupBy: ['country'], maxRows: 100 }) },
  ];
}

async function measure(db, { times, ask }) {
  const took = [];
  let rows = 0;
  const meter = rowsReadBy(db);
  await aggregateCrashes(meter.db, ask(0));
  for (let turn = 0; turn < times; turn += 1) {
    const started = performance.now();
    const answer = await aggregateCrashes(db, ask(turn));
    took.push(performance.now() - started);
    rows = answer.length;
  }
  const sorted = took.sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1), rows, read: meter.read() };
}

/** The same database, and how many rows the server says it has read for what was asked of it. */
function rowsReadBy(db) {
  let read = 0;
  const query = async (params) => {
    const answer = await db.query(params);
    read += Number(JSON.parse(answer.response_headers['x-clickhouse-summary'] ?? '{}').read_rows ?? 0);
    return answer;
  };
  return { db: { query }, read: () => read };
}

function rowOf({ name, times, goal }, { p50, p99, max, rows, read }) {
  const ms = (value) => value.toFixed(value < 100 ? 1 : 0);
  return {
    question: name,
    runs: times,
    'p50 ms': ms(p50),
    'p99 ms': ms(p99),
    'max ms': ms(max),
    'goal p99 ms': goal ?? '',
    rows,
    'rows read': read.toLocaleString('en'),
  };
}

/** The rollups must say what the raw rows say, and estimates must be within 1 %. */
async function checkAnswers(db, range) {
  const top = { ...range, groupBy: pair, top: 20, maxRows: 20 };
  const exact = await aggregateCrashes(db, top);
  const estimated = await aggregateCrashes(db, { ...top, hosts: 'approximate' });
  const [{ crashes: total }] = await aggregateCrashes(db, { ...range, groupBy: [], maxRows: 1 });
  const series = await aggregateCrashes(db, { ...range, groupBy: pair, bucketSeconds: MINUTES_5, maxRows: 2_000_000 });
  const [{ stored }] = await rowsOf(
    db,
    `SELECT count() AS stored FROM bugchecks FINAL WHERE occurred_at >= fromUnixTimestamp64Milli({since: Int64}, 'UTC')
      AND occurred_at < fromUnixTimestamp64Milli({until: Int64}, 'UTC')`,
    { since: range.since.getTime(), until: range.until.getTime() },
  );
  const summed = series.reduce((sum, { crashes }) => sum + crashes, 0);
  const worst = Math.max(...exact.map(({ hosts }, index) => Math.abs(estimated[index].hosts / hosts - 1)));
  process.stdout.write(`estimated hosts of the top 20: off by ${(worst * 100).toFixed(2)} % at most\n`);
  return [
    ...(Number(stored) === total && total === summed
      ? []
      : [`crashes differ: ${stored} stored, ${total}, ${summed} summed`]),
    ...(worst <= 0.01 ? [] : [`estimated hosts are off by ${(worst * 100).toFixed(2)} %`]),
  ];
}
