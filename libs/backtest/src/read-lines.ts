import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { MAX_MESSAGE_BYTES } from '@ringwatch/message';
import { type InputFile, InputError, reasonOf } from './input-files';

/** One line where it lies in the bytes of its file, without its end; the bytes are valid until the next line is asked for. */
export interface Line {
  bytes: Buffer;
  start: number;
  end: number;
  /** From 1. */
  number: number;
}

const CHUNK_BYTES = 1024 * 1024;
/** What a line has beyond this is dropped: it is refused as too large, however long it is. */
const MOST_KEPT = MAX_MESSAGE_BYTES + 1;
const NEWLINE = 0x0a;

/**
 * Reads a file line by line, in pieces: `take` gets the lines of each piece, and is waited for. `onRead` hears how many
 * bytes of the file (as it is on disk) are read. Empty lines are left out, and counted in the numbers.
 * @throws InputError when the file cannot be read to its end
 */
export async function readLines(
  file: InputFile,
  take: (lines: Iterable<Line>) => Promise<void>,
  onRead: (bytes: number) => void,
): Promise<void> {
  const source = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  const lines = new LineCutter();
  let taking = false;
  const consume = async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      taking = true;
      await take(lines.cut(piece));
      taking = false;
      onRead(source.bytesRead);
    }
    taking = true;
    await take(lines.last());
    taking = false;
  };
  try {
    if (file.isCompressed) await pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), consume);
    else await pipeline(source, consume);
  } catch (cause) {
    if (taking) throw cause;
    throw new InputError(`${file.path}: cannot be read beyond line ${lines.number}: ${reasonOf(cause)}`, { cause });
  }
}

/** Cuts pieces of a file into lines; what a piece ends with waits for the next. */
class LineCutter {
  number = 0;
  private rest: Buffer = Buffer.alloc(0);

  *cut(piece: Buffer): Generator<Line> {
    let start = 0;
    let newline = piece.indexOf(NEWLINE);
    if (newline >= 0 && this.rest.length > 0) {
      this.keep(piece.subarray(0, newline));
      const first = this.takeRest();
      yield* this.line(first, 0, first.length);
      start = newline + 1;
      newline = piece.indexOf(NEWLINE, start);
    }
    for (; newline >= 0; newline = piece.indexOf(NEWLINE, start)) {
      yield* this.line(piece, start, newline);
      start = newline + 1;
    }
    this.keep(piece.subarray(start));
  }

  /** A last line without an end. */
  *last(): Generator<Line> {
    const rest = this.takeRest();
    if (rest.length > 0) yield* this.line(rest, 0, rest.length);
  }

  private *line(bytes: Buffer, start: number, end: number): Generator<Line> {
    this.number++;
    const isEmpty = end === start || (end === start + 1 && bytes[start] === 0x0d);
    if (!isEmpty) yield { bytes, start, end, number: this.number };
  }

  private keep(more: Buffer): void {
    if (this.rest.length >= MOST_KEPT) return;
    this.rest = Buffer.concat([this.rest, more]).subarray(0, MOST_KEPT);
  }

  private takeRest(): Buffer {
    const { rest } = this;
    this.rest = Buffer.alloc(0);
    return rest;
  }
}
