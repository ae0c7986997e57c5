import { announce, announceNotice, type Announcement, type Tone } from '../announce';
import { byStatus, wordIn } from '../answer';
import { joined, type Part, type Phrase } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { bytesOf, firstThatFits, lookAlike, show, showTitle } from '../show';

const settings = {};

export type TeamsReceiver = ReceiverOf<'teams', typeof settings>;

/** A webhook of the Workflows app of Microsoft Teams (not the connectors of Office 365, which have ended). */
export const teams: ReceiverDefinition<TeamsReceiver> = {
  kind: 'teams',
  audience: 'chat',
  settings,
  secretSettings: [],
  /** More than four a second are throttled. */
  rate: { perSecond: 2, burst: 4 },
  wants: ({ change }) => change !== 'updated',
  toRequest: ({ url }, change, options) => requestOf(url, announce(change, options)),
  toNoticeRequest: ({ url }, notice) => requestOf(url, announceNotice(notice)),

  /** 202 comes before the card is posted: what is wrong with a card is never heard of, so the card has to be right. */
  classify(reply, _request, now) {
    const answer = byStatus(reply, now);
    const word = wordIn(reply.body, 'error', 'code');
    return word === undefined ? answer : { ...answer, detail: `${answer.detail} ${word}` };
  },
};

function requestOf(url: string, announcement: Announcement): DeliveryRequest {
  return { kind: 'teams', url, headers: commonHeaders, body: JSON.stringify(toTeamsMessage(announcement)) };
}

/** What a workflow "post to a channel when a webhook request is received" takes. */
export interface TeamsMessage {
  type: 'message';
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive'; content: AdaptiveCard }];
}

interface AdaptiveCard {
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  type: 'AdaptiveCard';
  version: '1.4';
  msteams: { width: 'Full' };
  body: CardElement[];
  actions?: Array<{ type: 'Action.OpenUrl'; title: string; url: string }>;
}

interface TextBlock {
  type: 'TextBlock';
  text: string;
  wrap: true;
  size?: 'Medium' | 'Small';
  weight?: 'Bolder';
  isSubtle?: true;
}

type CardElement =
  | TextBlock
  | { type: 'Container'; style: string; bleed: true; items: TextBlock[] }
  | { type: 'FactSet'; facts: Array<{ title: string; value: string }> };

/**
 * Teams takes about 28 KB; 413 has been seen from 21 KB on. Its documentation gives no limits for single texts: ours keep a
 * card readable. At most six actions are shown.
 */
export const teamsLimits = { bytes: 20_000, title: 300, text: 3_000, fact: 1_500, link: 1_000, actions: 6 } as const;

const rooms = [
  { text: teamsLimits.text, fact: teamsLimits.fact },
  { text: 1_000, fact: 400 },
  { text: 300, fact: 120 },
] as const;

const styles: Record<Tone, string> = {
  sev1: 'attention',
  sev2: 'warning',
  sev3: 'accent',
  over: 'good',
  notice: 'emphasis',
};

/** Lays an announcement out as an Adaptive Card of elements that every Teams client shows. */
export function toTeamsMessage(announcement: Announcement): TeamsMessage {
  return firstThatFits(
    rooms,
    (room): TeamsMessage => {
      const content = layOut(announcement, room);
      return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
    },
    (message) => bytesOf(message) < teamsLimits.bytes,
  );
}

function layOut(announcement: Announcement, room: (typeof rooms)[number]): AdaptiveCard {
  const { title, tone, follows, story, facts, rivals, advice, links, footer } = announcement;
  const text = (phrase: Phrase, more: Partial<TextBlock> = {}): TextBlock[] =>
    phrase.length === 0 ? [] : [{ type: 'TextBlock', text: show(phrase, shown, room.text), wrap: true, ...more }];
  const labelled = [
    ...facts,
    ...(rivals.length === 0 ? [] : [{ label: 'Other suspects', value: joined(rivals, '; ') }]),
    ...(advice.length === 0 ? [] : [{ label: 'What to do', value: advice }]),
  ].map(({ label, value }) => ({ title: label, value: show(value, shown, room.fact) }));
  const actions = links
    .filter(({ url }) => url.length <= teamsLimits.link)
    .slice(0, teamsLimits.actions)
    .map(({ label, url }) => ({ type: 'Action.OpenUrl' as const, title: label, url }));
  const head: TextBlock = {
    type: 'TextBlock',
    text: showTitle(title, teamsLimits.title, lookAlike),
    wrap: true,
    size: 'Medium',
    weight: 'Bolder',
  };
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      { type: 'Container', style: styles[tone], bleed: true, items: [head] },
      ...text(follows, { isSubtle: true }),
      ...story.flatMap((line) => text(line)),
      ...(labelled.length === 0 ? [] : [{ type: 'FactSet' as const, facts: labelled }]),
      ...text(footer, { isSubtle: true, size: 'Small' }),
    ],
    ...(actions.length === 0 ? {} : { actions }),
  };
}

/** Cards know a part of Markdown and no way to switch it off. */
function shown(part: Part): string {
  return typeof part === 'string' ? part : lookAlike(part.name);
}
