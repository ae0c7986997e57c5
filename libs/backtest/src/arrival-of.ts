import {
  EARLIEST_EVENT_MS,
  ObjectScanner,
  type Refusal,
  UNSURE,
  decodeMessage,
  formatInstant,
  instantAt,
  parseInstant,
  refuse,
  skipSpace,
  valueKind,
} from '@ringwatch/message';

const RECEIVED_AT = 0;
const OCCURRED_AT = 1;
const names = ['received_at', 'occurred_at'];
/** Recorded files say nothing of the far future; DateTime64 ends in 2299. */
const LATEST_MS = Date.UTC(2200, 0, 1);

/** Reads when recorded events arrived: their `received_at`, or `occurred_at` where they have none. */
export class ArrivalReader {
  private readonly scanner = new ObjectScanner(names);

  /**
   * Milliseconds since 1970 UTC. A line that has neither time gets 0: it is refused for other reasons. A `received_at` that
   * is no time is refused, since it says nothing of the order.
   */
  read(bytes: Uint8Array, start: number, end: number): number | Refusal {
    const at = skipSpace(bytes, start, end);
    const isPlain = bytes[at] === 0x7b && this.scanner.scan(bytes, at, end, 1) !== UNSURE;
    const { kinds } = this.scanner;
    const member = isPlain && kinds[RECEIVED_AT] !== valueKind.absent ? RECEIVED_AT : OCCURRED_AT;
    if (!isPlain || kinds[member] !== valueKind.ascii) return fromObject(bytes.subarray(start, end));
    const instant = instantAt(bytes, this.scanner.starts[member] as number, this.scanner.ends[member] as number);
    return isPossible(instant) ? instant : fromObject(bytes.subarray(start, end));
  }
}

function isPossible(instant: number): boolean {
  return instant >= EARLIEST_EVENT_MS && instant < LATEST_MS;
}

/** The slow way, for whatever is not plain. */
function fromObject(bytes: Uint8Array): number | Refusal {
  const decoded = decodeMessage(bytes);
  if (decoded.kind === 'refused') return 0;
  const { received_at, occurred_at } = decoded.members as Record<string, unknown>;
  if (received_at === undefined) return (typeof occurred_at === 'string' ? parseInstant(occurred_at) : undefined) ?? 0;
  const instant = typeof received_at === 'string' ? parseInstant(received_at) : undefined;
  if (instant === undefined)
    return refuse(
      'wrong_type',
      'received_at',
      `wanted an RFC 3339 time, got ${typeof received_at === 'string' ? JSON.stringify(received_at.slice(0, 64)) : kindOf(received_at)}`,
    );
  if (isPossible(instant)) return instant;
  const [earliest, latest] = [formatInstant(EARLIEST_EVENT_MS), formatInstant(LATEST_MS)];
  return refuse(
    'out_of_range',
    'received_at',
    `wanted ${earliest} or later and before ${latest}, got ${formatInstant(instant)}`,
  );
}

function kindOf(value: unknown): string {
  return value === null
    ? 'null'
    : typeof value === 'bigint' || typeof value === 'number'
      ? 'a number'
      : 'another JSON value';
}
