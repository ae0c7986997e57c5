import type { SlackMessage, SlackBlock } from './receivers/slack';

const LABEL_WIDTH = 16;

/** A Slack message as it reads in chat, for a terminal: made from what was sent, so that nothing else can be shown. */
export function chatText(message: SlackMessage): string {
  const blocks = message.blocks.map(blockText).filter((text) => text !== '');
  return printable(blocks.length > 0 ? blocks.join('\n\n') : readable(message.text));
}

function blockText(block: SlackBlock): string {
  switch (block.type) {
    case 'header':
      return block.text.text;
    case 'section':
      return 'fields' in block ? block.fields.map(({ text }) => fieldText(text)).join('\n') : readable(block.text.text);
    case 'context':
      return block.elements.map(({ text }) => readable(text)).join('\n');
    default:
      return '';
  }
}

/** `*Label*`, line break, value: as two columns. */
function fieldText(field: string): string {
  const [label = '', ...value] = field.split('\n');
  return `${readable(label).padEnd(LABEL_WIDTH - 2)}  ${readable(value.join(' '))}`;
}

/** Slack's markup as plain words: links as `label: address`, code and bold bare, the three escapes undone last. */
function readable(mrkdwn: string): string {
  return mrkdwn
    .replace(/<([^|>]+)\|([^>]+)>/g, '$2: $1')
    .replace(/^\*([^*\n]+)\*$/gm, '$1')
    .replaceAll('`', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Control characters would let a message steer the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '\uFFFD');
}
