import { demand, type StandInAnswer, type Target } from '../target';

interface SendMessage {
  chat_id: number | string;
  text: string;
  parse_mode?: string;
  reply_parameters?: { message_id: number; allow_sending_without_reply?: boolean };
}

/** https://core.telegram.org/bots/api#sendmessage */
export function telegramTarget(): Target & { messages: SendMessage[] } {
  const token = '123456789:AAtelegramHunter2telegramHunter2tele';
  /** The id of a message is its place in the list, from 1 on. */
  const messages: SendMessage[] = [];
  return {
    path: '',
    settings: { bot_token: token, chat_id: -1_001_234_567_890 },
    secrets: [token, token.split(':')[1]!],
    messages,
    limited: (seconds) => ({
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: `Too Many Requests: retry after ${seconds}`,
        parameters: { retry_after: seconds },
      },
    }),
    answer({ method, url, body }) {
      demand(method === 'POST' && url.pathname.endsWith('/sendMessage'), no(404, 'Not Found'));
      demand(url.pathname === `/bot${token}/sendMessage`, no(401, 'Unauthorized'));
      const message = JSON.parse(body) as SendMessage;
      demand(message.chat_id === -1_001_234_567_890, no(400, 'Bad Request: chat not found'));
      const read = message.parse_mode === 'HTML' ? textOf(message.text) : message.text;
      demand(read !== undefined, no(400, "Bad Request: can't parse entities: unsupported start tag"));
      demand(read.trim() !== '', no(400, 'Bad Request: message text is empty'));
      demand(read.length <= 4_096, no(400, 'Bad Request: message is too long'));
      const { reply_parameters: reply } = message;
      const isThere = reply === undefined || reply.message_id <= messages.length;
      demand(
        isThere || reply!.allow_sending_without_reply === true,
        no(400, 'Bad Request: message to be replied not found'),
      );
      messages.push(message);
      return { status: 200, body: { ok: true, result: { message_id: messages.length, text: read } } };
    },
  };
}

function no(code: number, description: string): StandInAnswer {
  return { status: code, body: { ok: false, error_code: code, description } };
}

/** The text without its markup; undefined where a tag is unknown, not closed, or code stands within another. */
function textOf(html: string): string | undefined {
  const open: string[] = [];
  let text = '';
  for (const piece of html.match(/<[^>]*>|[^<]+|</g) ?? []) {
    if (!piece.startsWith('<')) {
      if (/&(?!(amp|lt|gt|quot);)/.test(piece)) return undefined;
      text += piece.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
      continue;
    }
    const tag = /^<(\/?)(b|i|u|s|code|pre|a)( href="[^"<>]*")?>$/.exec(piece);
    if (tag === null) return undefined;
    if (tag[1] === '/') {
      if (open.pop() !== tag[2]) return undefined;
    } else {
      if (open.includes('code') || (tag[2] === 'code' && open.length > 0)) return undefined;
      open.push(tag[2]!);
    }
  }
  return open.length === 0 ? text : undefined;
}
