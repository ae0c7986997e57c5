import type { Announcement } from './announce';
import { changeOf, small } from './made-up.fixture';
import { ours } from './phrase';
import { alertmanagerLimits, toAlert } from './receivers/alertmanager';
import { charactersOf, discordLimits, toDiscordMessage } from './receivers/discord';
import { googleChatLimits, toGoogleChatMessage } from './receivers/google-chat';
import { mattermostLimits, toMattermostMessage } from './receivers/mattermost';
import { pagerDutyLimits, toPagerDutyEvent } from './receivers/pagerduty';
import { teamsLimits, toTeamsMessage } from './receivers/teams';
import { telegramLimits, toTelegramText } from './receivers/telegram';
import { bytesOf } from './show';

/** Slack's stand beside it, in receivers/slack.spec.ts. */
const words = (length: number) => ours('w'.repeat(length));
const titled = (length: number): Announcement => ({ ...small, title: words(length) });
const told = (length: number): Announcement => ({ ...small, story: [words(length)] });
const fact = (length: number): Announcement => ({ ...small, facts: [{ label: 'Driver', value: words(length) }] });
const ended = (length: number): Announcement => ({ ...small, footer: words(length) });

interface TeamsCard {
  body: Array<{ items?: Array<{ text: string }>; facts?: Array<{ value: string }>; text?: string }>;
  actions?: unknown[];
}
const card = (said: Announcement) => toTeamsMessage(said).attachments[0].content as unknown as TeamsCard;
const chat = (said: Announcement) => toGoogleChatMessage(said, 'inc');
const widget = (said: Announcement, section: number) =>
  chat(said).cardsV2[0].card.sections[section]!.widgets[0] as {
    textParagraph?: { text: string };
    decoratedText?: { text: string };
  };
const alert = (said: Announcement) => toAlert(changeOf('opened'), said, { at: new Date(), labels: {} });
const page = (said: Announcement) => toPagerDutyEvent(changeOf('opened'), said);

/** `of` gives the text that a part of that length becomes, `around` how many characters of it are ours. */
it.each<{ of: (length: number) => string; limit: number; around?: number; name: string }>([
  { name: 'Teams: title', limit: teamsLimits.title, of: (length) => card(titled(length)).body[0]!.items![0]!.text },
  { name: 'Teams: text', limit: teamsLimits.text, of: (length) => card(told(length)).body[1]!.text! },
  { name: 'Teams: fact', limit: teamsLimits.fact, of: (length) => card(fact(length)).body[2]!.facts![0]!.value },
  {
    name: 'Discord: content',
    limit: discordLimits.content,
    around: 4,
    of: (length) => toDiscordMessage(titled(length)).content,
  },
  {
    name: 'Discord: description',
    limit: discordLimits.description,
    of: (length) => toDiscordMessage(told(length)).embeds[0].description,
  },
  {
    name: 'Discord: field',
    limit: discordLimits.fieldValue,
    of: (length) => toDiscordMessage(fact(length)).embeds[0].fields[0]!.value,
  },
  {
    name: 'Discord: footer',
    limit: discordLimits.footer,
    of: (length) => toDiscordMessage(ended(length)).embeds[0].footer.text,
  },
  { name: 'Google Chat: title', limit: googleChatLimits.title, around: 2, of: (length) => chat(titled(length)).text },
  {
    name: 'Google Chat: text',
    limit: googleChatLimits.text,
    of: (length) => widget(told(length), 0).textParagraph!.text,
  },
  {
    name: 'Google Chat: fact',
    limit: googleChatLimits.fact,
    of: (length) => widget(fact(length), 1).decoratedText!.text,
  },
  {
    name: 'Mattermost: post',
    limit: mattermostLimits.text,
    around: 4,
    of: (length) => toMattermostMessage(titled(length)).text,
  },
  {
    name: 'Mattermost: text',
    limit: mattermostLimits.line,
    of: (length) => toMattermostMessage(told(length)).attachments[0].text,
  },
  {
    name: 'Mattermost: footer',
    limit: mattermostLimits.footer,
    of: (length) => toMattermostMessage(ended(length)).attachments[0].footer,
  },
  { name: 'PagerDuty: summary', limit: pagerDutyLimits.summary, of: (length) => page(titled(length)).payload.summary },
  {
    name: 'Alertmanager: annotation',
    limit: alertmanagerLimits.annotation,
    of: (length) => alert(titled(length)).annotations['summary']!,
  },
])('$name: whole at $limit, cut at one more', ({ of, limit, around = 0 }) => {
  const fits = of(limit - around);
  expect(fits).toHaveLength(limit);
  expect(fits).not.toContain('…');
  const over = of(limit - around + 1);
  expect(over.length).toBeLessThanOrEqual(limit);
  expect(over).toContain('…');
});

/** Many texts of one length: all whole as long as all together fit, all shorter as soon as they do not. */
it.each<{ name: string; limit: number; size: (said: Announcement) => number; step: number }>([
  { name: 'Teams: bytes', limit: teamsLimits.bytes - 1, size: (said) => bytesOf(toTeamsMessage(said)), step: 1 },
  { name: 'Google Chat: bytes', limit: googleChatLimits.bytes, size: (said) => bytesOf(chat(said)), step: 1 },
  {
    name: 'Discord: all embeds',
    limit: discordLimits.total,
    size: (said) => charactersOf(toDiscordMessage(said).embeds[0]),
    step: 1,
  },
  {
    name: 'Mattermost: attachments',
    limit: mattermostLimits.attachments,
    size: (said) => JSON.stringify(toMattermostMessage(said).attachments).length,
    step: 1,
  },
  { name: 'Telegram: text', limit: telegramLimits.text, size: (said) => toTelegramText(said).length, step: 1 },
])('$name: $limit at most in all', ({ size, limit }) => {
  const filled = (length: number): Announcement => ({
    ...small,
    facts: Array.from({ length: 20 }, (_, i) => ({
      label: 'Driver',
      value: words(Math.floor(length / 20) + (i < length % 20 ? 1 : 0)),
    })),
  });
  const around = size(filled(20)) - 20;
  expect(size(filled(limit - around))).toBe(limit);
  expect(size(filled(limit - around + 1))).toBeLessThan(limit);
});

describe('countable things', () => {
  const facts = (length: number) => Array.from({ length }, () => small.facts[0]!);

  it('Discord: 25 fields', () => {
    expect(toDiscordMessage({ ...small, facts: facts(24) }).embeds[0].fields).toHaveLength(25);
    expect(toDiscordMessage({ ...small, facts: facts(25) }).embeds[0].fields).toHaveLength(25);
  });

  it('Google Chat: fewer than 100 widgets, whatever there is', () => {
    const said = { ...small, facts: facts(120), story: Array.from({ length: 120 }, () => ours('A line.')) };
    const widgets = chat(said).cardsV2[0].card.sections.flatMap((section) => section.widgets);
    expect(widgets.length).toBeLessThanOrEqual(googleChatLimits.widgets);
  });

  it('PagerDuty: a dedup key of 255, one that is always the same for a longer id', () => {
    const keyOf = (length: number) =>
      toPagerDutyEvent({ ...changeOf('opened'), incident_id: 'i'.repeat(length) }, small).dedup_key;
    const longest = pagerDutyLimits.dedupKey - 'ringwatch:'.length;
    expect(keyOf(longest)).toBe(`ringwatch:${'i'.repeat(longest)}`);
    expect(keyOf(longest + 1)).toMatch(/^ringwatch:[0-9a-f]{64}$/);
    expect(keyOf(longest + 1)).toBe(keyOf(longest + 1));
    expect(keyOf(longest + 1)).not.toBe(keyOf(longest + 2));
  });

  it('PagerDuty: 512 KB', () => {
    const said = (facts_: number): Announcement => ({
      ...small,
      facts: Array.from({ length: facts_ }, (_, i) => ({ label: `Fact ${i}`, value: words(4_000) })),
    });
    expect(bytesOf(page(said(100)))).toBeGreaterThan(400_000);
    expect(bytesOf(page(said(140)))).toBeLessThan(100_000);
  });

  const address = (length: number) => `https://x.example/${'u'.repeat(length - 'https://x.example/'.length)}`;
  const linked = (length: number): Announcement => ({ ...small, links: [{ label: 'Incident', url: address(length) }] });
  it.each<{ name: string; limit: number; has: (said: Announcement) => boolean }>([
    { name: 'Teams', limit: teamsLimits.link, has: (said) => card(said).actions !== undefined },
    { name: 'Discord', limit: discordLimits.url, has: (said) => toDiscordMessage(said).embeds[0].url !== undefined },
    {
      name: 'Google Chat',
      limit: googleChatLimits.link,
      has: (said) => JSON.stringify(chat(said)).includes('buttonList'),
    },
  ])('$name: a link of $limit, none that is longer', ({ limit, has }) => {
    expect([has(linked(limit)), has(linked(limit + 1))]).toEqual([true, false]);
  });
});
