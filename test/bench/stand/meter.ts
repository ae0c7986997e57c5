import { bytesWritten, cpuSeconds, machineCpuSeconds, peakMemory, resetPeakMemory } from './processes';

/** The processes that one run is about; the peer's is none where the peer runs inside ClickHouse. */
export type Measured = { kafka: number; clickhouse: number; peer?: number };
export type Part = 'kafka' | 'clickhouse' | 'peer';

/** What a run cost. Times are seconds. */
export interface Costs {
  wallSeconds: number;
  cpuSeconds: Record<Part, number>;
  peakMemoryBytes: Record<Part, number>;
  /** Cores that processes used which have no part in the run. */
  foreignCores: number;
}

const PARTS: readonly Part[] = ['kafka', 'clickhouse', 'peer'];
/** The broker has begun to hand out messages when it has written more than what control requests take. */
const FIRST_FETCH_BYTES = 256 * 1024;

/** Measures from its construction on. The peer's process may be named later, and counts from its own start. */
export class Meter {
  readonly startedAt = performance.now();
  /** When the first messages left the broker, as `performance.now()`. */
  firstFetchAt: number | undefined;
  private readonly cpuBefore = new Map<number, number>();
  private readonly machineBefore = machineCpuSeconds();
  private readonly kafkaWrittenBefore: number;

  constructor(private readonly pids: Measured) {
    for (const pid of [pids.kafka, pids.clickhouse, process.pid]) this.cpuBefore.set(pid, cpuSeconds(pid));
    for (const pid of [pids.kafka, pids.clickhouse]) resetPeakMemory(pid);
    this.kafkaWrittenBefore = bytesWritten(pids.kafka);
  }

  /** The process whose costs are the peer's. */
  follow(pid: number | undefined): void {
    this.pids.peer = pid;
  }

  /** To be called every few milliseconds, until it says true: notices the first fetch. */
  lookForFirstFetch(): boolean {
    const written = bytesWritten(this.pids.kafka) - this.kafkaWrittenBefore;
    if (this.firstFetchAt === undefined && written > FIRST_FETCH_BYTES) this.firstFetchAt = performance.now();
    return this.firstFetchAt !== undefined;
  }

  /** The costs so far; the measured processes have to be still there. */
  read(): Costs {
    const wallSeconds = (performance.now() - this.startedAt) / 1000;
    const used = (pid: number | undefined) => (pid ? cpuSeconds(pid) - (this.cpuBefore.get(pid) ?? 0) : 0);
    const perPart = (read: (pid: number | undefined) => number) =>
      Object.fromEntries(PARTS.map((part) => [part, read(this.pids[part])])) as Record<Part, number>;
    const cpu = perPart(used);
    const own = cpu.kafka + cpu.clickhouse + cpu.peer + used(process.pid);
    return {
      wallSeconds,
      cpuSeconds: cpu,
      peakMemoryBytes: perPart((pid) => (pid ? peakMemory(pid) : 0)),
      foreignCores: Math.max(0, (machineCpuSeconds() - this.machineBefore - own) / wallSeconds),
    };
  }
}
