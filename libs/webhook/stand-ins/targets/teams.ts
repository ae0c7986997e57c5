import { demand, limitedByHeader, type Target } from '../target';

interface Element {
  type: string;
  text?: string;
  items?: Element[];
  facts?: Array<{ title: string; value: string }>;
}

/**
 * A workflow of Teams. It says 202 before the card is posted, so what is wrong with the card is in `unseen`. 413 has been seen
 * from some 21 KB on; cards may be of version 1.5 at most, and only `Action.OpenUrl` works.
 */
export function teamsTarget(): Target {
  const key = 'teamsHunter2';
  return {
    path: `/workflows/0a1b/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers&sv=1.0&sig=${key}`,
    secrets: [key],
    limited: limitedByHeader,
    answer({ method, url, body }) {
      demand(method === 'POST', { status: 405 });
      demand(url.searchParams.get('sig') === key, {
        status: 401,
        body: { error: { code: 'DirectApiAuthorizationRequired', message: 'no' } },
      });
      demand(Buffer.byteLength(body) < 21_000, { status: 413 });
      const message = JSON.parse(body) as {
        type: string;
        attachments: Array<{ contentType: string; content: Record<string, unknown> }>;
      };
      const unseen = problemWith(message);
      return { status: 202, ...(unseen === undefined ? {} : { unseen }) };
    },
  };
}

function problemWith(message: {
  type: string;
  attachments: Array<{ contentType: string; content: Record<string, unknown> }>;
}): string | undefined {
  const [attachment] = message.attachments;
  if (message.type !== 'message' || message.attachments.length !== 1) return 'wanted one attachment of a message';
  if (attachment!.contentType !== 'application/vnd.microsoft.card.adaptive') return 'wanted an Adaptive Card';
  const { type, version, body, actions = [] } = attachment!.content;
  if (type !== 'AdaptiveCard' || !/^1\.[0-5]$/.test(String(version))) return 'wanted a card of version 1.5 at most';
  if (!(actions as Array<{ type: string }>).every((action) => action.type === 'Action.OpenUrl'))
    return 'wanted no action but OpenUrl';
  return (body as Element[]).map(problemWithElement).find((problem) => problem !== undefined);
}

function problemWithElement({ type, text, items, facts }: Element): string | undefined {
  switch (type) {
    case 'TextBlock':
      return typeof text === 'string' && text !== '' ? undefined : 'wanted a text in a TextBlock';
    case 'Container':
      return (items ?? []).map(problemWithElement).find((problem) => problem !== undefined);
    case 'FactSet':
      return (facts ?? []).length > 0 ? undefined : 'wanted facts';
    default:
      return `wanted a known element, got ${type}`;
  }
}
