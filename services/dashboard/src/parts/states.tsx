import type { ReadError } from '../read/read';

export function Loading() {
  return (
    <div class="loading" role="status">
      <h1 class="visually-hidden">Reading the figures</h1>
      <div class="bone strip-bone" />
      <div class="bone card-bone" />
      <div class="bone card-bone" />
    </div>
  );
}

/** Nothing could be read at all. */
export function Failed({ problem, retry }: { problem: ReadError; retry: () => void }) {
  return (
    <section class="card notice" role="alert">
      <h1>The figures cannot be read</h1>
      <p>{problem.message}</p>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </section>
  );
}

/** Older figures are shown, since the last reading failed. */
export function Stale({ problem, retry }: { problem: ReadError; retry: () => void }) {
  return (
    <div class="stale" role="status">
      <span>
        <strong>These figures are old.</strong> {problem.message}
      </span>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Nothing has arrived yet: what would be seen, and from where. */
export function NothingYet() {
  return (
    <section class="card notice">
      <h2>Nothing has arrived yet</h2>
      <p>
        Ringwatch watches the Kafka topics <code>bugchecks</code>, <code>updates</code>, <code>installs</code> and{' '}
        <code>heartbeats</code>. As soon as an event is stored, its crashes, updates and incidents show here.
      </p>
    </section>
  );
}
