/**
 * What a machine must have before anything of Ringwatch can run, and the error that says what is missing. Plain
 * JavaScript without dependencies, because set-up asks it on a fresh clone, before a package is installed or a line
 * compiled; the compiled library and the tests use the same file.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const { statfsSync, mkdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const GiB = 1024 ** 3;
/** The class path, the packages' copies and a first hour of data fit in this; below it ClickHouse fails in odd ways. */
const MIN_FREE_BYTES = GiB;
const MIN_JAVA = 17;

class PlatformError extends Error {
  constructor({ what, wanted, got, next }, options) {
    super(`${what}: wanted ${wanted}, got ${got}. ${next}`, options);
    this.name = 'PlatformError';
    Object.assign(this, { what, wanted, got, next });
  }
}

function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new PlatformError({
    what: 'Node.js is too old',
    wanted: '20.19 or newer',
    got: version,
    next: 'Install a newer Node.js (for example with nvm: "nvm install 22") and run the command again.',
  });
}

/** Returns the java command to use: of JAVA_HOME when that is set, else the one on the PATH. */
function requireJava(env = process.env) {
  const java = env.JAVA_HOME ? path.join(env.JAVA_HOME, 'bin', 'java') : 'java';
  const ran = spawnSync(java, ['-version'], { encoding: 'utf8', env });
  const found = /version "(?:1\.)?(\d+)[^"]*"/.exec(`${ran.stderr ?? ''}${ran.stdout ?? ''}`);
  if (found && Number(found[1]) >= MIN_JAVA) return java;
  throw new PlatformError({
    what: 'The embedded Kafka cannot run without Java',
    wanted: `a Java runtime ${MIN_JAVA} or newer${env.JAVA_HOME ? ` in JAVA_HOME (${env.JAVA_HOME})` : ' on the PATH'}`,
    got: found ? `Java ${found[1]}` : 'none',
    next: 'Install one (Debian: "apt-get install openjdk-17-jre-headless"; macOS: "brew install openjdk") or point JAVA_HOME at it.',
  });
}

/** Returns the Maven command. Only fetching Kafka's jars needs it; once they are there it may be absent. */
function requireMaven(env = process.env) {
  const ran = spawnSync('mvn', ['-v'], { encoding: 'utf8', env });
  if (ran.status === 0) return 'mvn';
  throw new PlatformError({
    what: "Kafka's jars cannot be fetched without Maven",
    wanted: 'the command mvn on the PATH',
    got: ran.error ? 'none' : `"mvn -v" ended with code ${ran.status}: ${ran.stderr.trim().slice(0, 200)}`,
    next: 'Install it (Debian: "apt-get install maven"; macOS: "brew install maven") and run the command again.',
  });
}

/** Creates the folder when it is missing. */
function requireDisk(folder, minBytes = MIN_FREE_BYTES) {
  mkdirSync(folder, { recursive: true });
  const disk = statfsSync(folder);
  const free = disk.bavail * disk.bsize;
  if (free >= minBytes) return;
  throw new PlatformError({
    what: `The disk of ${folder} is nearly full`,
    wanted: `at least ${gib(minBytes)} free`,
    got: `${gib(free)} of ${gib(disk.blocks * disk.bsize)}`,
    next: 'Free some space, or keep the data elsewhere (--data-dir).',
  });
}

const gib = (bytes) => `${(bytes / GiB).toFixed(2)} GiB`;

/** The version that pom.xml names, so that it stands in one place. */
function kafkaVersion() {
  const pom = readFileSync(path.join(__dirname, '..', 'pom.xml'), 'utf8');
  return /<kafka\.version>([^<]+)</.exec(pom)[1];
}

/** Where everything that git ignores lives: jars, data, logs, temporary folders. */
const workFolder = path.resolve(__dirname, '..', '..', '..', '.ringwatch');

const kafkaJarsFolder = () => path.join(workFolder, `kafka-${kafkaVersion()}`);

module.exports = {
  PlatformError,
  requireNode,
  requireJava,
  requireMaven,
  requireDisk,
  kafkaVersion,
  workFolder,
  kafkaJarsFolder,
};
