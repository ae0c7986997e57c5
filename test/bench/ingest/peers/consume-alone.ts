import { join } from 'node:path';
import type { Peer, Workplace, WorkingPeer } from '../peer';
import type { ConsumeSettings } from './consume-alone-process';

/** A limit rather than a peer: kafkajs reads everything and does nothing with it. */
export const consumeAlone: Peer = {
  name: 'consume-alone',
  title: 'limit: kafkajs reads and does nothing',
  mustBeExact: false,
  stores: false,
  rollsUp: true,
  start: startConsuming,
};

async function startConsuming({ stand, topic, groupId }: Workplace): Promise<WorkingPeer> {
  const settings: ConsumeSettings = { brokers: stand.platform.kafkaBrokers, topic: topic.topic, groupId };
  const file = join(__dirname, 'consume-alone-process.ts');
  const service = await stand.runFile({ name: 'consume-alone', file, settings });
  return { pid: service.pid, stop: () => stand.stopService(service) };
}
