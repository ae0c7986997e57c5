import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../process/requirements.cjs';
import { takeFolder } from './folder-lock';
import { lastWords } from './last-words';
import { type Progress } from './progress';
import { type Exit, sendSignal, type TiedProcess } from './tied-process';

const ASK_EVERY_MS = 50;

/** A started server, before it is ready. `pid` is the server's own, which is not always the child's. */
export interface Launched {
  child: TiedProcess;
  pid: number;
}

/** What differs between Kafka and ClickHouse. */
export interface ServerPlan {
  name: string;
  /** Data, settings and logs; one server at a time may use it. */
  folder: string;
  /** Where the server says why it did not start. */
  logFiles: string[];
  /** Checks what is needed (ports, disk) and starts the process. */
  launch(): Promise<Launched>;
  /** Whether it answers; asked again and again until it does. */
  answers(): Promise<boolean>;
  readyWithinMs: number;
  stopWithinMs: number;
  onProgress: Progress;
}

/** One server of the embedded platform, which can be stopped, killed and started again on its ports and its data. */
export class ServerProcess {
  private current: (Launched & { exited: Promise<Exit> }) | undefined;

  constructor(private readonly plan: ServerPlan) {}

  get name(): string {
    return this.plan.name;
  }

  /** The server's process id (Java's, for Kafka), for faults that a test sends; undefined while it does not run. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** Resolves when the server that runs now has ended, however it ended, and its folder is free again. */
  get exited(): Promise<Exit> {
    return this.current?.exited ?? Promise.resolve({ code: 0, signal: null });
  }

  /** Starts it and waits until it answers. On failure nothing is left running and a PlatformError is thrown. */
  async start(): Promise<void> {
    if (this.current) return;
    const { name, folder, launch, onProgress } = this.plan;
    const startedAt = Date.now();
    const lock = await takeFolder(folder, name, onProgress);
    try {
      const launched = await launch();
      lock.add(launched.child.pid);
      if (launched.pid !== launched.child.pid) lock.add(launched.pid);
      const exited = launched.child.exited.then((exit) => {
        this.current = undefined;
        lock.release();
        return exit;
      });
      this.current = { ...launched, exited };
    } catch (error) {
      lock.release();
      throw error;
    }
    await this.untilItAnswers(startedAt);
    onProgress(`${name} is ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s (process ${this.pid})`);
  }

  /** Stops it in order; resolves when it is gone. */
  async stop(): Promise<void> {
    await this.current?.child.end(this.plan.stopWithinMs);
    await this.exited;
  }

  /** kill -9 of the server; resolves when it is gone. `start()` brings it back with its data. */
  async kill(): Promise<void> {
    const { current } = this;
    if (!current) return;
    sendSignal(current.pid, 'SIGKILL');
    if (current.pid !== current.child.pid) await Promise.race([current.exited, sleep(1_000)]);
    await current.child.kill();
    await current.exited;
  }

  private async untilItAnswers(startedAt: number): Promise<void> {
    const { answers, readyWithinMs } = this.plan;
    while (this.current && Date.now() - startedAt < readyWithinMs) {
      if (await answers()) return;
      await Promise.race([this.exited, sleep(ASK_EVERY_MS)]);
    }
    const got = this.current ? `no answer within ${readyWithinMs / 1000} s` : 'its end';
    await this.kill();
    throw new PlatformError({
      what: `${this.name} did not start`,
      wanted: 'a server that answers',
      got: `${got}; it said: ${lastWords(this.plan.logFiles)}`,
      next: `Read ${this.plan.logFiles.join(' and ')}.`,
    });
  }
}
