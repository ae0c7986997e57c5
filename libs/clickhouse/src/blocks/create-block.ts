import type { InputTopic } from '@ringwatch/inputs';
import { BugcheckBlock } from './bugcheck-block';
import { HeartbeatBlock } from './heartbeat-block';
import { IncidentActionBlock } from './incident-action-block';
import { InstallBlock } from './install-block';
import { UpdateBlock } from './update-block';

/** The block of each input. */
export interface InputBlocks {
  bugchecks: BugcheckBlock;
  updates: UpdateBlock;
  installs: InstallBlock;
  heartbeats: HeartbeatBlock;
  'incident-actions': IncidentActionBlock;
}

const makers: { [Topic in InputTopic]: () => InputBlocks[Topic] } = {
  bugchecks: () => new BugcheckBlock(),
  updates: () => new UpdateBlock(),
  installs: () => new InstallBlock(),
  heartbeats: () => new HeartbeatBlock(),
  'incident-actions': () => new IncidentActionBlock(),
};

/** An empty block for the rows of an input. */
export function createBlock<Topic extends InputTopic>(topic: Topic): InputBlocks[Topic] {
  return makers[topic]();
}
