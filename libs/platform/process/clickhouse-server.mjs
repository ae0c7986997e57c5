/**
 * A ClickHouse server in this Node process: the npm package @chdb/lib-<platform> carries all of ClickHouse as a
 * library, and its function chdb_query_cmdline is the program `clickhouse local`, which opens real listeners when asked.
 * Meant to be a child process that lives no longer than its parent, which holds its stdin open:
 *
 *   node clickhouse-server.mjs '{"library": "libchdb.so", "folder": DIR, "config": FILE, "httpPort": N, "tcpPort": N}'
 *
 * Ends with 0 after SIGTERM, SIGINT or the end of stdin, with 3 when another process has the folder, else with 1.
 */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataType, isNullPointer, load, open } from 'ffi-rs';

const LOCK_EX_NB = 2 | 4;
/** ClickHouse waits 5 s for kept-alive connections and as long as a query runs; nobody should wait longer than this. */
const STOP_WITHIN_MS = 15_000;

const { library, folder, config, httpPort, tcpPort } = JSON.parse(process.argv[2]);
const { I32, U8Array, StringArray, External, Void } = DataType;

open({ library: 'c', path: process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6' });
open({ library: 'clickhouse', path: library });
const call = (name, retType, paramsType, paramsValue, more) =>
  load({
    library: name.startsWith('chdb_') ? 'clickhouse' : 'c',
    funcName: name,
    retType,
    paramsType,
    paramsValue,
    ...more,
  });

takeFolder();
const { readEnd, writeEnd } = makePipe();
// Else the library puts its own handlers in place of Node's, and SIGTERM would not reach us.
call('chdb_set_signal_handlers_enabled', Void, [I32], [0]);

let stopping = false;
process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
process.stdin.on('end', stop).on('error', stop).resume();
serve();

/** The kernel lets go of this lock when the process dies, however it dies, so it is never stale. */
function takeFolder() {
  mkdirSync(folder, { recursive: true });
  if (call('flock', I32, [I32, I32], [openSync(join(folder, 'server.lock'), 'a'), LOCK_EX_NB]) === 0) return;
  process.stderr.write(`another ClickHouse server has ${folder}\n`);
  process.exit(3);
}

function makePipe() {
  const ends = Buffer.alloc(8);
  call('pipe', I32, [U8Array], [ends]);
  return { readEnd: ends.readInt32LE(0), writeEnd: ends.readInt32LE(4) };
}

/** The main query reads a pipe: when its other end closes, the query is done and ClickHouse shuts down in order. */
function stop() {
  if (stopping) return;
  stopping = true;
  closeSync(writeEnd);
  setTimeout(() => exitNow(1), STOP_WITHIN_MS);
}

async function serve() {
  // `system` is a database in memory: the folders that its tables left would be in the way of the new ones.
  rmSync(join(folder, 'data', 'system'), { recursive: true, force: true });
  const untilStopped = `SELECT count() FROM file('/dev/fd/${readEnd}', 'LineAsString', 'line String') FORMAT Null`;
  const argv = [
    'clickhouse-local',
    `--config-file=${config}`,
    '--log-level=warning',
    `--path=${folder}`,
    `--http_port=${httpPort}`,
    `--tcp_port=${tcpPort}`,
    `--query=SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; ${untilStopped} SETTINGS max_execution_time = 0`,
  ];
  const result = await call('chdb_query_cmdline', External, [I32, StringArray], [argv.length, argv], {
    runInNewThread: true,
  });
  const problem = stopping ? '' : errorOf(result);
  if (problem) process.stderr.write(`${problem}\n`);
  exitNow(stopping ? 0 : 1);
}

/** A null pointer read as a string would end the process with a segmentation fault. */
function errorOf(result) {
  const text = call('chdb_result_error', External, [External], [result]);
  if (isNullPointer(text)) return 'ClickHouse ended by itself';
  return call('chdb_result_error', DataType.String, [External], [result]);
}

/** Skips the library's global destructors, which fail when threads are still there; all data is on disk by now. */
function exitNow(code) {
  call('_exit', Void, [I32], [code]);
}
