import { announce, announceNotice, type Announcement } from '../announce';
import { byStatus, wordIn } from '../answer';
import { joined, type Part, type Phrase } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { escapeTags, bytesOf, codeSpan, firstThatFits, lookAlike, show, showTitle } from '../show';

const settings = {};

export type GoogleChatReceiver = ReceiverOf<'google-chat', typeof settings>;

/** A webhook of a Google Chat space: one thread for each incident. Key and token stand in its query. */
export const googleChat: ReceiverDefinition<GoogleChatReceiver> = {
  kind: 'google-chat',
  audience: 'chat',
  settings,
  secretSettings: [],
  /** One a second and space. */
  rate: { perSecond: 1, burst: 1 },
  wants: ({ change }) => change !== 'updated',
  toRequest: ({ url }, change, options) => requestOf(url, announce(change, options), change.incident_id),
  toNoticeRequest: ({ url }, notice) => requestOf(url, announceNotice(notice), notice.purpose.replace(/_.*/, '')),

  classify(reply, _request, now) {
    const answer = byStatus(reply, now);
    const word = wordIn(reply.body, 'error', 'status');
    return word === undefined || answer.kind === 'delivered'
      ? answer
      : { ...answer, detail: `${answer.detail} ${word}` };
  },
};

/** The thread is named by us, so that no answer has to be remembered; where the space has none, the message stands by itself. */
function requestOf(address: string, announcement: Announcement, threadKey: string): DeliveryRequest {
  const url = new URL(address);
  url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
  const message = toGoogleChatMessage(announcement, threadKey);
  return { kind: 'google-chat', url: url.href, headers: commonHeaders, body: JSON.stringify(message) };
}

export interface GoogleChatMessage {
  text: string;
  fallbackText: string;
  thread: { threadKey: string };
  cardsV2: [{ cardId: 'ringwatch'; card: { sections: Array<{ widgets: Widget[] }> } }];
}

type Widget =
  | { textParagraph: { text: string } }
  | { decoratedText: { topLabel: string; text: string; wrapText: true } }
  | { buttonList: { buttons: Array<{ text: string; onClick: { openLink: { url: string } } }> } };

/** A message and a card in bytes (https://developers.google.com/workspace/chat/create-messages), widgets of a card, our title. */
export const googleChatLimits = {
  bytes: 32_000,
  widgets: 100,
  title: 500,
  text: 4_000,
  fact: 2_000,
  link: 1_000,
} as const;

/** Of sentences and of facts each, so that all widgets together are less than a hundred. */
const MAX_LINES = 45;

const rooms = [
  { text: googleChatLimits.text, fact: googleChatLimits.fact },
  { text: 1_000, fact: 400 },
  { text: 300, fact: 120 },
] as const;

/** Lays an announcement out for Google Chat: the title as text, which notifications show, all else in one card below it. */
export function toGoogleChatMessage(announcement: Announcement, threadKey: string): GoogleChatMessage {
  const text = `*${show(announcement.title, inText, googleChatLimits.title - 2)}*`;
  const fallbackText = showTitle(announcement.title, googleChatLimits.title, lookAlike);
  return firstThatFits(
    rooms,
    (room): GoogleChatMessage => {
      const sections = layOut(announcement, room).filter((widgets) => widgets.length > 0);
      const card = { sections: sections.map((widgets) => ({ widgets })) };
      return { text, fallbackText, thread: { threadKey }, cardsV2: [{ cardId: 'ringwatch', card }] };
    },
    (message) => bytesOf(message) <= googleChatLimits.bytes,
  );
}

function layOut(announcement: Announcement, room: (typeof rooms)[number]): Widget[][] {
  const { story, facts, rivals, advice, links, footer } = announcement;
  const paragraph = (phrase: Phrase): Widget => ({ textParagraph: { text: show(phrase, inCard, room.text) } });
  const labelled = (label: string, value: Phrase): Widget => ({
    decoratedText: { topLabel: label, text: show(value, inCard, room.fact), wrapText: true },
  });
  const buttons = links
    .filter(({ url }) => url.length <= googleChatLimits.link)
    .map(({ label, url }) => ({ text: label, onClick: { openLink: { url } } }));
  return [
    story.slice(0, MAX_LINES).map(paragraph),
    facts.slice(0, MAX_LINES).map(({ label, value }) => labelled(label, value)),
    [
      ...(rivals.length === 0 ? [] : [labelled('Other suspects', joined(rivals, '; '))]),
      ...(advice.length === 0 ? [] : [labelled('What to do', advice)]),
    ],
    [...(buttons.length === 0 ? [] : [{ buttonList: { buttons } }]), paragraph(footer)],
  ];
}

/** Text knows `*bold*`, `<address|label>` and `<users/all>`: names stand in code spans, without angle brackets. */
function inText(part: Part): string {
  return typeof part === 'string' ? part : codeSpan(lookAlike(part.name));
}

/** Cards know a few HTML tags. */
function inCard(part: Part): string {
  if (typeof part !== 'string') return escapeTags(lookAlike(part.name));
  return escapeTags(part);
}
