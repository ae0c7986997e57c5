import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../process/requirements.cjs';
import { saysOk } from './http-probe';
import { lastWords } from './last-words';
import { LOOPBACK, requirePort } from './ports';
import { type Progress, silent } from './progress';
import { restartDelays } from './restart-delays';
import { describeExit, type Exit, processFolder, spawnTied, type TiedProcess } from './tied-process';

const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 100;
/** A service finishes its batch and leaves its consumer group in this time, or is killed. */
const STOP_WITHIN_MS = 15_000;
/** A service that crashes this often before it was ever ready has a wrong setting, not a bad moment. */
const MAX_CRASHES_BEFORE_READY = 4;

/** One service as a child process. */
export interface ServiceOptions {
  /** For messages. */
  name: string;
  /** The compiled main.js. */
  entry: string;
  args?: string[];
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** The service's HTTP port on 127.0.0.1. It becomes HTTP_HOST and HTTP_PORT, and the service is ready when GET /readyz says 200. */
  port?: number;
  /** Gets the errors and, without `onLine`, the output too. */
  logFile: string;
  /** Gets each line of the output. */
  onLine?: (line: string) => void;
  /** Start it again after a crash (an end that `stop` did not ask for, with another code than 0), later each time. */
  restartOnCrash?: boolean;
  readyWithinMs?: number;
  /** Ends the wait for readiness early, as a failure. */
  signal?: AbortSignal;
  onProgress?: Progress;
}

/** A running service that ends when this process ends, also by kill -9. */
export interface Service {
  readonly name: string;
  /** Changes with each restart; undefined while it does not run. */
  readonly pid: number | undefined;
  /** Resolves when it has ended for good: stopped, done, or crashed without `restartOnCrash`. */
  readonly exited: Promise<Exit>;
  /** SIGTERM, then SIGKILL after 15 s. Resolves when it is gone. */
  stop(): Promise<void>;
  /** kill -9, as a fault from outside: with `restartOnCrash` it comes back by itself, else by `restart()`. */
  kill(): Promise<void>;
  /** Stops it when it runs, starts it and waits until it is ready. */
  restart(): Promise<void>;
}

/** Starts a service and, when it has a port, waits until it is ready. Throws a PlatformError, and leaves nothing, when it is not. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const service = new ServiceProcess(options);
  await service.start();
  return service;
}

class ServiceProcess implements Service {
  private child: TiedProcess | undefined;
  private wanted = false;
  private restartDelay = restartDelays();
  private crashesBeforeReady = 0;
  private logStart = 0;
  private ended: Promise<Exit> = Promise.resolve({ code: 0, signal: null });

  constructor(private readonly options: ServiceOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get exited(): Promise<Exit> {
    return this.ended;
  }

  async start(): Promise<void> {
    const { name, port, logFile } = this.options;
    if (port) await requirePort(port, `the service ${name}`, `choose another one (--${name}-port N or --free-ports)`);
    this.wanted = true;
    this.restartDelay = restartDelays();
    this.crashesBeforeReady = port ? 0 : -Infinity;
    this.logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    this.spawn();
    this.ended = this.supervise();
    if (port) await this.untilReady(port);
  }

  async stop(): Promise<void> {
    this.wanted = false;
    await this.child?.end(STOP_WITHIN_MS);
    await this.ended;
  }

  async kill(): Promise<void> {
    await this.child?.kill();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private spawn(): void {
    const { entry, args = [], env, port, logFile, onLine } = this.options;
    const address = port ? { HTTP_HOST: LOOPBACK, HTTP_PORT: String(port) } : {};
    const child = spawnTied({
      args: ['--require', join(processFolder, 'tie-to-parent.cjs'), entry, ...args],
      env: { ...process.env, ...address, ...env },
      logFile,
      onLine,
    });
    this.child = child;
    void child.exited.then(() => {
      if (this.child === child) this.child = undefined;
    });
  }

  private async supervise(): Promise<Exit> {
    for (;;) {
      const startedAt = Date.now();
      const exit = (await this.child?.exited) ?? { code: 0, signal: null };
      if (!this.wanted || exit.code === 0 || !this.options.restartOnCrash) return exit;
      if (++this.crashesBeforeReady >= MAX_CRASHES_BEFORE_READY) return exit;
      const delayMs = this.restartDelay(Date.now() - startedAt);
      this.say(`${describeExit(exit)}; starting again in ${delayMs / 1000} s (log: ${this.options.logFile})`);
      await this.pause(delayMs);
      if (!this.wanted) return exit;
      this.spawn();
    }
  }

  private async untilReady(port: number): Promise<void> {
    const { name, logFile, readyWithinMs = READY_WITHIN_MS, signal } = this.options;
    const startedAt = Date.now();
    let over: Exit | undefined;
    void this.ended.then((exit) => (over = exit));
    while (!over && !signal?.aborted && Date.now() - startedAt < readyWithinMs) {
      if (await saysOk(port, '/readyz')) {
        this.crashesBeforeReady = -Infinity; // from now on a crash is a bad moment
        return this.say(`ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
      }
      await Promise.race([this.ended, sleep(ASK_EVERY_MS)]);
    }
    await this.stop();
    throw new PlatformError({
      what: `The service ${name} did not get ready`,
      wanted: `200 from http://${LOOPBACK}:${port}/readyz within ${readyWithinMs / 1000} s`,
      got: `${over ? describeExit(over) : 'another answer or none'}; it said: ${lastWords([logFile], this.logStart)}`,
      next: `Read ${logFile}.`,
    });
  }

  /** Ends early when the service is to stop. */
  private async pause(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (this.wanted && Date.now() < until) await sleep(Math.min(ASK_EVERY_MS, until - Date.now()));
  }

  private say(line: string): void {
    (this.options.onProgress ?? silent)(`${this.options.name}: ${line}`);
  }
}
