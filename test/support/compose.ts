import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/** Whether containers can be run here. Asked once a process; a client without an engine is none. */
export const hasDocker =
  spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' }).status === 0 &&
  spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;

export interface ContainerState {
  Name: string;
  Service: string;
  State: string;
  Health: string;
  ExitCode: number;
}

/** docker-compose.yml under a name of its own, so that it stands beside one that somebody uses. */
export class Compose {
  constructor(
    readonly project: string,
    private readonly env: Record<string, string>,
  ) {}

  /** `docker compose ...`; its output. @throws with its last words when it fails */
  async compose(...args: string[]): Promise<string> {
    return this.docker('compose', '-p', this.project, '--profile', 'demo', '--env-file', '/dev/null', ...args);
  }

  async docker(...args: string[]): Promise<string> {
    try {
      const options = { cwd: root, env: { ...process.env, ...this.env }, maxBuffer: 64 * 1024 ** 2 };
      return (await run('docker', args, options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`docker ${args.join(' ')} failed:\n${stdout}${stderr}`.slice(-4_000), { cause: error });
    }
  }

  async states(): Promise<ContainerState[]> {
    const text = await this.compose('ps', '--all', '--format', 'json');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ContainerState);
  }

  /** What `docker inspect` says of the one container of a service. */
  async inspect(service: string): Promise<Inspected> {
    const id = (await this.compose('ps', '--all', '--quiet', service)).trim();
    const [inspected] = JSON.parse(await this.docker('inspect', id)) as Inspected[];
    return inspected!;
  }

  /** Kills every process in a container as a crash would, and not as somebody who stops it: it has to come back by itself. */
  async crash(service: string): Promise<void> {
    const kill =
      service === 'kafka' || service === 'clickhouse'
        ? ['bash', '-c', 'kill -9 -1']
        : ['node', '-e', 'process.kill(-1, 9)'];
    await this.compose('exec', '-T', service, ...kill).catch(() => undefined);
  }
}

export interface Inspected {
  RestartCount: number;
  Config: { User: string };
  State: { Status: string; Health?: { Status: string } };
  HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; Memory: number; NanoCpus: number };
  NetworkSettings: { Ports: Record<string, Array<{ HostIp: string }> | null> };
}
