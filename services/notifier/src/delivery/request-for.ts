import type { IncidentChange } from '@ringwatch/incident';
import { toNoticeRequest, toRequest, type DeliveryRequest, type Receiver } from '@ringwatch/webhook';
import { digestId, withoutRepeats } from './conclude';
import { digestNotice } from './digest-notice';
import type { Message } from './plan-next';
import { undeliveredNotice } from './undelivered-notice';
import type { Waiting } from './waiting';

const MOST_LISTED = 10;

export interface RequestFrame {
  at: Date;
  dashboardUrl: string | undefined;
}

/** The HTTP request that carries a message. @throws when it cannot be put into words, which is our fault */
export function requestFor(receiver: Receiver, message: Message, { at, dashboardUrl }: RequestFrame): DeliveryRequest {
  const options = { at, dashboardUrl };
  const [first, ...others] = message.parts;
  if (others.length > 0) {
    const changes = message.parts.flatMap(({ items }) => changesOf(items).slice(-1));
    return toNoticeRequest(receiver, digestNotice(digestId(message), changes, options), options);
  }
  const { queue, items } = first!;
  const { content } = items.at(-1)!;
  switch (content.kind) {
    case 'change':
    case 'refresh': {
      const changes = changesOf(withoutRepeats(items));
      const remarks = changes.length > 1 ? [joinedRemark(changes)] : [];
      return toRequest(receiver, content.change, { ...options, earlier: queue.earlier, remarks });
    }
    case 'undelivered': {
      const reports = items.flatMap((item) => (item.content.kind === 'undelivered' ? [item.content] : []));
      return toNoticeRequest(receiver, undeliveredNotice(reports, at), options);
    }
    case 'notice':
      return toNoticeRequest(receiver, content.notice, options);
  }
}

/** What the reader is told where several changes became one message. */
function joinedRemark(changes: readonly IncidentChange[]): string {
  const kinds = changes.map(({ change }) => change);
  const listed = `${kinds.slice(0, MOST_LISTED).join(', ')}${kinds.length > MOST_LISTED ? ', ...' : ''}`;
  return `More came than could be sent: this stands for ${kinds.length} changes (${listed}).`;
}

function changesOf(items: readonly Waiting[]) {
  return items.flatMap(({ content }) => (content.kind === 'change' ? [content.change] : []));
}
