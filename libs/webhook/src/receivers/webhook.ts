import { z } from 'zod';
import { byStatus } from '../answer';
import { plain } from '../phrase';
import { commonHeaders, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { deliveryKey, noticeKey, problemWithSecret, sign } from '../sign';

const settings = {
  /** Newest first: while they are changed the receiver may know either. */
  secrets: z
    .array(
      z.string().superRefine((secret, context) => {
        const problem = problemWithSecret(secret);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      }),
    )
    .min(1, 'wanted at least one, got none')
    .readonly(),
};

export type WebhookReceiver = ReceiverOf<'webhook', typeof settings>;

/** Any program: the change as the topic `incidents` has it, signed as Standard Webhooks says. */
export const webhook: ReceiverDefinition<WebhookReceiver> = {
  kind: 'webhook',
  audience: 'program',
  settings,
  secretSettings: ['secrets'],
  wants: () => true,

  toRequest(receiver, change, { at }) {
    const body = JSON.stringify({ type: `incident.${change.change}`, timestamp: change.detected_at, data: change });
    return requestOf(receiver, { id: deliveryKey(receiver.name, change), at, body });
  },

  toNoticeRequest(receiver, { purpose, id, at: timestamp, title, lines }, { at }) {
    const data = { id, title: plain(title), lines: lines.map(plain) };
    const body = JSON.stringify({ type: `notice.${purpose}`, timestamp, data });
    return requestOf(receiver, { id: noticeKey(receiver.name, id), at, body });
  },

  classify: (reply, _request, now) => byStatus(reply, now),
};

function requestOf({ url, secrets }: WebhookReceiver, content: Parameters<typeof sign>[0]) {
  return {
    kind: 'webhook' as const,
    url,
    headers: { ...commonHeaders, ...sign(content, secrets) },
    body: content.body,
  };
}
