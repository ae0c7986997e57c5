import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PlatformError } from '../process/requirements.cjs';
import { LOOPBACK } from './ports';

/** config.xml of the embedded server, whose tables stand in `dataFolder`. */
export function clickHouseConfig(
  dataFolder: string,
  { usersFile, logFile, more = '' }: { usersFile: string; logFile: string; more?: string },
): string {
  return `<clickhouse>
    <logger>
        <log>${xml(logFile)}</log>
        <size>20M</size>
        <count>2</count>
    </logger>
    <path>${xml(dataFolder)}/</path>
    <user_directories>
        <users_xml>
            <path>${xml(usersFile)}</path>
        </users_xml>
    </user_directories>
    <listen_host>${LOOPBACK}</listen_host>
    <timezone>UTC</timezone>
    <!-- Above the client's time for idle sockets, so that it is the client that closes them. -->
    <keep_alive_timeout>10</keep_alive_timeout>
    <!-- Half of the machine: Kafka, the services and a browser run on it too. -->
    <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
    <mark_cache_size>268435456</mark_cache_size>
    <backups>
        <allowed_path>${xml(dataFolder)}/backups/</allowed_path>
    </backups>
    ${more}
</clickhouse>
`;
}

/**
 * users.xml: this build of ClickHouse knows no users made by SQL. `default` has no password and must have none (the
 * server's own main query runs as it), so it may come from this machine only.
 */
export const clickHouseUsers = `<clickhouse>
    <profiles>
        <default>
            <!-- An acknowledged insert is a stored insert. -->
            <async_insert>0</async_insert>
        </default>
    </profiles>
    <quotas>
        <default/>
    </quotas>
    <users>
        <default>
            <no_password/>
            <networks>
                <ip>127.0.0.1</ip>
            </networks>
            <profile>default</profile>
            <quota>default</quota>
        </default>
    </users>
</clickhouse>
`;

/** The package that carries ClickHouse for this kind of machine, as its file's path. Throws a PlatformError if there is none. */
export function clickHouseLibrary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@chdb/lib-${platform}-${arch}${platform === 'linux' ? '-gnu' : ''}`;
  const packageFolder = findPackage(name);
  const file = packageFolder && join(packageFolder, 'libchdb.so');
  if (file && existsSync(file)) return file;
  throw new PlatformError({
    what: 'ClickHouse is not there for this machine',
    wanted: `the npm package ${name} (there is one for Linux with glibc and for macOS, each on x64 and arm64)`,
    got: packageFolder ? `${packageFolder} without libchdb.so` : 'no such package in node_modules',
    next: 'Run "npm ci" without --omit=optional; on any other kind of machine use docker compose.',
  });
}

function findPackage(name: string): string | undefined {
  try {
    return dirname(createRequire(__filename).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function xml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
