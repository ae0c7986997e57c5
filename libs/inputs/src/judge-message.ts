import { parseBugcheck } from '@ringwatch/bugcheck';
import { parseIncidentAction } from '@ringwatch/incident';
import { JsonObject, Refusal, decodeMessage } from '@ringwatch/message';
import { parseHeartbeat, parseInstall, parseUpdateAction } from '@ringwatch/rollout';
import type { InputEvents, InputTopic } from './input-topics';

type Parse<Event> = (members: JsonObject, recordTimestamp: number) => Event | Refusal;

const parsers: { [Topic in InputTopic]: Parse<InputEvents[Topic]> } = {
  bugchecks: parseBugcheck,
  updates: parseUpdateAction,
  installs: parseInstall,
  heartbeats: parseHeartbeat,
  'incident-actions': parseIncidentAction,
};

/** What a message is judged by: its bytes and its record timestamp (milliseconds since 1970 UTC). */
export interface MessageToJudge {
  value: Uint8Array | null;
  timestamp: number;
}

/** The event that a message tells, or why it is refused. Pure and total. */
export function judgeMessage<Topic extends InputTopic>(
  topic: Topic,
  message: MessageToJudge,
): InputEvents[Topic] | Refusal {
  const decoded = decodeMessage(message.value);
  return decoded.kind === 'refused' ? decoded : parsers[topic](decoded.members, message.timestamp);
}

export function isRefusal(verdict: object): verdict is Refusal {
  return 'kind' in verdict && verdict.kind === 'refused';
}
