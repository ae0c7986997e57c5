import { readFileSync } from 'node:fs';
import { UnreachableError } from '../connections';
import type { Environment } from '../cli';

/** Where the api is, and what one shows to it. */
const DEFAULT_URL = 'http://127.0.0.1:8080';
const TIMEOUT_MS = 30_000;

/** A query: a value that is undefined is left out, a list is repeated. */
export type Query = Record<string, string | number | readonly string[] | undefined>;

/** The api said no: its words, and what to do about it. Exit code 2. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Asks the api. @throws UnreachableError where nobody answers, RefusedError where the answer is a problem */
export class ApiClient {
  private readonly url: string;
  private readonly key: string | undefined;

  constructor(env: Environment) {
    this.url = (env['RINGWATCH_URL'] ?? DEFAULT_URL).replace(/\/+$/, '');
    if (!URL.canParse(this.url) || !/^https?:/.test(this.url))
      throw new UnreachableError(
        `RINGWATCH_URL: wanted the address of the api such as ${DEFAULT_URL}, got "${this.url}"`,
      );
    this.key = readKey(env);
  }

  async get<Answer>(path: string, query: Query = {}): Promise<Answer> {
    return (await this.ask('GET', pathWith(path, query))).json() as Promise<Answer>;
  }

  /** An answer as text, as it came. */
  async text(path: string, query: Query = {}): Promise<string> {
    return (await this.ask('GET', pathWith(path, query))).text();
  }

  async post<Answer>(path: string, body: object): Promise<Answer> {
    return (await this.ask('POST', path, body)).json() as Promise<Answer>;
  }

  /** Each row of all pages, one after the other; `name` is the list in the answer. */
  async *pages<Row>(path: string, name: string, query: Query = {}): AsyncGenerator<Row> {
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const page: Record<string, unknown> = await this.get(path, { ...query, cursor });
      yield* page[name] as Row[];
      cursor = (page['next_cursor'] as string | null | undefined) ?? null;
    }
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(`${this.url}/api/v1/${path}`, {
        method,
        headers: {
          ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
    } catch (cause) {
      const why = ((cause as Error).cause as Error | undefined)?.message ?? (cause as Error).message;
      throw new UnreachableError(`the api at ${this.url} does not answer: ${why}. RINGWATCH_URL says where it is.`, {
        cause,
      });
    }
    if (!answer.ok) throw await this.refusal(answer);
    return answer;
  }

  private async refusal(answer: Response): Promise<RefusedError> {
    const text = await answer.text();
    const problem = problemIn(text);
    const errors = (problem?.errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`).join('');
    const hint =
      answer.status === 401 || answer.status === 403 ? ' RINGWATCH_KEY (or RINGWATCH_KEY_FILE) holds the API key.' : '';
    return new RefusedError(
      answer.status,
      `the api answered ${answer.status}: ${problem?.detail ?? problem?.title ?? answer.statusText}.${errors}${hint}`,
    );
  }
}

function readKey(env: Environment): string | undefined {
  const [key, file] = [env['RINGWATCH_KEY'], env['RINGWATCH_KEY_FILE']];
  if (key !== undefined || file === undefined) return key;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UnreachableError(`RINGWATCH_KEY_FILE: wanted a file that can be read, got "${file}"`);
  }
}

function pathWith(path: string, query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [value]) given.append(name, String(each));
  }
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

function problemIn(
  text: string,
): { title?: string; detail?: string; errors?: Array<{ path: string; message: string }> } | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
