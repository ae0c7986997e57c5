import type { IncidentChange } from '@ringwatch/incident';
import { announce, announceNotice, type Announcement, type Tone } from '../announce';
import { byStatus, fieldIn, laterRetry } from '../answer';
import { clip, joined, type Part } from '../phrase';
import {
  commonHeaders,
  type DeliveryRequest,
  type ReceiverDefinition,
  type ReceiverOf,
  type RequestOptions,
} from '../receiver-definition';
import { codeSpan, firstThatFits, linkable, safe, show } from '../show';

const settings = {};

export type DiscordReceiver = ReceiverOf<'discord', typeof settings>;

/** Discord's own error codes (https://discord.com/developers/docs/topics/opcodes-and-status-codes). */
const UNKNOWN_WEBHOOK = 10_015;
const INVALID_TOKEN = 50_027;

/** A Discord webhook: one message for each incident, edited as the incident goes on. */
export const discord: ReceiverDefinition<DiscordReceiver> = {
  kind: 'discord',
  audience: 'chat',
  settings,
  secretSettings: [],
  /** Thirty a minute and webhook, five within two seconds. */
  rate: { perSecond: 0.5, burst: 5 },
  wants: ({ change }) => change !== 'updated',
  toRequest: ({ url }, change, options) => requestOf(url, change, options),
  toNoticeRequest: ({ url }, notice) => post(url, toDiscordMessage(announceNotice(notice))),

  /**
   * `?wait=true` makes Discord answer with the message, whose id later edits need. 10,000 answers of 401, 403 or 429 within
   * ten minutes get an address banned, so a webhook that is gone is not tried again.
   */
  classify(reply, request, now) {
    const answer = laterRetry(byStatus(reply, now), fieldIn(reply.body, 'retry_after'));
    const code = fieldIn(reply.body, 'code');
    const detail = typeof code === 'number' ? `${answer.detail}, code ${code}` : answer.detail;
    if (code === UNKNOWN_WEBHOOK || code === INVALID_TOKEN || reply.status === 401)
      return { kind: 'gone', status: reply.status, detail };
    if (reply.status === 404)
      return { kind: request.method === 'PATCH' ? 'lost' : 'gone', status: reply.status, detail };
    if (answer.kind !== 'delivered') return { ...answer, detail };
    const id = fieldIn(reply.body, 'id');
    const messageId = typeof id === 'string' && isMessageId(id) ? id : request.follows;
    return { ...answer, detail: answer.detail, ...(messageId === undefined ? {} : { messageId }) };
  },
};

function requestOf(address: string, change: IncidentChange, options: RequestOptions): DeliveryRequest {
  const message = toDiscordMessage(announce(change, options));
  const posted = post(address, message);
  const { earlier } = options;
  if (earlier === undefined || !isMessageId(earlier)) return posted;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/messages/${earlier}`;
  const { username: _, ...body } = message;
  return {
    ...posted,
    method: 'PATCH',
    url: url.href,
    body: JSON.stringify(body),
    follows: earlier,
    instead: posted,
  };
}

function post(address: string, message: DiscordMessage): DeliveryRequest {
  const url = new URL(address);
  url.searchParams.set('wait', 'true');
  return { kind: 'discord', url: url.href, headers: commonHeaders, body: JSON.stringify(message) };
}

function isMessageId(id: string): boolean {
  return /^\d{1,20}$/.test(id);
}

export interface DiscordMessage {
  username: string;
  content: string;
  /** Nobody: whatever a name says, it rings for no one. */
  allowed_mentions: { parse: [] };
  embeds: [DiscordEmbed];
}

interface DiscordEmbed {
  title?: string;
  url?: string;
  description: string;
  color: number;
  fields: Array<{ name: string; value: string; inline: boolean }>;
  footer: { text: string };
}

/** In characters and items (https://discord.com/developers/docs/resources/message#embed-object-embed-limits). */
export const discordLimits = {
  content: 2_000,
  description: 4_096,
  fields: 25,
  fieldValue: 1_024,
  footer: 2_048,
  url: 2_048,
  /** Of all texts of all embeds together. */
  total: 6_000,
} as const;

const rooms = [
  { description: discordLimits.description, field: discordLimits.fieldValue, footer: discordLimits.footer },
  { description: 1_800, field: 300, footer: 300 },
  { description: 1_000, field: 150, footer: 300 },
] as const;

const colors: Record<Tone, number> = {
  sev1: 0xd32f2f,
  sev2: 0xf57c00,
  sev3: 0xfbc02d,
  over: 0x388e3c,
  notice: 0x607d8b,
};

/** Lays an announcement out for Discord: the title as the message, all else in one embed below it. */
export function toDiscordMessage(announcement: Announcement): DiscordMessage {
  const content = `**${show(announcement.title, shown, discordLimits.content - 4)}**`;
  const embed = firstThatFits(
    rooms,
    (room) => layOut(announcement, room),
    (each) => charactersOf(each) <= discordLimits.total,
  );
  return { username: 'Ringwatch', content, allowed_mentions: { parse: [] }, embeds: [embed] };
}

function layOut(announcement: Announcement, room: (typeof rooms)[number]): DiscordEmbed {
  const { tone, follows, story, facts, rivals, advice, links, footer } = announcement;
  const lines = [...(follows.length === 0 ? [] : [follows]), ...story];
  const fields = [
    ...facts.map((fact) => ({ ...fact, inline: true })),
    ...(rivals.length === 0 ? [] : [{ label: 'Other suspects', value: joined(rivals, '\n'), inline: false }]),
    ...(advice.length === 0 ? [] : [{ label: 'What to do', value: advice, inline: false }]),
  ].map(({ label, value, inline }) => ({ name: label, value: show(value, shown, room.field), inline }));
  const pages = links.filter(({ url }) => url.length <= discordLimits.url);
  const [first, ...others] = pages;
  const linked = others
    .map(({ label, url }) => `[${label}](${linkable(url)})`)
    .filter((link) => link.length <= room.description / 4);
  const described = show(joined(lines, '\n'), shown, room.description - linked.join('').length - linked.length);
  return {
    ...(first === undefined ? {} : { title: first.label, url: first.url }),
    description: [described, ...linked].join('\n'),
    color: colors[tone],
    fields: fields.slice(0, discordLimits.fields),
    footer: { text: clip(safe(footer), room.footer) },
  };
}

/** What Discord counts of an embed. */
export function charactersOf({ title = '', description, fields, footer }: DiscordEmbed): number {
  const texts = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Names stand in code spans, in which Discord reads neither markup nor mentions. */
function shown(part: Part): string {
  return typeof part === 'string' ? part : codeSpan(part.name);
}
