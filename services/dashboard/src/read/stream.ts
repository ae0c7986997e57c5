import { useSyncExternalStore } from 'preact/compat';
import type { Status } from './answers';

/** `live`: changes are told as they happen. `lost`: they are not; pages are read every few seconds instead. */
export type StreamState = 'opening' | 'live' | 'lost';

const LIVE_POLL_MS = 60_000;
const POLL_MS = 5_000;
/** A browser comes back by itself when a connection breaks, but not when it was refused. */
const REOPEN_MS = 10_000;

const changes = new EventTarget();
let state: StreamState = 'opening';
let told: Status | undefined;
let source: EventSource | undefined;
let reopening: ReturnType<typeof setTimeout> | undefined;

/** Listens to the api's stream from now on. Again: begins anew, as after signing in. */
export function openStream(): void {
  source?.close();
  clearTimeout(reopening);
  source = new EventSource('/api/v1/stream');
  source.addEventListener('open', () => become('live'));
  source.addEventListener('incident', () => changes.dispatchEvent(new Event('news')));
  source.addEventListener('status', (event: MessageEvent<string>) => {
    told = JSON.parse(event.data) as Status;
    changes.dispatchEvent(new Event('news'));
    changes.dispatchEvent(new Event('change'));
  });
  source.addEventListener('error', () => {
    become('lost');
    clearTimeout(reopening);
    if (source?.readyState === EventSource.CLOSED) reopening = setTimeout(openStream, REOPEN_MS);
  });
}

/** Nobody listens until it is opened again, as while nobody is signed in. */
export function closeStream(): void {
  source?.close();
  clearTimeout(reopening);
}

function become(next: StreamState): void {
  const was = state;
  state = next;
  if (was === next) return;
  changes.dispatchEvent(new Event('change'));
  // What happened while it was lost is read at once; and when it is lost, the reading takes over.
  if (was !== 'opening' || next === 'lost') changes.dispatchEvent(new Event('news'));
}

/** How long a page waits until it is read again without any news. */
export const pollMs = () => (state === 'live' ? LIVE_POLL_MS : POLL_MS);

/** Calls back when something has changed. Returns how to end it. */
export function onNews(hear: () => void): () => void {
  changes.addEventListener('news', hear);
  return () => changes.removeEventListener('news', hear);
}

const listen = (onChange: () => void) => {
  changes.addEventListener('change', onChange);
  return () => changes.removeEventListener('change', onChange);
};

export const useStreamState = () => useSyncExternalStore(listen, () => state);
/** What the stream told of the store last. */
export const useToldStatus = () => useSyncExternalStore(listen, () => told);
