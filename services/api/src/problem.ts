import { z } from 'zod';

/** One thing that is wrong with a request: where, and what was wanted and got. */
export interface ProblemError {
  path: string;
  code: string;
  message: string;
}

const kinds = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A key is wanted' },
  forbidden: { status: 403, title: 'It is not allowed' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The method is not allowed' },
  conflict: { status: 409, title: 'It does not go with how things stand' },
  gate_closed: { status: 409, title: 'The rollout may not go on' },
  too_slow: { status: 408, title: 'The request took too long' },
  headers_too_large: { status: 431, title: 'The address or the headers are too large' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  misdirected: { status: 421, title: 'The name of this server is another' },
  too_costly: { status: 422, title: 'The question is too large' },
  key_reused: { status: 422, title: 'The Idempotency-Key was used for something else' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  client_gone: { status: 499, title: 'The client has gone' },
  too_many_streams: { status: 503, title: 'Too many clients listen' },
  store_unavailable: { status: 503, title: 'The store does not answer' },
  broker_unavailable: { status: 503, title: 'Kafka does not answer' },
  internal: { status: 500, title: 'The service failed' },
} as const;
export type ProblemKind = keyof typeof kinds;

/** An answer other than the one asked for. What it says reaches the client; its `cause` reaches only the log. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly more: { errors?: ProblemError[]; cause?: unknown; members?: Record<string, unknown> } = {},
  ) {
    super(detail, { cause: more.cause });
    this.status = kinds[kind].status;
    this.title = kinds[kind].title;
  }
}

/** The problem as RFC 9457 wants it. `instance` is the address that was asked for. */
export function problemDetails(problem: Problem, instance: string) {
  const { kind, title, status, message, more } = problem;
  return {
    type: `urn:ringwatch:problem:${kind}`,
    title,
    status,
    detail: message,
    instance,
    ...(more.errors && { errors: more.errors }),
    ...more.members,
  };
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    verdict: z.enum(['go', 'hold', 'halt']).optional().meta({ description: 'the verdict that keeps a gate closed' }),
    reason: z.string().optional().meta({ description: 'why, in one word, where a gate is closed' }),
  })
  .meta({
    description: 'An error as RFC 9457 describes it. `errors` names each parameter that is wrong.',
    examples: [
      {
        type: 'urn:ringwatch:problem:invalid_request',
        title: 'The request is not valid',
        status: 400,
        detail: 'bucket: wanted a width such as 60s, 5m, 1h or 1d, got "often"',
        instance: '/api/v1/aggregates?bucket=often',
        errors: [
          {
            path: 'bucket',
            code: 'invalid_format',
            message: 'wanted a width such as 60s, 5m, 1h or 1d, got "often"',
          },
        ],
      },
    ],
  });

/** Longest part of a wrong value that is shown again. */
const SHOWN_CHARACTERS = 80;

/** Says of each parameter that failed what was wanted and what came. */
export function invalidRequest(error: z.ZodError, given: unknown): Problem {
  const errors = error.issues.flatMap((issue) => problemErrors(issue, given));
  return new Problem('invalid_request', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    errors,
  });
}

function problemErrors(issue: z.core.$ZodIssue, given: unknown): ProblemError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: key, code: issue.code, message: 'there is no such parameter' }));
  const path = String(issue.path[0] ?? '');
  // A list may have come as one text with commas in it: then the text is shown, not one of its letters.
  const got = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : value,
    given,
  );
  const shown = (JSON.stringify(got) ?? 'nothing').slice(0, SHOWN_CHARACTERS);
  return [{ path, code: issue.code, message: `${issue.message}, got ${shown}` }];
}
