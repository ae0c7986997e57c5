import { join } from 'node:path';
import type { Peer, Workplace, WorkingPeer } from '../peer';
import type { PlainSettings } from './plain-node-process';

/** A Node service as most people would write it. */
export const plainNode: Peer = {
  name: 'plain-node',
  title: 'Node, kafkajs, JSON.parse, zod, JSONEachRow',
  mustBeExact: false,
  stores: true,
  rollsUp: false,
  start: startPlainNode,
};

async function startPlainNode({ stand, database, topic, groupId }: Workplace): Promise<WorkingPeer> {
  const settings: PlainSettings = {
    brokers: stand.platform.kafkaBrokers,
    clickhouseUrl: stand.platform.clickhouseUrl,
    database,
    topic: topic.topic,
    groupId,
  };
  const file = join(__dirname, 'plain-node-process.ts');
  const service = await stand.runFile({ name: 'plain-node', file, settings });
  return {
    pid: service.pid,
    failed: service.exited.then(({ code }) => {
      throw new Error(`plain-node ended with code ${code}`);
    }),
    stop: () => stand.stopService(service),
  };
}
