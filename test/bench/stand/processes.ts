import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

/** Linux counts the time of processes in ticks of 1/100 s (USER_HZ), whatever the kernel's own clock does. */
const TICKS_PER_SECOND = 100;

/** CPU seconds (user and system, all threads) that a process has used so far; 0 when it is gone. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid);
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND : 0;
}

/** Starts the count of peak memory anew. */
export function resetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The most resident memory in bytes since the process started, or since `resetPeakMemory`; 0 when it is gone. */
export function peakMemory(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`));
  return Number(line?.[1] ?? 0) * 1024;
}

/** Bytes that a process has written to files and sockets so far, `sendfile` included. */
export function bytesWritten(pid: number): number {
  return Number(/^wchar: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0);
}

/**
 * CPU seconds that all processes of this machine have used so far, without the kernel's own threads: those and interrupts
 * work for whoever sends and writes, which is mostly us.
 */
export function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0] =
    read('/proc/stat').split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system) / TICKS_PER_SECOND - kernelCpuSeconds();
}

function kernelCpuSeconds(): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(Number(name));
    const isKernels = fields && (name === '2' || fields[1] === '2');
    if (isKernels) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** Fields of /proc/<pid>/stat after the name: [0] is the state, [1] the parent, [11] and [12] are utime and stime. */
function statFields(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Empty where there is no such file (a process that ended, another system than Linux). */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
