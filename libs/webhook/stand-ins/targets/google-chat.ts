import { demand, limitedByHeader, type StandInAnswer, type Target } from '../target';

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create */
export function googleChatTarget(): Target & { threads: Map<string, unknown[]> } {
  const [key, token] = ['googleKeyHunter2', 'googleTokenHunter2'];
  const path = '/v1/spaces/AAAA/messages';
  /** Messages by the key of their thread. */
  const threads = new Map<string, unknown[]>();
  return {
    path: `${path}?key=${key}&token=${token}`,
    secrets: [key, token],
    threads,
    limited: limitedByHeader,
    answer({ method, url, body }) {
      demand(method === 'POST' && url.pathname === path, { status: 404, body: errorOf(404, 'NOT_FOUND') });
      const isKnown = url.searchParams.get('key') === key && url.searchParams.get('token') === token;
      demand(isKnown, { status: 403, body: errorOf(403, 'PERMISSION_DENIED') });
      const invalid: StandInAnswer = { status: 400, body: errorOf(400, 'INVALID_ARGUMENT') };
      demand(Buffer.byteLength(body) <= 32_000, invalid);
      const message = JSON.parse(body) as {
        text?: string;
        cardsV2?: Array<{ card: { sections: Array<{ widgets: object[] }> } }>;
        thread?: { threadKey?: string };
      };
      const sections = (message.cardsV2 ?? []).flatMap(({ card }) => card.sections);
      demand(
        sections.every(({ widgets }) => widgets.length > 0),
        invalid,
      );
      demand(sections.flatMap(({ widgets }) => widgets).length <= 100, invalid);
      const asked = message.thread?.threadKey;
      const isReply = url.searchParams.get('messageReplyOption') === 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD';
      const thread = isReply && asked !== undefined ? asked : `new-${threads.size}`;
      threads.set(thread, [...(threads.get(thread) ?? []), message]);
      return { status: 200, body: { name: 'spaces/AAAA/messages/x', thread: { name: thread } } };
    },
  };
}

function errorOf(code: number, status: string): object {
  return { error: { code, status, message: 'no' } };
}
