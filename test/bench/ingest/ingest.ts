import { fillTopic } from '../events/fill-topic';
import type { Options } from '../options';
import type { Stand } from '../stand/stand';
import { describeFaults, isExact } from './compare';
import { measure, type Run } from './measure';
import type { Peer } from './peer';
import { consumeAlone } from './peers/consume-alone';
import { engineJson, engineRaw } from './peers/kafka-engine';
import { plainNode } from './peers/plain-node';
import { ringwatch } from './peers/ringwatch';
import { insertAlone, type InsertRun } from './insert-alone';

const peers: readonly Peer[] = [ringwatch, engineRaw, engineJson, plainNode, consumeAlone];

/** What the part found out. */
export interface IngestResult {
  messages: number;
  events: number;
  deadLetters: number;
  peers: Array<Pick<Peer, 'name' | 'title' | 'stores'>>;
  runs: Run[];
  inserts: InsertRun[];
  /** Peers that could not take the topic, with the reason. */
  failures: string[];
  /** What is not as it must be: the bench ends with a failure. */
  problems: string[];
}

/** All peers side by side over the same messages, round by round, each round beginning with another one. */
export async function benchIngest(stand: Stand, options: Options, say: (line: string) => void): Promise<IngestResult> {
  const chosen = peers.filter(({ name }) => options.peers.length === 0 || options.peers.includes(name));
  const topic = await fillTopic(stand, { messages: options.messages, keepTruth: true, say });
  say(`${topic.messages} messages: ${topic.events} events, ${topic.deadLetters} to be refused`);
  const result: IngestResult = { ...topic, peers: chosen, runs: [], inserts: [], failures: [], problems: [] };
  for (let round = 1; round <= options.rounds; round++) {
    const inTurn = chosen.map((_, at) => chosen[(at + round - 1) % chosen.length] as Peer);
    for (const peer of inTurn) await runOne(peer, round);
    if (options.peers.length === 0) result.inserts.push(...(await insertAlone(stand, topic, round, say)));
  }
  return result;

  async function runOne(peer: Peer, round: number): Promise<void> {
    say(`round ${round}: ${peer.title}`);
    try {
      const run = await measure(stand, topic, peer, round, say);
      result.runs.push(run);
      say(`  ${describe(run)}`);
      if (peer.mustBeExact && run.faults && !isExact(run.faults)) {
        result.problems.push(`${peer.name}, round ${round}: ${describeFaults(run.faults)}`);
      }
    } catch (error) {
      const failure = `${peer.name}, round ${round}: ${(error as Error).message}`;
      say(`  failed: ${failure}`);
      (peer.mustBeExact ? result.problems : result.failures).push(failure);
    }
  }
}

function describe({ rows, secondsFromFirstFetch, costs, faults, said }: Run): string {
  const rate = Math.round(rows / secondsFromFirstFetch).toLocaleString('en');
  const cpu = costs.cpuSeconds.peer + costs.cpuSeconds.clickhouse + costs.cpuSeconds.kafka;
  const parts = [
    `${rate} messages/s`,
    `${((cpu / rows) * 1e6).toFixed(2)} CPU s per million`,
    faults ? describeFaults(faults) : '',
    said,
    `foreign ${costs.foreignCores.toFixed(2)} cores`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
