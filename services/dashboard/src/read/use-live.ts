import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReadError } from './read';
import { onNews, pollMs } from './stream';

/** What was read last, and what has gone wrong since. Old figures stay on the page while a new reading fails. */
export interface Live<Answer> {
  answer: Answer | undefined;
  problem: ReadError | undefined;
  /** Reads again at once. */
  retry: () => void;
}

/** However much there is to tell, a page is not read more often than this. */
const LEAST_PAUSE_MS = 1_000;
/** What failed is tried again so soon, whether or not the stream still speaks. */
const AFTER_FAILURE_MS = 5_000;

/** Reads now and whenever there is news, as long as the page can be seen; begins again when `key` changes. */
export function useLive<Answer>(key: string, load: (signal: AbortSignal) => Promise<Answer>): Live<Answer> {
  const [state, setState] = useState<{ key: string; answer?: Answer; problem?: ReadError }>({ key });
  const [attempt, setAttempt] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    const got = (answer: Answer) =>
      setState((before) => ({ key, answer: before.key === key ? keep(before.answer, answer) : answer }));
    const failed = (problem: ReadError) =>
      setState((before) => ({ key, answer: before.key === key ? before.answer : undefined, problem }));
    return readAgainAndAgain((signal) => loader.current(signal), got, failed);
  }, [key, attempt]);

  const current = state.key === key ? state : { answer: undefined, problem: undefined };
  return { answer: current.answer, problem: current.problem, retry: () => setAttempt((count) => count + 1) };
}

/** Returns how to end it. */
function readAgainAndAgain<Answer>(
  load: (signal: AbortSignal) => Promise<Answer>,
  got: (answer: Answer) => void,
  failed: (problem: ReadError) => void,
): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let newsCame = false;
  let hasFailed = false;
  const readIn = (pauseMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(read, pauseMs);
  };
  const read = () => {
    if (document.hidden || isReading) return;
    isReading = true;
    newsCame = false;
    void load(stop.signal)
      .then(
        (answer) => {
          hasFailed = false;
          if (!stop.signal.aborted) got(answer);
        },
        (problem: ReadError) => {
          hasFailed = true;
          if (!stop.signal.aborted) failed(problem);
        },
      )
      .finally(() => {
        isReading = false;
        if (!stop.signal.aborted) readIn(newsCame ? LEAST_PAUSE_MS : hasFailed ? AFTER_FAILURE_MS : pollMs());
      });
  };
  const hear = () => {
    if (isReading) newsCame = true;
    else readIn(LEAST_PAUSE_MS);
  };
  const see = () => {
    if (!document.hidden) read();
  };
  const deafen = onNews(hear);
  document.addEventListener('visibilitychange', see);
  read();
  return () => {
    stop.abort();
    clearTimeout(timer);
    deafen();
    document.removeEventListener('visibilitychange', see);
  };
}

/** The same figures stay the same object, so that nothing is drawn again. */
function keep<Answer>(before: Answer | undefined, now: Answer): Answer {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
