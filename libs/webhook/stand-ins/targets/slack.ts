import { demand, limitedByHeader, type Target } from '../target';

interface Block {
  type: string;
  text?: { type: string; text: string };
  fields?: Array<{ text: string }>;
  elements?: Array<{ text: string }>;
}

/** https://docs.slack.dev/reference/block-kit/blocks; all blocks together: slackapi/bolt-js issue 2509. */
export function slackTarget(): Target {
  const key = 'slackHunter2';
  return {
    path: `/services/T0/B0/${key}`,
    secrets: [key],
    limited: limitedByHeader,
    answer({ method, url, body }) {
      demand(method === 'POST', { status: 405 });
      demand(url.pathname.endsWith(key), { status: 404, body: 'no_service' });
      const { text, blocks = [] } = JSON.parse(body) as { text?: string; blocks?: Block[] };
      demand(typeof text === 'string' && text !== '' && text.length <= 40_000, { status: 400, body: 'no_text' });
      demand(blocks.length <= 50 && blocks.every(isBlock), { status: 400, body: 'invalid_blocks' });
      demand(JSON.stringify(blocks).length < 13_200, { status: 400, body: 'msg_blocks_too_long' });
      return { status: 200, body: 'ok' };
    },
  };
}

function isBlock({ type, text, fields, elements }: Block): boolean {
  const isText = (value: string | undefined, max: number) =>
    value !== undefined && value.length >= 1 && value.length <= max;
  switch (type) {
    case 'header':
      return text?.type === 'plain_text' && isText(text.text, 150);
    case 'section':
      if (fields !== undefined)
        return fields.length >= 1 && fields.length <= 10 && fields.every((each) => isText(each.text, 2_000));
      return isText(text?.text, 3_000);
    case 'context':
      return (
        (elements ?? []).length >= 1 &&
        (elements ?? []).length <= 10 &&
        elements!.every(({ text: each }) => isText(each, 3_000))
      );
    default:
      return false;
  }
}
