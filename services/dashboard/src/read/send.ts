import { ReadError, answerOf } from './read';

/** No answer within this time counts as none. */
const TIMEOUT_MS = 20_000;

/**
 * Sends what somebody does. `key` names this one wish: sent again with the same key it counts once, so that a second try
 * after no answer does no harm. @throws ReadError with the detail of the problem.
 */
export async function send(path: string, body: object, key: string): Promise<void> {
  const response = await fetch(`/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new ReadError('The api does not answer: whether it was taken is not known. Try again.', undefined);
  });
  await answerOf(response);
}

/** A name for one wish; good enough wherever it is served from, since `randomUUID` wants a secure address. */
export const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
