/** What came of one attempt. `detail` is for people: short, printable, without addresses or secrets. */
export type Answer =
  | {
      kind: 'delivered';
      status: number;
      detail: string;
      /** What the next request about the same incident is to be given as `earlier`. To be stored with the delivery. */
      messageId?: string;
    }
  | { kind: 'retry'; status: number | null; detail: string; retryAfterMs: number | null }
  | { kind: 'rejected'; status: number | null; detail: string }
  | { kind: 'gone'; status: number; detail: string };

/** The receiver has no longer the message that was to be followed. `send` then tries what the request has as `instead`. */
export interface Lost {
  kind: 'lost';
  status: number;
  detail: string;
}

/** What a receiver answered: the part of it that is read. */
export interface Reply {
  status: number;
  retryAfter: string | undefined;
  /** The first 64 kB at most. */
  body: string;
}

/** Statuses below 500 that heal by themselves: time-outs, conflicts, locks and limits. */
const passing = new Set([408, 409, 423, 425, 429]);

/**
 * What a status says at a receiver of which nothing else is known. 404 is tried again, as the receiver may just be being
 * replaced; a kind that knows better looks at the reply first.
 */
export function byStatus({ status, body, retryAfter }: Reply, now: Date): Answer {
  const detail = `answered ${status}${errorWord(body)}`;
  if (status >= 200 && status < 300) return { kind: 'delivered', status, detail };
  if (status === 410) return { kind: 'gone', status, detail };
  if (status >= 500 || passing.has(status) || status === 404)
    return { kind: 'retry', status, detail, retryAfterMs: retryAfterMs(retryAfter, now) };
  return { kind: 'rejected', status, detail: status < 400 ? `${detail}, and redirects are not followed` : detail };
}

/** Slack says what was wrong in one word such as `invalid_blocks`; any other body may repeat the address and is not shown. */
function errorWord(body: string): string {
  return /^[a-z]+(_[a-z]+)+$/.test(body) && body.length <= 60 ? ` ${body}` : '';
}

/** A field of a JSON body; undefined where the body is something else. */
export function fieldIn(body: string, field: string): unknown {
  try {
    const parsed = JSON.parse(body) as unknown;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[field] : undefined;
  } catch {
    return undefined;
  }
}

/** An error's name in a JSON body, such as `WorkflowTriggerIsNotEnabled`; undefined where it could be anything else. */
export function wordIn(body: string, field: string, inner?: string): string | undefined {
  const outer = fieldIn(body, field);
  const word = inner === undefined ? outer : (outer as Record<string, unknown> | null | undefined)?.[inner];
  return typeof word === 'string' && /^[A-Za-z]+([._][A-Za-z]+)*$/.test(word) && word.length <= 60 ? word : undefined;
}

/** The longer of what the header and the body say in seconds of when to come again. */
export function laterRetry(answer: Answer, seconds: unknown): Answer {
  if (answer.kind !== 'retry' || typeof seconds !== 'number' || !(seconds >= 0)) return answer;
  return { ...answer, retryAfterMs: Math.max(answer.retryAfterMs ?? 0, Math.ceil(seconds * 1000)) };
}

/** `Retry-After` in its two forms, seconds or an HTTP date; null when it is missing or makes no sense. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) || !/^[A-Za-z]{3}, /.test(header) ? null : Math.max(0, at - now.getTime());
}
