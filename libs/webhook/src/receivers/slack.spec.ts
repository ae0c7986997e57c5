import fc from 'fast-check';
import type { Announcement } from '../announce';
import { chatText } from '../chat-text';
import { small } from '../made-up.fixture';
import { ours, say, type Phrase } from '../phrase';
import { slackLimits, toSlackMessage, type SlackBlock, type SlackMessage } from './slack';

const header = ({ blocks }: SlackMessage) => (blocks[0]?.type === 'header' ? blocks[0].text.text : '');
const textsOf = (block: SlackBlock): string[] => {
  if (block.type === 'context') return block.elements.map(({ text }) => text);
  return 'fields' in block ? block.fields.map(({ text }) => text) : [block.text.text];
};
const field = (message: SlackMessage, i: number) => textsOf(message.blocks[2]!)[i]!;
const fact = (value: Phrase) => toSlackMessage({ ...small, facts: [{ label: 'Driver', value }] });

describe('at the limit, and one over', () => {
  const around = 'SEV1 opened: hosts crash under  (50 % sure, since 2024-07-19 04:10 UTC)'.length;
  const titled = (name: string) =>
    toSlackMessage({
      ...small,
      title: say`SEV1 opened: hosts crash under ${name} ${ours('(50 % sure, since 2024-07-19 04:10 UTC)')}`,
    });

  it('header: the name gives way, how sure and since when stay', () => {
    const fits = 'n'.repeat(slackLimits.header - around);
    expect(header(titled(fits))).toContain(`${fits} (50 %`);
    expect(header(titled(fits))).toHaveLength(slackLimits.header);
    expect(header(titled(`${fits}n`))).toContain('n… (50 % sure, since 2024-07-19 04:10 UTC)');
    expect(header(titled(`${fits}n`))).toHaveLength(slackLimits.header);
  });

  it('section', () => {
    const told = (length: number) =>
      textsOf(toSlackMessage({ ...small, story: [ours('s'.repeat(length))] }).blocks[1]!)[0]!;
    expect(told(3_000)).toBe('s'.repeat(3_000));
    expect(told(3_001)).toBe(`${'s'.repeat(2_999)}…`);
  });

  it('field', () => {
    const room = slackLimits.field - '*Driver*\n'.length;
    expect(field(fact(ours('f'.repeat(room))), 0)).toHaveLength(2_000);
    expect(field(fact(ours('f'.repeat(room))), 0)).not.toContain('…');
    expect(field(fact(ours('f'.repeat(room + 1))), 0)).toHaveLength(2_000);
    expect(field(fact(ours('f'.repeat(room + 1))), 0)).toMatch(/f…$/);
  });

  it('fields', () => {
    const listed = (length: number) =>
      textsOf(toSlackMessage({ ...small, facts: Array.from({ length }, () => small.facts[0]!) }).blocks[2]!);
    expect(listed(10)).toHaveLength(10);
    expect(listed(11)).toHaveLength(10);
  });

  it('all blocks together: the longest texts give way until they fit', () => {
    const sized = (each: number) =>
      toSlackMessage({
        ...small,
        facts: Array.from({ length: 8 }, () => ({ label: 'Driver', value: ours('f'.repeat(each)) })),
      });
    const rest = JSON.stringify(sized(0).blocks).length;
    const fits = Math.floor((slackLimits.total - rest) / 8);
    expect(field(sized(fits), 0)).toContain('f'.repeat(fits));
    expect(JSON.stringify(sized(fits).blocks).length).toBeGreaterThan(slackLimits.total - 8);
    expect(field(sized(fits + 1), 0)).toHaveLength(600);
  });

  it('link: one that is too long is left out', () => {
    const linked = (url: string) =>
      textsOf(toSlackMessage({ ...small, links: [{ label: 'Incident', url }] }).blocks.at(-1)!);
    const longest = 'u'.repeat(slackLimits.link - '<|Incident>'.length);
    expect(linked(longest)).toEqual([`<${longest}|Incident>`, 'incident `inc-1`']);
    expect(linked(`${longest}u`)).toEqual(['incident `inc-1`']);
  });
});

it.each([
  ['<!channel>', '`&lt;!channel&gt;`'],
  ['a & b', '`a &amp; b`'],
  ['&lt;', '`&amp;lt;`'],
  ['`*bold*`', '`ˋ*bold*ˋ`'],
  ['two\nlines', '`two\uFFFDlines`'],
  ['a\u202Efdp.exe', '`a\uFFFDfdp.exe`'],
  ['\uD800', '`\uFFFD`'],
  [' ', '`(none)`'],
])('shows the name %j as %j', (name, shown) => expect(field(fact(say`${name}`), 0)).toBe(`*Driver*\n${shown}`));

const name = fc.string({
  unit: fc.constantFrom(...'abc&<>`*_~@!|#\n"\\', '\u202E', '\uD83D\uDE00', '\uD83D'),
  maxLength: 300,
});
const phrase = fc
  .array(
    fc.oneof(
      name,
      name.map((text) => say`${text}`),
    ),
    { maxLength: 30 },
  )
  .map((inserts) => inserts.reduce<Phrase>((line, insert) => say`${line} ${insert}`, []));
const announcement = fc.record<Announcement>({
  title: phrase,
  tone: fc.constantFrom('sev1' as const, 'over' as const),
  follows: fc.constantFrom([], ours('Follow-up 1.')),
  story: fc.array(phrase, { minLength: 1, maxLength: 5 }),
  facts: fc.array(fc.record({ label: fc.constantFrom('Driver', 'Windows builds'), value: phrase }), {
    minLength: 1,
    maxLength: 12,
  }),
  rivals: fc.array(phrase, { maxLength: 3 }),
  advice: phrase,
  links: fc.array(
    fc.record({
      label: fc.constant('Incident'),
      url: fc.nat(3_100).map((length) => `https://x.example/${'u'.repeat(length)}`),
    }),
    {
      maxLength: 12,
    },
  ),
  footer: phrase,
});

describe('whatever is to be said', () => {
  it('keeps every limit', () =>
    fc.assert(
      fc.property(announcement, (said) => {
        const message = toSlackMessage(said);
        expect(message.blocks.length).toBeLessThanOrEqual(slackLimits.blocks);
        expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(slackLimits.total);
        expect(header(message).length).toBeLessThanOrEqual(slackLimits.header);
        expect(message.text.length).toBeLessThanOrEqual(slackLimits.text);
        for (const block of message.blocks) {
          const most = 'fields' in block ? slackLimits.field : slackLimits.section;
          for (const text of textsOf(block)) expect(text.length).toBeLessThanOrEqual(most);
          expect(textsOf(block).length).toBeLessThanOrEqual(
            'fields' in block ? slackLimits.fields : slackLimits.contextElements,
          );
        }
      }),
    ));

  it('mentions nobody, opens no link of its own, and closes every code span', () =>
    fc.assert(
      fc.property(announcement, (said) => {
        const message = toSlackMessage(said);
        for (const text of [message.text, ...message.blocks.slice(1).flatMap(textsOf)]) {
          const withoutOurLinks = text.replace(/^<https?:[^<>|]*\|Incident>$/, '');
          expect(withoutOurLinks).not.toMatch(/[<>]/);
          expect(withoutOurLinks).not.toMatch(/&(?!(amp|lt|gt);)/);
          expect(text).not.toMatch(/\p{Cs}/u);
        }
        expect(header(message)).not.toMatch(/[<>&]/);
      }),
    ));

  it('shows no control character in a terminal', () =>
    fc.assert(fc.property(announcement, (said) => expect(chatText(toSlackMessage(said))).not.toMatch(/[^\P{Cc}\n]/u))));
});

it('shows a message without blocks by its text', () =>
  expect(chatText({ text: '*Hello* `a` &amp; <https://x.example|there>', blocks: [] })).toBe(
    '*Hello* a & there: https://x.example',
  ));
