import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../act';
import type { Trouble } from '../link';
import { flowing } from './servers';

interface Plan {
  name: string;
  what: string;
  on: 'kafka' | 'clickhouse';
  trouble: (draw: (from: number, to: number) => number) => Trouble;
  /** Seconds of trouble, when nothing else is asked for. */
  seconds: number;
  /** Cutting is counted by connections, everything else by pieces of data. */
  cuts?: boolean;
}

/** Trouble on one link of ingest for some seconds; connections of that time may stay broken, but all goes on by itself. */
const linkRow = ({ name, what, on, trouble, seconds, cuts }: Plan): Row => ({
  name,
  what,
  mustSee: [`${name}: hit`],
  size: seconds,
  run: async (lane, size) => {
    const copy = await lane.firstCopy();
    await copy.untilReady();
    const link = on === 'kafka' ? copy.kafka.link : copy.clickhouseLink;
    const before = cuts ? link.cuts : link.troubled;
    for (const end = Date.now() + size * 1_000; Date.now() < end; await sleep(200)) {
      link.trouble = trouble((from, to) => lane.random.int(from, to));
    }
    const wasSwallowing = link.trouble.swallow;
    link.trouble = {};
    lane.count(`${name}: hit`, (cuts ? link.cuts : link.troubled) - before);
    const healedAt = Date.now();
    await flowing(lane, copy, wasSwallowing && on === 'kafka' ? 90_000 : 30_000);
    lane.count(`${name}: ms until flowing`, Date.now() - healedAt);
  },
});

export const linkRows: Row[] = [
  {
    name: 'slow-clickhouse',
    what: 'every answer of ClickHouse 100 to 400 ms later',
    on: 'clickhouse' as const,
    trouble: (draw: (from: number, to: number) => number) => ({ latencyMs: draw(50, 200) }),
    seconds: 3,
  },
  {
    name: 'narrow-kafka',
    what: '50 kB/s between Kafka and ingest',
    on: 'kafka' as const,
    trouble: () => ({ bytesPerSecond: 50_000 }),
    seconds: 3,
  },
  {
    name: 'cut-requests',
    what: 'connections to ClickHouse reset in the middle of a request',
    on: 'clickhouse' as const,
    trouble: (draw: (from: number, to: number) => number) => ({
      cutAfter: { direction: 'there' as const, bytes: draw(0, 20_000) },
    }),
    seconds: 3,
    cuts: true,
  },
  {
    name: 'cut-answers',
    what: 'connections to ClickHouse reset in place of an answer',
    on: 'clickhouse' as const,
    trouble: (draw: (from: number, to: number) => number) => ({
      cutAfter: { direction: 'back' as const, bytes: draw(0, 1_500) },
    }),
    seconds: 3,
    cuts: true,
  },
  {
    name: 'cut-kafka',
    what: 'connections to Kafka reset after some bytes',
    on: 'kafka' as const,
    trouble: (draw: (from: number, to: number) => number) => ({
      cutAfter: { direction: 'back' as const, bytes: draw(2_000, 60_000) },
    }),
    seconds: 3,
    cuts: true,
  },
  {
    name: 'held-kafka',
    what: 'nothing passes between Kafka and ingest for some seconds, then all of it',
    on: 'kafka' as const,
    trouble: () => ({ hold: true }),
    seconds: 3,
  },
  {
    name: 'deaf-clickhouse',
    what: 'bytes between ingest and ClickHouse vanish, the connections stay dead without a word',
    on: 'clickhouse' as const,
    trouble: () => ({ swallow: true }),
    seconds: 2,
  },
  {
    name: 'deaf-kafka',
    what: 'bytes between ingest and Kafka vanish, the connections stay dead without a word',
    on: 'kafka' as const,
    trouble: () => ({ swallow: true }),
    seconds: 2,
  },
].map(linkRow);
