import type { IncomingMessage } from '@ringwatch/kafka';
import { readNotifierRequest, type NotifierRequest } from '@ringwatch/routing';
import type { UnreadableMessage } from './read-changes';

/** A request with the time, in milliseconds since 1970, at which Kafka got it. */
export interface ProducedRequest {
  request: NotifierRequest;
  producedAt: number;
}

/** Reads a batch of the topic of requests: those for one receiver. Total, as `readChanges` is. */
export function readRequests(
  messages: readonly IncomingMessage[],
  receiver: string,
): { requests: ProducedRequest[]; unreadable: UnreadableMessage[] } {
  const requests: ProducedRequest[] = [];
  const unreadable: UnreadableMessage[] = [];
  for (const { offset, timestamp, value } of messages) {
    const request = readNotifierRequest(value);
    if ('problem' in request) unreadable.push({ offset: String(offset), reason: request.problem });
    else if (request.receiver === receiver) requests.push({ request, producedAt: timestamp });
  }
  return { requests, unreadable };
}
