import { parseArgs } from 'node:util';
import {
  type FateCounts,
  type Finding,
  type LogRange,
  type PartitionBounds,
  auditLetters,
  auditLog,
  auditRollups,
  auditStates,
  committedRanges,
  fates,
  noFates,
  offsetsSince,
  openConflictIds,
  partitionBounds,
  settleConflicts,
} from '@ringwatch/audit';
import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import { readCount, readTime, readTopic } from './arguments';
import type { CommandReader } from './cli';
import type { Connections } from './connections';
import { type Output, UsageError, progress, table } from './output';

interface AuditArguments {
  topics: readonly InputTopic[];
  since: number | undefined;
  last: number | undefined;
  repair: boolean;
  /** Also what is derived from messages of all topics. */
  whole: boolean;
}

/** `ringwatch audit`. */
export const auditCommand: CommandReader = (args, now) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      topic: { type: 'string', multiple: true },
      since: { type: 'string' },
      last: { type: 'string' },
      repair: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.since !== undefined && values.last !== undefined)
    throw new UsageError('--since and --last exclude each other');
  const wanted: AuditArguments = {
    topics: values.topic?.map(readTopic) ?? inputTopics,
    since: values.since === undefined ? undefined : readTime('--since', values.since, now),
    last: values.last === undefined ? undefined : readCount('--last', values.last),
    repair: values.repair,
    whole: values.topic === undefined,
  };
  return {
    needsKafka: true,
    run: async (connections, output) => {
      const result = await audit(connections, wanted, output);
      if (values.json) output.out(`${JSON.stringify(result, null, 2)}\n`);
      else print(result, output);
      return result.findings.length > 0 ? 1 : 0;
    },
  };
};

interface AuditResult {
  counts: Record<string, FateCounts>;
  messages: number;
  settled: Partial<Record<InputTopic, number>>;
  findings: Finding[];
  seconds: number;
}

async function audit(connections: Connections, wanted: AuditArguments, { err }: Output): Promise<AuditResult> {
  const { kafka, db, config } = connections;
  const startedAt = Date.now();
  const findings: Finding[] = [];
  const onFinding = (finding: Finding) => void findings.push(finding);
  const result: AuditResult = { counts: {}, messages: 0, settled: {}, findings, seconds: 0 };
  const say = progress(err);
  if (wanted.whole && wanted.repair) {
    err('settling conflicts\n');
    result.settled = await settleConflicts({ db, writer: await connections.writer(), whole: true });
  }
  const bounds = await partitionBounds(kafka, config.INGEST_GROUP_ID, wanted.topics);
  const ranges = await rangesOf(connections, wanted, bounds);
  const all = ranges.reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0);
  let read = 0;
  await auditLog({
    kafka,
    db,
    ranges,
    onFinding,
    onChunk: ({ topic, partition, from, until }, counts) => {
      read += until - from;
      add((result.counts[`${topic}[${partition}]`] ??= noFates()), counts);
      say(`read ${read} of ${all} offsets, ${findings.length} findings`);
    },
  });
  for (const counts of Object.values(result.counts))
    result.messages += Object.values(counts).reduce((a, b) => a + b, 0);
  if (wanted.whole) await auditDerived(connections, wanted, { onFinding, err });
  return { ...result, seconds: (Date.now() - startedAt) / 1_000 };
}

async function auditDerived(
  { kafka, db }: Connections,
  { repair, since = 0 }: AuditArguments,
  { onFinding, err }: { onFinding: (finding: Finding) => void; err: Output['err'] },
): Promise<void> {
  err('looking for the same id with other content\n');
  for (const { topic, id } of await openConflictIds(db))
    onFinding({
      kind: 'conflict',
      topic,
      partition: -1,
      offset: -1,
      detail: `${id} has more than one content, not settled yet`,
    });
  err('comparing dead letters with their topic\n');
  await auditLetters({ kafka, db, onFinding }, since);
  err('comparing hosts and updates with the raw rows\n');
  await auditStates({ db, onFinding, repair });
  err('comparing counts of crashes with the raw rows\n');
  await auditRollups({ db, onFinding, repair });
}

async function rangesOf(
  { kafka }: Connections,
  { topics, since, last }: AuditArguments,
  bounds: readonly PartitionBounds[],
): Promise<LogRange[]> {
  const ranges = committedRanges(bounds);
  if (last !== undefined) return ranges.map((range) => ({ ...range, from: Math.max(range.from, range.until - last) }));
  if (since === undefined) return ranges;
  const starts = new Map<string, number>();
  for (const topic of topics)
    for (const [partition, offset] of await offsetsSince(kafka, topic, since))
      starts.set(`${topic}/${partition}`, offset);
  return ranges.map((range) => {
    const start = starts.get(`${range.topic}/${range.partition}`) ?? range.from;
    return { ...range, from: Math.max(range.from, start < 0 ? range.until : start) };
  });
}

function add(into: FateCounts, counts: FateCounts): void {
  for (const fate of fates) into[fate] += counts[fate];
}

function print({ counts, messages, settled, findings, seconds }: AuditResult, { out }: Output): void {
  const rows = Object.entries(counts).sort(([one], [other]) => one.localeCompare(other));
  out(
    table(
      ['partition', ...fates],
      rows.map(([name, ofFate]) => [name, ...fates.map((fate) => ofFate[fate])]),
    ),
  );
  for (const [topic, count] of Object.entries(settled)) if (count > 0) out(`settled ${count} conflicts of ${topic}\n`);
  const found = findings.map(({ kind, topic, partition, offset, detail }) => [
    kind,
    offset < 0 ? topic : `${topic}[${partition}]@${offset}`,
    detail.length > 160 ? `${detail.slice(0, 160)}…` : detail,
  ]);
  if (found.length > 0) out(`\n${table(['finding', 'where', 'what'], found)}`);
  const verdict = findings.length === 0 ? 'nothing found' : `${findings.length} findings`;
  out(`\n${messages} messages accounted for in ${seconds.toFixed(1)} s: ${verdict}\n`);
}
