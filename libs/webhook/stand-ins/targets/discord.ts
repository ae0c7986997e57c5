import { demand, type StandInAnswer, type Target } from '../target';

interface Embed {
  title?: string;
  description?: string;
  footer?: { text: string };
  author?: { name: string };
  fields?: Array<{ name: string; value: string }>;
}

interface Message {
  content?: string;
  username?: string;
  embeds?: Embed[];
  allowed_mentions?: { parse?: string[] };
}

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export function discordTarget(): Target & { messages: Map<string, unknown[]> } {
  const key = 'discordHunter2';
  const path = `/api/webhooks/112233/${key}`;
  /** Every message by its id, with all that it has been. */
  const messages = new Map<string, unknown[]>();
  return {
    path,
    secrets: [key],
    messages,
    limited: (seconds) => ({
      status: 429,
      headers: { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-remaining': '0' },
      body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
    }),
    answer({ method, url, body }) {
      const edited = /\/messages\/(\d+)$/.exec(url.pathname)?.[1];
      const own = edited === undefined ? url.pathname : url.pathname.replace(/\/messages\/\d+$/, '');
      demand(own === path, { status: 404, body: { message: 'Unknown Webhook', code: 10_015 } });
      demand(method === (edited === undefined ? 'POST' : 'PATCH'), { status: 405, body: { message: '405', code: 0 } });
      const message = JSON.parse(body) as Message;
      demand(isMessage(message), invalid);
      if (edited !== undefined) {
        demand(messages.has(edited), { status: 404, body: { message: 'Unknown Message', code: 10_008 } });
        messages.get(edited)!.push(message);
        return { status: 200, body: { id: edited, ...message } };
      }
      const id = String(1_263_000_000_000_000_000n + BigInt(messages.size));
      messages.set(id, [message]);
      return url.searchParams.get('wait') === 'true' ? { status: 200, body: { id, ...message } } : { status: 204 };
    },
  };
}

const invalid: StandInAnswer = { status: 400, body: { message: 'Invalid Form Body', code: 50_035 } };

function isMessage({ content = '', username, embeds = [], allowed_mentions }: Message): boolean {
  const texts = embeds.flatMap(({ title = '', description = '', footer, author, fields = [] }) => [
    title,
    description,
    footer?.text ?? '',
    author?.name ?? '',
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  return (
    (content !== '' || embeds.length > 0) &&
    content.length <= 2_000 &&
    (username ?? '').length <= 80 &&
    embeds.length <= 10 &&
    embeds.every(isEmbed) &&
    texts.reduce((sum, text) => sum + text.length, 0) <= 6_000 &&
    allowed_mentions?.parse?.length === 0
  );
}

function isEmbed({ title = '', description = '', footer, fields = [] }: Embed): boolean {
  const isField = ({ name, value }: { name: string; value: string }) =>
    name.length >= 1 && name.length <= 256 && value.length >= 1 && value.length <= 1_024;
  return (
    title.length <= 256 &&
    description.length <= 4_096 &&
    (footer?.text ?? '').length <= 2_048 &&
    fields.length <= 25 &&
    fields.every(isField)
  );
}
