import { Webhook } from 'standardwebhooks';
import { demand, limitedByHeader, type StandInRequest, type Target } from '../target';

/** A program that lets the reference implementation of Standard Webhooks judge each request. */
export function webhookTarget(): Target {
  return signed('/in/webhookHunter2', () => ({ status: 200, body: 'ok' }));
}

/** A release pipeline. It takes what it is asked for unless it has no such action. */
export function rolloutTarget(): Target {
  return signed('/pipeline/rolloutHunter2', ({ body }) => {
    const { data } = JSON.parse(body) as { data: { action: string; update_version?: string } };
    const isKnown = ['halt', 'roll_back', 'resume', 'none'].includes(data.action);
    demand(isKnown, { status: 422, body: { accepted: false, detail: 'no such action' } });
    return { status: 200, body: { accepted: true, detail: `${data.action} of ${data.update_version} begun` } };
  });
}

/** Two secrets, as while they are changed: the receiver knows the older one only. */
function signed(path: string, answer: Target['answer']): Target {
  const [newer, older] = [8, 7].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string];
  const judge = new Webhook(older);
  return {
    path,
    settings: { secrets: [newer, older] },
    secrets: [path.split('/').at(-1)!, newer, older],
    limited: limitedByHeader,
    answer(request) {
      demand(request.method === 'POST' && request.url.pathname === path, { status: 404 });
      demand(isGenuine(judge, request), { status: 401 });
      return answer(request);
    },
  };
}

function isGenuine(judge: Webhook, { headers, body }: StandInRequest): boolean {
  try {
    judge.verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
