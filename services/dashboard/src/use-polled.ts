import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReadError } from './read';

/** What was read last, and what has gone wrong since. Old figures stay on the page while a new reading fails. */
export interface Polled<Answer> {
  answer: Answer | undefined;
  problem: ReadError | undefined;
  retry: () => void;
}

const POLL_MS = 5_000;

/** Reads now and every few seconds while the page can be seen; begins again when `key` changes. */
export function usePolled<Answer>(key: string, load: (signal: AbortSignal) => Promise<Answer>): Polled<Answer> {
  const [state, setState] = useState<{ key: string; answer?: Answer; problem?: ReadError }>({ key });
  const [attempt, setAttempt] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const again = () => {
      timer = setTimeout(run, POLL_MS);
    };
    const run = () => {
      if (document.hidden) return again();
      loader.current(stop.signal).then(
        (answer) => {
          if (stop.signal.aborted) return;
          setState((before) => ({ key, answer: before.key === key ? keep(before.answer, answer) : answer }));
          again();
        },
        (problem: ReadError) => {
          if (stop.signal.aborted) return;
          setState((before) => ({ key, answer: before.key === key ? before.answer : undefined, problem }));
          again();
        },
      );
    };
    run();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, attempt]);

  const current = state.key === key ? state : { answer: undefined, problem: undefined };
  return { answer: current.answer, problem: current.problem, retry: () => setAttempt((count) => count + 1) };
}

/** The same figures stay the same object, so that nothing is drawn again. */
function keep<Answer>(before: Answer | undefined, now: Answer): Answer {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
