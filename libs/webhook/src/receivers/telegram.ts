import { z } from 'zod';
import { announce, announceNotice, type Announcement } from '../announce';
import { byStatus, fieldIn, laterRetry, type Answer } from '../answer';
import { joined, merged, type Part, type Phrase } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { escapeTags, firstThatFits, show } from '../show';

const wantedChat = 'wanted a number or @channelname, got something else';

const settings = {
  bot_token: z.string().regex(/^\d{3,20}:[A-Za-z0-9_-]{30,60}$/, {
    error: 'wanted a bot token, a number, a colon and some 35 letters, got something else',
  }),
  /** A number as BotFather's tools show it, or @channelname. */
  chat_id: z.union([z.number().int(), z.string().regex(/^(-?\d{1,20}|@[A-Za-z0-9_]{4,64})$/, wantedChat)], {
    error: wantedChat,
  }),
  /** The topic, in a group that has topics. */
  message_thread_id: z.number().int().positive().optional(),
};

export type TelegramReceiver = ReceiverOf<'telegram', typeof settings>;

/**
 * A Telegram bot. Later messages reply to the first one, so that what was said when stays readable and each one rings; an
 * edit would do neither.
 */
export const telegram: ReceiverDefinition<TelegramReceiver> = {
  kind: 'telegram',
  audience: 'chat',
  settings,
  secretSettings: ['bot_token'],
  usualUrl: 'https://api.telegram.org',
  /** Twenty a minute and group (https://core.telegram.org/bots/faq). */
  rate: { perSecond: 1 / 3, burst: 3 },
  wants: ({ change }) => change !== 'updated',

  toRequest(receiver, change, options) {
    const { earlier } = options;
    const announcement = announce(change, options);
    if (earlier === undefined || !/^\d{1,15}$/.test(earlier)) return requestOf(receiver, announcement);
    const reply = { message_id: Number(earlier), allow_sending_without_reply: true };
    const { kind, url, headers, body } = requestOf(receiver, { ...announcement, follows: [] });
    const replying = { ...(JSON.parse(body) as object), reply_parameters: reply };
    return { kind, url, headers, body: JSON.stringify(replying), follows: earlier };
  },
  toNoticeRequest: (receiver, notice) => requestOf(receiver, announceNotice(notice)),

  classify(reply, request, now) {
    const parameters = fieldIn(reply.body, 'parameters') as Record<string, unknown> | undefined;
    const answer = laterRetry(byStatus(reply, now), parameters?.['retry_after']);
    if (answer.kind !== 'delivered') return refusal(answer, reply.body, parameters);
    const { message_id: id } = (fieldIn(reply.body, 'result') ?? {}) as { message_id?: unknown };
    if (fieldIn(reply.body, 'ok') !== true)
      return {
        kind: 'rejected',
        status: answer.status,
        detail: `${answer.detail}, but not with the "ok" that Telegram says`,
      };
    const messageId = request.follows ?? (Number.isSafeInteger(id) ? String(id) : undefined);
    return { ...answer, ...(messageId === undefined ? {} : { messageId }) };
  },
};

/** What Telegram says of requests that it refuses; nothing else of its words is shown, as they could repeat the address. */
const knownRefusals = [
  'chat not found',
  'bot was blocked by the user',
  'bot was kicked',
  'not enough rights',
  'message thread not found',
  "can't parse entities",
  'message is too long',
  'Unauthorized',
];

/** 404 is what a token that does not exist gets: trying again is no use. */
function refusal(answer: Answer, body: string, parameters: Record<string, unknown> | undefined): Answer {
  const description = String(fieldIn(body, 'description') ?? '');
  const known = knownRefusals.find((each) => description.includes(each));
  const movedTo = parameters?.['migrate_to_chat_id'];
  const moved = Number.isSafeInteger(movedTo) ? `, the group is now chat_id ${String(movedTo)}` : '';
  const detail = `${answer.detail}${known === undefined ? '' : `: ${known}`}${moved}`;
  if (answer.status === 404) return { kind: 'rejected', status: 404, detail: `${detail}: no such bot` };
  return { ...answer, detail };
}

function requestOf(receiver: TelegramReceiver, announcement: Announcement): DeliveryRequest {
  const { url, bot_token, chat_id, message_thread_id } = receiver;
  const body = {
    chat_id,
    ...(message_thread_id === undefined ? {} : { message_thread_id }),
    text: toTelegramText(announcement),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
  };
  return {
    kind: 'telegram',
    url: `${url.replace(/\/+$/, '')}/bot${bot_token}/sendMessage`,
    headers: commonHeaders,
    body: JSON.stringify(body),
  };
}

/** Telegram counts what is left after its markup is read; we count with it, so there is always room. */
export const telegramLimits = { text: 4_096 } as const;

const rooms = [
  { title: 600, line: 1_200, fact: 300, link: 1_000 },
  { title: 500, line: 300, fact: 120, link: 300 },
  { title: 400, line: 160, fact: 60, link: 0 },
] as const;

/** Lays an announcement out for Telegram's HTML. */
export function toTelegramText(announcement: Announcement): string {
  return firstThatFits(
    rooms,
    (room) => layOut(announcement, room),
    (text) => text.length <= telegramLimits.text,
  );
}

function layOut(announcement: Announcement, room: (typeof rooms)[number]): string {
  const { title, follows, story, facts, rivals, advice, links, footer } = announcement;
  const line = (phrase: Phrase) => show(phrase, shown, room.line);
  const fact = (label: string, value: Phrase) => `<b>${label}</b>: ${show(value, shown, room.fact)}`;
  const pages = links.map(linkOf).filter((link) => link.length <= room.link);
  const blocks = [
    [show(merged(title), shownInTitle, room.title)],
    [...(follows.length === 0 ? [] : [follows]), ...story].map(line),
    facts.map(({ label, value }) => fact(label, value)),
    [
      ...(rivals.length === 0 ? [] : [fact('Other suspects', joined(rivals, '; '))]),
      ...(advice.length === 0 ? [] : [fact('What to do', advice)]),
    ],
    [...(pages.length === 0 ? [] : [pages.join(' · ')]), line(footer)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

/** Names stand in code, in which Telegram finds no mention and no address. */
function shown(part: Part): string {
  return typeof part === 'string' ? escape(part) : `<code>${escape(part.name)}</code>`;
}

/** Code must not stand within bold: only our own words are bold. */
function shownInTitle(part: Part): string {
  return typeof part === 'string' ? `<b>${escape(part)}</b>` : shown(part);
}

function linkOf({ label, url }: Announcement['links'][number]): string {
  return `<a href="${escape(url)}">${escape(label)}</a>`;
}

function escape(text: string): string {
  return escapeTags(text).replaceAll('"', '&quot;');
}
