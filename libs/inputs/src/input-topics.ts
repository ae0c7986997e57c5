import type { Bugcheck } from '@ringwatch/bugcheck';
import type { Heartbeat, Install, UpdateAction } from '@ringwatch/rollout';

/** The four inputs. What arrives on them moves arrival time; each has a table of its name. */
export const inputTopics = ['bugchecks', 'updates', 'installs', 'heartbeats'] as const;
export type InputTopic = (typeof inputTopics)[number];

/** The event that a message of each input tells, in canonical form. */
export interface InputEvents {
  bugchecks: Bugcheck;
  updates: UpdateAction;
  installs: Install;
  heartbeats: Heartbeat;
}
