import { become } from './session';

/** What the api said instead of an answer, or that it said nothing. */
export class ReadError extends Error {
  constructor(
    message: string,
    readonly status: number | undefined,
  ) {
    super(message);
  }
}

type Values = Record<string, string | number | readonly string[] | undefined>;

/** No answer within this time counts as none. */
const TIMEOUT_MS = 15_000;

/** Reads one answer. @throws ReadError with the detail of the problem. */
export async function read<Answer>(path: string, values: Values = {}, signal?: AbortSignal): Promise<Answer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const one of value === undefined ? [] : [value].flat()) query.append(name, String(one));
  const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  const response = await fetch(`/api/v1/${path}?${query}`, { signal: AbortSignal.any(limits) }).catch(
    (error: Error) => {
      if (signal?.aborted) throw error;
      throw new ReadError('The api does not answer.', undefined);
    },
  );
  return answerOf<Answer>(response);
}

/** What a response says. @throws ReadError with the detail of the problem, where it is one. */
export async function answerOf<Answer>(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as Answer;
  const { detail } = (body ?? {}) as { detail?: string };
  if (response.status === 401) become('out');
  throw new ReadError(detail ?? `The api answered ${response.status}.`, response.status);
}
