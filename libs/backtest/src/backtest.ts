import { type ClickHouseClient, countEvents } from '@ringwatch/clickhouse';
import type { DetectionPolicy } from '@ringwatch/detection';
import type { IncidentChange } from '@ringwatch/incident';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import type { Refusal } from '@ringwatch/message';
import { decideStored } from './decide-stored';
import { type InputFile, findInputFiles } from './input-files';
import { Notebook } from './notebook';
import { readLines } from './read-lines';
import { RecordedEvents, type TopicCounts } from './recorded-events';

/** What a backtest hears and is told. */
export interface BacktestOptions {
  policy: DetectionPolicy;
  /** Each change of an incident, as soon as it is decided. */
  onChange: (change: IncidentChange) => void;
  onRefused: (refused: { path: string; line: number } & Refusal) => void;
  onProgress: (progress: BacktestProgress) => void;
  /** Ends it early, with an error. */
  signal: AbortSignal;
}

/** How far a backtest is. */
export type BacktestProgress =
  | { kind: 'loading'; path: string; events: number; share: number }
  | { kind: 'decided'; until: number; share: number; events: number };

/** What a backtest was about, and what came out. */
export interface BacktestResult {
  files: InputFile[];
  lines: Record<InputTopic, TopicCounts & { duplicates: number }>;
  /** First and last arrival, milliseconds since 1970 UTC; undefined where no line was taken. */
  arrived: { first: number; last: number } | undefined;
  /** Ticks of arrival time that were decided, one a second; and at how many of them anything could be. */
  ticks: number;
  ticksLookedAt: number;
  /** The last change of each incident, in the order of their openings. */
  incidents: IncidentChange[];
}

/**
 * Takes recorded files through the detector that runs live: the same judgement of messages, the same questions to
 * ClickHouse, the same decisions. `db` is an empty database with the newest schema.
 * @throws InputError when the files cannot be read
 */
export async function backtest(
  db: ClickHouseClient,
  folder: string,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const files = await findInputFiles(folder);
  const events = new RecordedEvents(db);
  await load(files, events, options);
  const { arrived } = events;
  const notebook = new Notebook(options.onChange);
  let [ticks, ticksLookedAt] = [0, 0];
  if (arrived) {
    const taken = inputTopics.reduce((sum, topic) => sum + events.counts[topic].taken, 0);
    await decideStored(db, notebook, {
      policy: options.policy,
      onTurn: ({ from, until, portions }) => {
        options.signal.throwIfAborted();
        ticks += (until - from) / 1_000;
        ticksLookedAt += portions;
        const share = Math.min(1, (until - arrived.first) / Math.max(1, arrived.last - arrived.first));
        options.onProgress({ kind: 'decided', until, share, events: Math.round(share * taken) });
      },
    });
  }
  const lines = await countLines(db, events);
  return { files, lines, arrived, ticks, ticksLookedAt, incidents: [...notebook.current().values()] };
}

async function load(
  files: readonly InputFile[],
  events: RecordedEvents,
  { signal, onRefused, onProgress }: BacktestOptions,
): Promise<void> {
  const allBytes = Math.max(
    1,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  let bytesBefore = 0;
  let seen = 0;
  for (const file of files) {
    const { topic, path } = file;
    await readLines(
      file,
      async (lines) => {
        signal.throwIfAborted();
        for (const { bytes, start, end, number } of lines) {
          const refused = events.take(topic, bytes, start, end);
          if (refused) onRefused({ path, line: number, ...refused });
          seen++;
        }
        await events.makeRoom();
      },
      (bytes) => onProgress({ kind: 'loading', path, events: seen, share: (bytesBefore + bytes) / allBytes }),
    );
    bytesBefore += file.bytes;
  }
  await events.finish();
}

async function countLines(db: ClickHouseClient, { counts }: RecordedEvents): Promise<BacktestResult['lines']> {
  const distinct = await countEvents(db);
  return Object.fromEntries(
    inputTopics.map((topic) => [topic, { ...counts[topic], duplicates: counts[topic].taken - distinct[topic] }]),
  ) as BacktestResult['lines'];
}
