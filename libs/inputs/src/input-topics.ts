import type { Bugcheck } from '@ringwatch/bugcheck';
import type { IncidentAction } from '@ringwatch/incident';
import type { Heartbeat, Install, UpdateAction } from '@ringwatch/rollout';

/** The inputs: what the fleet and the vendors tell, and what people do with incidents. What arrives moves arrival time. */
export const inputTopics = ['bugchecks', 'updates', 'installs', 'heartbeats', 'incident-actions'] as const;
export type InputTopic = (typeof inputTopics)[number];

/** The event that a message of each input tells, in canonical form. */
export interface InputEvents {
  bugchecks: Bugcheck;
  updates: UpdateAction;
  installs: Install;
  heartbeats: Heartbeat;
  'incident-actions': IncidentAction;
}

/** The table in which the events of an input are kept: its name, with the hyphen that SQL would read as a minus made a line. */
export function tableOf(topic: InputTopic): string {
  return topic.replaceAll('-', '_');
}
