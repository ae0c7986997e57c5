import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../act';
import { canMount, smallDisk } from '../own-mounts';
import { flowing } from './servers';

const diskFull: Row = {
  name: 'disk-full',
  what: "ClickHouse's disk is full, and has room again later (a tmpfs of its own)",
  mustSee: ['inserts that ClickHouse refused', 'filled'],
  alone: true,
  ownMounts: true,
  size: 3,
  skip: () => (canMount() ? undefined : 'it takes root and unshare to mount a small disk that nobody else sees'),
  run: async (lane, seconds) => {
    const copy = await lane.firstCopy();
    await flowing(lane, copy);
    const filler = join(smallDisk(), 'filler');
    lane.count('filled', fill(filler));
    await sleep(seconds * 1_000);
    if ((await lane.lag()) === 0) lane.violations.push('disk-full: all was committed although nothing could be stored');
    rmSync(filler);
    await flowing(lane, copy);
  },
};

/** Writes until nothing goes any more; how many bytes that were. */
function fill(file: string): number {
  const out = openSync(file, 'w');
  let bytes = 0;
  try {
    for (let block = Buffer.alloc(1 << 20); block.length > 0;)
      try {
        bytes += writeSync(out, block);
      } catch {
        block = block.subarray(0, block.length >> 1);
      }
  } finally {
    closeSync(out);
  }
  return bytes;
}

export const diskRows: Row[] = [diskFull];
