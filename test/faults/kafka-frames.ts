/** As much of the Kafka protocol as the harness has to see: https://kafka.apache.org/protocol */

export const OFFSET_COMMIT = 8;
const HEARTBEAT = 12;
const LEAVE_GROUP = 13;
const SYNC_GROUP = 14;
/** Requests whose body starts with group, generation, member. */
const ofMembers = new Set([OFFSET_COMMIT, HEARTBEAT, SYNC_GROUP]);

/** Cuts a stream of bytes into frames: 4 bytes of length, then so many bytes. A frame keeps its length in front. */
export class Frames {
  private rest: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    while (this.rest.length >= 4) {
      const end = 4 + this.rest.readInt32BE(0);
      if (this.rest.length < end) break;
      frames.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
    return frames;
  }
}

class Reader {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}
  int16 = () => this.bytes.readInt16BE((this.at += 2) - 2);
  int32 = () => this.bytes.readInt32BE((this.at += 4) - 4);
  int64 = () => Number(this.bytes.readBigInt64BE((this.at += 8) - 8));
  text = () => {
    const length = Math.max(0, this.int16());
    return this.bytes.toString('utf8', this.at, (this.at += length));
  };
  list = <T>(each: () => T): T[] => Array.from({ length: this.int32() }, each);
}

export interface Request {
  apiKey: number;
  correlationId: number;
  /** Who asks, where the request says it. */
  member?: { group: string; memberId: string };
  commit?: Commit;
}

/** An OffsetCommit: by topic and partition the offset that is read next. */
export interface Commit {
  group: string;
  offsets: Array<{ topic: string; partition: number; offset: number }>;
}

export function readRequest(frame: Buffer): Request {
  const reader = new Reader(frame, 4);
  const apiKey = reader.int16();
  const version = reader.int16();
  const correlationId = reader.int32();
  reader.text(); // client id
  // From these versions on the layout is another one ("flexible"); kafkajs speaks the ones before.
  const flexibleFrom = { [OFFSET_COMMIT]: 8, [HEARTBEAT]: 4, [SYNC_GROUP]: 4 }[apiKey] ?? 0;
  if (!ofMembers.has(apiKey) || version >= flexibleFrom) return { apiKey, correlationId };
  const group = reader.text();
  reader.int32(); // generation
  const member = { group, memberId: reader.text() };
  if (apiKey !== OFFSET_COMMIT) return { apiKey, correlationId, member };
  if (version >= 7) reader.text(); // static member
  if (version <= 4) reader.int64(); // retention
  const offsets = reader.list(() => {
    const topic = reader.text();
    return reader.list(() => {
      const [partition, offset] = [reader.int32(), reader.int64()];
      if (version >= 6) reader.int32(); // leader epoch
      reader.text(); // metadata
      return { topic, partition, offset };
    });
  });
  return { apiKey, correlationId, member, commit: { group, offsets: offsets.flat() } };
}

/** The correlation id of an answer, and the error codes of an answer to an OffsetCommit (version 3 to 7). */
export function readAnswer(frame: Buffer, isCommit: (correlationId: number) => boolean) {
  const reader = new Reader(frame, 4);
  const correlationId = reader.int32();
  if (!isCommit(correlationId)) return { correlationId, errors: [] };
  reader.int32(); // throttle
  const errors = reader.list(() => (reader.text(), reader.list(() => (reader.int32(), reader.int16()))));
  return { correlationId, errors: errors.flat().filter((code) => code !== 0) };
}

/** A LeaveGroup request (version 1) in the name of a member that cannot send one any more. */
export function leaveGroup(group: string, memberId: string): Buffer {
  const text = (value: string) => {
    const length = Buffer.alloc(2);
    length.writeInt16BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const head = Buffer.alloc(8);
  head.writeInt16BE(LEAVE_GROUP, 0);
  head.writeInt16BE(1, 2);
  const body = Buffer.concat([head, text('harness'), text(group), text(memberId)]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}
