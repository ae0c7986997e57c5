import { useSyncExternalStore } from 'preact/compat';

const moved = 'ringwatch-moved';

function listen(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange);
  window.addEventListener(moved, onChange);
  return () => {
    window.removeEventListener('popstate', onChange);
    window.removeEventListener(moved, onChange);
  };
}

/** The address that is shown, without its host. */
export const useAddress = () => new URL(useSyncExternalStore(listen, () => window.location.href));

/** Shows another address, with no reload. */
export function go(to: string, { replace = false } = {}): void {
  window.history[replace ? 'replaceState' : 'pushState'](null, '', to);
  window.dispatchEvent(new Event(moved));
}

/** The same address with other parameters; an empty one is left out. */
export function addressWith(address: URL, parameters: Record<string, string | readonly string[] | undefined>): string {
  const search = new URLSearchParams(address.search);
  for (const [name, value] of Object.entries(parameters)) {
    search.delete(name);
    for (const one of [value ?? []].flat()) if (one !== '') search.append(name, one);
  }
  const query = search.toString();
  return query === '' ? address.pathname : `${address.pathname}?${query}`;
}

/** Changes parameters of the address that is shown: what a page shows can always be shared. */
export function choose(parameters: Record<string, string | readonly string[] | undefined>): void {
  go(addressWith(new URL(window.location.href), parameters), { replace: true });
}

export const pathOf = {
  update: (channel: string, version: string) =>
    `/updates/${encodeURIComponent(channel)}/${encodeURIComponent(version)}`,
  incident: (id: string) => `/incidents/${encodeURIComponent(id)}`,
  driver: (name: string) => `/drivers/${encodeURIComponent(name)}`,
};
