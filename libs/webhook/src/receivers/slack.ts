import { announce, announceNotice, type Announcement } from '../announce';
import { byStatus } from '../answer';
import { joined, say, type Part, type Phrase } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { escapeTags, codeSpan, firstThatFits, show, showTitle } from '../show';

const settings = {};

export type SlackReceiver = ReceiverOf<'slack', typeof settings>;

/** A Slack incoming webhook. */
export const slack: ReceiverDefinition<SlackReceiver> = {
  kind: 'slack',
  audience: 'chat',
  settings,
  secretSettings: [],
  /** One a second, short bursts (https://docs.slack.dev/apis/web-api/rate-limits). */
  rate: { perSecond: 1, burst: 4 },
  wants: ({ change }) => change !== 'updated',
  toRequest: ({ url }, change, options) => requestOf(url, announce(change, options)),
  toNoticeRequest: ({ url }, notice) => requestOf(url, announceNotice(notice)),

  /** It says `ok` in the body, so that a 200 from a proxy in between is not taken for it, and 404 for a webhook that was removed. */
  classify(reply, _request, now) {
    const answer = byStatus(reply, now);
    if (reply.status === 404) return { kind: 'gone', status: 404, detail: answer.detail };
    if (answer.kind !== 'delivered' || reply.body.trim() === 'ok') return answer;
    const detail = `${answer.detail}, but not with the "ok" that Slack says`;
    return { kind: 'rejected', status: answer.status, detail };
  },
};

function requestOf(url: string, announcement: Announcement): DeliveryRequest {
  return { kind: 'slack', url, headers: commonHeaders, body: JSON.stringify(toSlackMessage(announcement)) };
}

/** What a Slack incoming webhook is sent: Block Kit, and `text` for notifications and for clients without blocks. */
export interface SlackMessage {
  text: string;
  blocks: SlackBlock[];
}

/** Text with Slack's markup. `verbatim` keeps Slack from making links and mentions of its own out of it. */
export interface Mrkdwn {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

/** The blocks that we use. */
export type SlackBlock =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: false } }
  | { type: 'section'; text: Mrkdwn }
  | { type: 'section'; fields: Mrkdwn[] }
  | { type: 'context'; elements: Mrkdwn[] };

/**
 * Slack's limits in characters and items (https://docs.slack.dev/reference/block-kit/blocks). `total` is not documented:
 * a message whose blocks together reach about 13,200 characters is refused (slackapi/bolt-js issue 2509).
 */
export const slackLimits = {
  blocks: 50,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  link: 3_000,
  text: 40_000,
  total: 13_000,
} as const;

/** Room for each section or link and for each field; the first with which all blocks fit together is taken. */
const rooms = [
  { section: slackLimits.section, field: slackLimits.field },
  { section: 1_500, field: 600 },
  { section: 400, field: 150 },
] as const;

/** Lays an announcement out for Slack, within every limit: what does not fit is cut at the end of its own text. */
export function toSlackMessage(announcement: Announcement): SlackMessage {
  const text = toMrkdwn(say`${announcement.title}\n${joined(announcement.story, ' ')}`, slackLimits.section);
  const fits = (blocks: SlackBlock[]) => JSON.stringify(blocks).length <= slackLimits.total;
  return { text, blocks: firstThatFits(rooms, (room) => layOut(announcement, room), fits) };
}

function layOut(announcement: Announcement, room: (typeof rooms)[number]): SlackBlock[] {
  const { title, follows, story, facts, rivals, advice, links, footer } = announcement;
  const section = (phrase: Phrase): SlackBlock => ({ type: 'section', text: mrkdwn(toMrkdwn(phrase, room.section)) });
  const labelled = (label: string, phrase: Phrase, max: number) =>
    mrkdwn(`*${label}*\n${toMrkdwn(phrase, max - label.length - 3)}`);
  const fields = facts.slice(0, slackLimits.fields).map(({ label, value }) => labelled(label, value, room.field));
  const fitting = links.map(linkOf).filter((link) => link.length <= room.section);
  return [
    { type: 'header', text: { type: 'plain_text', text: headerOf(title), emoji: false } },
    ...(follows.length === 0
      ? []
      : [{ type: 'context' as const, elements: [mrkdwn(toMrkdwn(follows, room.section))] }]),
    ...(story.length === 0 ? [] : [section(joined(story, '\n'))]),
    ...(fields.length === 0 ? [] : [{ type: 'section' as const, fields }]),
    ...(rivals.length === 0
      ? []
      : [{ type: 'section' as const, text: labelled('Other suspects', joined(rivals, '\n'), room.section) }]),
    ...(advice.length === 0 ? [] : [{ type: 'section' as const, text: labelled('What to do', advice, room.section) }]),
    {
      type: 'context',
      elements: [...fitting.slice(0, slackLimits.contextElements - 1), toMrkdwn(footer, room.section)].map(mrkdwn),
    },
  ];
}

/** Header text has no code spans: what could be read as markup there is replaced by look-alikes. */
function headerOf(title: Phrase): string {
  const text = showTitle(title, slackLimits.header);
  return text.replaceAll('&', '＆').replaceAll('<', '‹').replaceAll('>', '›');
}

function toMrkdwn(phrase: Phrase, max: number): string {
  return show(phrase, partToMrkdwn, max);
}

/** Names stand in code spans, in which Slack reads no markup and no mention; the three characters are escaped everywhere. */
function partToMrkdwn(part: Part): string {
  return typeof part === 'string' ? escapeTags(part) : codeSpan(escapeTags(part.name));
}

function linkOf({ label, url }: Announcement['links'][number]): string {
  return `<${escapeTags(url).replaceAll('|', '%7C')}|${escapeTags(label)}>`;
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
