import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import type { IncomingMessage } from '@ringwatch/kafka';

/** A change with the time, in milliseconds since 1970, at which Kafka got it. */
export interface ProducedChange {
  change: IncidentChange;
  producedAt: number;
}

/** A message that is no change of an incident. */
export interface UnreadableMessage {
  offset: string;
  reason: string;
}

/** Reads a batch of the topic `incidents`. Total: what cannot be read is told apart and stops nothing. */
export function readChanges(messages: readonly IncomingMessage[]): {
  changes: ProducedChange[];
  unreadable: UnreadableMessage[];
} {
  const changes: ProducedChange[] = [];
  const unreadable: UnreadableMessage[] = [];
  for (const { offset, timestamp, value } of messages) {
    const read = readChange(value);
    if (typeof read === 'string') unreadable.push({ offset: String(offset), reason: read });
    else changes.push({ change: read, producedAt: timestamp });
  }
  return { changes, unreadable };
}

function readChange(value: Buffer | null): IncidentChange | string {
  if (value === null) return 'wanted a JSON object, got no value';
  let message: unknown;
  try {
    message = JSON.parse(value.toString('utf8'));
  } catch {
    return 'wanted a JSON object, got something that is not JSON';
  }
  const parsed = incidentChangeSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map(({ path, message: problem }) => `${path.join('.')}: ${problem}`).join('; ');
}
