import { announce, announceNotice, type Announcement, type Tone } from '../announce';
import { byStatus, wordIn } from '../answer';
import { clip, joined, type Part, type Phrase } from '../phrase';
import { commonHeaders, type DeliveryRequest, type ReceiverDefinition, type ReceiverOf } from '../receiver-definition';
import { codeSpan, firstThatFits, linkable, lookAlike, safe, show, showTitle } from '../show';

const settings = {};

export type MattermostReceiver = ReceiverOf<'mattermost', typeof settings>;

/** A Mattermost incoming webhook. */
export const mattermost: ReceiverDefinition<MattermostReceiver> = {
  kind: 'mattermost',
  audience: 'chat',
  settings,
  secretSettings: [],
  wants: ({ change }) => change !== 'updated',
  toRequest: ({ url }, change, options) => requestOf(url, announce(change, options)),
  toNoticeRequest: ({ url }, notice) => requestOf(url, announceNotice(notice)),

  /** It says `ok` in the body, so that a page of a proxy in between is not taken for it. */
  classify(reply, _request, now) {
    const answer = byStatus(reply, now);
    const word = wordIn(reply.body, 'id');
    const detail = word === undefined ? answer.detail : `${answer.detail} ${word}`;
    if (answer.kind !== 'delivered' || reply.body.trim() === 'ok') return { ...answer, detail };
    return { kind: 'rejected', status: answer.status, detail: `${detail}, but not with the "ok" that Mattermost says` };
  },
};

function requestOf(url: string, announcement: Announcement): DeliveryRequest {
  return { kind: 'mattermost', url, headers: commonHeaders, body: JSON.stringify(toMattermostMessage(announcement)) };
}

export interface MattermostMessage {
  text: string;
  attachments: [MattermostAttachment];
}

interface MattermostAttachment {
  fallback: string;
  color: string;
  text: string;
  fields: Array<{ title: string; value: string; short: boolean }>;
  footer: string;
}

/** A post in characters; the attachments as JSON, of which older servers refuse more (gitlab-foss issue 37555). */
export const mattermostLimits = { text: 16_383, attachments: 7_900, line: 4_000, footer: 300 } as const;

const rooms = [
  { title: mattermostLimits.text - 4, text: mattermostLimits.line, field: 1_000 },
  { title: 4_000, text: 1_500, field: 300 },
  { title: 1_000, text: 700, field: 100 },
] as const;

const colors: Record<Tone, string> = {
  sev1: '#D32F2F',
  sev2: '#F57C00',
  sev3: '#FBC02D',
  over: '#388E3C',
  notice: '#607D8B',
};

/** Lays an announcement out for Mattermost: the title as the post, all else in one attachment. */
export function toMattermostMessage(announcement: Announcement): MattermostMessage {
  const message = (room: (typeof rooms)[number]): MattermostMessage => ({
    text: `**${show(announcement.title, shown, room.title)}**`,
    attachments: [layOut(announcement, room)],
  });
  return firstThatFits(rooms, message, fits);
}

function fits({ text, attachments }: MattermostMessage): boolean {
  return text.length <= mattermostLimits.text && JSON.stringify(attachments).length <= mattermostLimits.attachments;
}

function layOut(announcement: Announcement, room: (typeof rooms)[number]): MattermostAttachment {
  const { title, tone, follows, story, facts, rivals, advice, links, footer } = announcement;
  const field = (label: string, value: Phrase, short: boolean) => ({
    title: label,
    value: show(value, shown, room.field),
    short,
  });
  const lines = [...(follows.length === 0 ? [] : [follows]), ...story];
  const pages = links
    .map(({ label, url }) => `[${label}](${linkable(url)})`)
    .filter((link) => link.length <= room.field);
  return {
    fallback: showTitle(title, 500, lookAlike),
    color: colors[tone],
    text: [show(joined(lines, '\n'), shown, room.text), ...(pages.length === 0 ? [] : [pages.join(' · ')])].join('\n'),
    fields: [
      ...facts.map(({ label, value }) => field(label, value, true)),
      ...(rivals.length === 0 ? [] : [field('Other suspects', joined(rivals, '\n'), false)]),
      ...(advice.length === 0 ? [] : [field('What to do', advice, false)]),
    ],
    footer: clip(safe(footer), mattermostLimits.footer),
  };
}

/** Names stand in code spans, in which Mattermost reads neither markup nor mentions. */
function shown(part: Part): string {
  return typeof part === 'string' ? part : codeSpan(part.name);
}
